import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Words } from '../kind.ts'

/** keys: type. measures: hours a week. */
export const substituteBond = defineKind({
  kind: 'substitute_bond',
  name: 'RecoverySubstituteBond',
  title: 'Substitute for connection',
  about: 'Hours a week spent with what takes the place of connection, from this day on.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      type: OneOf([
        'phone',
        'pornography',
        'gaming',
        'social_media',
        'gambling',
        'substances',
        'work',
        'other',
      ] as const),
      hoursPerWeek: Type.Number({
        minimum: 0,
        maximum: 168,
        description: 'As the client estimates.',
        examples: [9],
      }),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'Hours with a substitute.',
    { type: 'phone', hoursPerWeek: 14, note: 'Mostly after midnight (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  // Which sexual behavior somebody has is for the care team alone.
  restrictedWhen: ({ type }) => type === 'pornography',
  indexed: ({ type, hoursPerWeek }) => ({ keys: [type], measures: [hoursPerWeek] }),
})
