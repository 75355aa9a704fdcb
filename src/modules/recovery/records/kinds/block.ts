import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

export const blockCategories = [
  'motivational',
  'shame',
  'practical',
  'cognitive',
  'relational',
  'medical_psychiatric',
  'legal',
  'financial',
  'cultural',
  'safety',
  'therapy_interfering',
] as const

/** keys: category. measures: severity. */
export const block = defineKind({
  kind: 'block',
  name: 'RecoveryBlock',
  title: 'Block to treatment',
  about: 'Something that stands in the way of treatment, with a strategy for it.',
  dataClass: 'clinical',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      category: OneOf(blockCategories),
      description: Words(2_000, 'What it is, in short.'),
      severity: Rating(0, 10, 'How much it is in the way.'),
      strategy: Type.Optional(Words(2_000, 'What is to be done about it.')),
    },
    'A block to treatment.',
    {
      category: 'practical',
      description: 'No quiet place for video sessions (fictional).',
      severity: 6,
      strategy: 'Sessions in the office until there is one.',
    },
  ),
  steps: {
    identified: ['addressed_in_plan', 'improving', 'resolved'],
    addressed_in_plan: ['improving', 'resolved'],
    improving: ['addressed_in_plan', 'resolved'],
    resolved: ['recurring'],
    recurring: ['addressed_in_plan', 'improving', 'resolved'],
  },
  over: ['resolved'],
  restrictedWhen: ({ category }) => category === 'legal',
  indexed: ({ category, severity }) => ({ keys: [category], measures: [severity] }),
})
