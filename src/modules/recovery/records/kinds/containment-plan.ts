import { Type } from 'typebox'
import { OneOf, strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, WordList, Words } from '../kind.ts'

/** In these the plan holds. A breach ends the days intact; what follows it is a decision, not a rule. */
export const containmentInForce = ['active', 'revised', 'stepped_down'] as const

/** measures: access blocks in all, access blocks in place. */
export const containmentPlan = defineKind({
  kind: 'containment_plan',
  name: 'RecoveryContainmentPlan',
  title: 'Containment plan',
  about: 'What keeps the client safe while skills grow. One plan of a chart is in force.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      behaviorsToStop: WordList(30, 200, 'What stops now.'),
      accessBlocks: Type.Array(
        strictObject({
          what: OneOf(['device', 'account', 'cash', 'place', 'person', 'other'] as const),
          action: Words(300, 'What is done.'),
          inPlace: Flag('Whether it is done.'),
        }),
        { maxItems: 30 },
      ),
      accountability: WordList(20, 100, 'Who is called, as the client calls them.'),
      schedule: Type.Optional(Words(2_000, 'The structure of days and weeks.')),
      highRiskWindows: Type.Optional(WordList(20, 200, 'When it is hardest.')),
      ifThen: Type.Optional(
        Type.Array(strictObject({ when: Words(300, 'The situation.'), do: Words(300, 'The step.') }), {
          maxItems: 30,
        }),
      ),
      medicalCheck: Type.Optional(OneOf(['not_needed', 'recommended', 'done'] as const)),
      crisisLine: Type.Optional(Words(200, 'Whom to call in a crisis.')),
      sharedWithPartner: Type.Optional(Flag('Whether the partner knows a version of it.')),
    },
    'A containment plan.',
    {
      behaviorsToStop: ['Being online alone at night (fictional)'],
      accessBlocks: [{ what: 'device', action: 'The laptop stays in the kitchen.', inPlace: true }],
      accountability: ['Alex'],
      schedule: 'In bed by eleven, breakfast with somebody.',
      highRiskWindows: ['Sunday evening'],
      ifThen: [{ when: 'Alone at home after nine', do: 'Call Alex' }],
      medicalCheck: 'not_needed',
      crisisLine: '988',
      sharedWithPartner: false,
    },
  ),
  steps: {
    draft: ['active', 'archived'],
    active: ['active', 'breached', 'revised', 'stepped_down', 'archived'],
    breached: ['active', 'revised', 'archived'],
    revised: ['revised', 'breached', 'stepped_down', 'archived'],
    stepped_down: ['stepped_down', 'active', 'revised', 'breached', 'archived'],
    archived: [],
  },
  over: ['archived'],
  reasons: { breached: ['device', 'account', 'cash', 'place', 'person', 'substance', 'schedule', 'other'] },
  reviewOn: 'The next review. A step to the status it has already is a review.',
  portal: 'read',
  oneIn: [...containmentInForce, 'breached'],
  indexed: ({ accessBlocks }) => ({
    measures: [accessBlocks.length, accessBlocks.filter(({ inPlace }) => inPlace).length],
  }),
})
