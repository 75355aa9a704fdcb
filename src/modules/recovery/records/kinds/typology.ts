import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Words } from '../kind.ts'

export const patterns = ['sex', 'love', 'both', 'avoidance', 'undetermined'] as const

/** keys: pattern. */
export const typology = defineKind({
  kind: 'typology',
  name: 'RecoveryTypology',
  title: 'Typology',
  about: 'Which pattern is considered: sex, love, both, or avoidance. The client agrees to it, or not.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      pattern: OneOf(patterns),
      evidence: Type.Optional(Words(2_000, 'What speaks for it.')),
    },
    'A typology that is considered.',
    { pattern: 'undetermined', evidence: 'Too early to say (fictional).' },
  ),
  steps: {
    considered: ['agreed', 'set_aside'],
    agreed: ['considered', 'set_aside'],
    set_aside: ['considered'],
  },
  over: ['set_aside'],
  indexed: ({ pattern }) => ({ keys: [pattern] }),
})
