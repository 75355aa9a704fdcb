import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, WordList, Words } from '../kind.ts'

const Mean = (description: string) => Type.Number({ minimum: 1, maximum: 7, description, examples: [3.5] })

/** keys: target, instrument. measures: anxiety, avoidance. */
export const attachment = defineKind({
  kind: 'attachment',
  name: 'RecoveryAttachment',
  title: 'Attachment to one person',
  about:
    'Anxiety and avoidance toward one person. Two dimensions and no category, unless the clinician adds one.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      target: OneOf(['mother', 'father', 'partner', 'best_friend', 'general', 'other'] as const),
      instrument: OneOf(['ecr_r', 'ecr_rs', 'interview'] as const),
      anxiety: Mean('Mean of the anxiety items, 1 to 7.'),
      avoidance: Mean('Mean of the avoidance items, 1 to 7.'),
      clinicianLabel: Type.Optional(Words(60, 'A category, where the clinician wants one.')),
      caregiverHistory: Type.Optional(Words(2_000, 'In short.')),
      injuries: Type.Optional(WordList(20, 200, 'Labels of attachment injuries.')),
    },
    'Attachment to one person on one day.',
    {
      target: 'partner',
      instrument: 'ecr_rs',
      anxiety: 4.2,
      avoidance: 3.1,
      clinicianLabel: 'Anxious',
      caregiverHistory: 'Raised by an aunt (fictional).',
      injuries: ['Left alone when ill (fictional)'],
    },
  ),
  log: true,
  steps: { recorded: [] },
  indexed: ({ target, instrument, anxiety, avoidance }) => ({
    keys: [target, instrument],
    measures: [anxiety, avoidance],
  }),
})
