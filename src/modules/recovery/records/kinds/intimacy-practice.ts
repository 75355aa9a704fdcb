import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** keys: step. measures: felt safety, the partner's rating. */
export const intimacyPractice = defineKind({
  kind: 'intimacy_practice',
  name: 'RecoveryIntimacyPractice',
  title: 'Intimacy practice',
  about: 'A practice of one day: validating, letting go of control, opening up.',
  dataClass: 'clinical',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      step: OneOf(['validate', 'release_control', 'open_up', 'custom'] as const),
      action: Words(500, 'What was done.'),
      feltSafety: Rating(0, 10, 'How safe it felt.'),
      partnerRating: Type.Optional(Rating(0, 10, 'How the partner felt it.')),
      reflection: Type.Optional(Words(1_000, 'In short.')),
    },
    'An intimacy practice.',
    {
      step: 'validate',
      action: 'Listened for ten minutes (fictional).',
      feltSafety: 7,
      reflection: 'It was easier than last week.',
    },
  ),
  steps: {
    introduced: ['practicing'],
    practicing: ['introduced', 'integrated'],
    integrated: ['practicing'],
  },
  portal: 'write',
  indexed: ({ step, feltSafety, partnerRating }) => ({
    keys: [step],
    measures: [feltSafety, partnerRating ?? null],
  }),
})
