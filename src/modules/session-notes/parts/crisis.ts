import { Type } from 'typebox'
import { OneOf } from '../../../lib/schemas.ts'
import { content, figure, minutes, several, words } from './fields.ts'
import { missingFields, partKind } from './part.ts'

const steps = [
  'safety_plan_made',
  'safety_plan_reviewed',
  'means_restricted',
  'support_person_called',
  'emergency_services_called',
  'crisis_line_given',
  'higher_level_of_care_arranged',
  'next_contact_agreed',
] as const

const outcomes = [
  'stays_at_home',
  'stays_with_support',
  'voluntary_admission',
  'involuntary_hold',
  'emergency_room',
] as const

const CrisisContent = content({
  presentation: words('What brought it about, and how the client was.'),
  minutesFaceToFace: minutes(
    'Time face to face with the client, which need not be in one piece; the crisis code goes by it',
  ),
  steps: Type.Array(OneOf(steps), { maxItems: 8, uniqueItems: true, description: 'What was done.' }),
  contacted: several(Type.String({ maxLength: 200 }), 'Who else was spoken to, by role.', 10),
  resources: words('What was mobilized, and what the client can hold on to.'),
  outcome: OneOf(outcomes),
  followUp: words('Who looks after it, and when.'),
})

export const crisis = partKind({
  kind: 'crisis',
  version: 1,
  title: 'Crisis',
  about: 'An urgent session: what happened, what was done for safety, and how it was left.',
  source: 'Elements of psychotherapy for crisis as its billing rules describe them; own words.',
  charts: ['individual', 'couple'],
  content: CrisisContent,
  example: {
    presentation: 'Called after a threat to leave (fictional).',
    minutesFaceToFace: 62,
    steps: ['safety_plan_reviewed', 'support_person_called', 'next_contact_agreed'],
    contacted: ['Brother'],
    resources: 'The brother stays tonight; the plan is on the refrigerator.',
    outcome: 'stays_with_support',
    followUp: 'A call tomorrow at nine.',
  },
  missing: part => missingFields(part, ['presentation', 'minutesFaceToFace', 'steps', 'outcome', 'followUp']),
  warnings: ({ steps: done = [] }) =>
    done.some(step => step === 'safety_plan_made' || step === 'safety_plan_reviewed')
      ? []
      : [
          {
            code: 'crisis_without_safety_plan',
            pointer: '/steps',
            detail: 'No safety plan was made or looked at.',
          },
        ],
  figures: ({ minutesFaceToFace }) => figure('crisis_minutes', minutesFaceToFace),
})
