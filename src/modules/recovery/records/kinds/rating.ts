import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

export const ratingDimensions = [
  'honesty',
  'engagement',
  'progress',
  'empathy',
  'accountability',
  'openness',
] as const

/** keys: rater, dimension. measures: score. */
export const rating = defineKind({
  kind: 'rating',
  name: 'RecoveryRating',
  title: 'Rating',
  about:
    'By the client, a peer or the clinician. Which peer is never kept; peers are shown in aggregate alone. At the portal only what clients say of themselves.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      rater: OneOf(['self', 'peer', 'clinician'] as const),
      dimension: OneOf(ratingDimensions),
      score: Rating(0, 10, 'The rating.'),
      comment: Type.Optional(Words(500, 'In short; it names nobody.')),
    },
    'A rating.',
    { rater: 'self', dimension: 'engagement', score: 6, comment: 'Came to every group (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  portal: 'write',
  isClients: ({ rater }) => rater === 'self',
  indexed: ({ rater, dimension, score }) => ({ keys: [rater, dimension], measures: [score] }),
})
