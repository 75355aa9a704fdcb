import { type Static, Type } from 'typebox'
import { component, OneOf, strictObject } from '../../lib/schemas.ts'
import { note } from './session-fields.schemas.ts'

/** Why a telehealth session began without a check-in that fits. */
export const overrideReasons = [
  'temporary_practice_rule',
  'privilege_not_recorded',
  'crisis',
  'recorded_elsewhere',
] as const

export const Override = component(
  'CheckInOverride',
  strictObject(
    {
      reasonCode: OneOf(overrideReasons, {
        description:
          'Why this telehealth session may begin without a check-in that fits. It stays in the history.',
      }),
      note: Type.Optional(note),
    },
    {
      description:
        'A decision to begin a telehealth session although its check-in is missing or does not fit.',
      examples: [{ reasonCode: 'temporary_practice_rule', note: 'Visiting for a week (fictional).' }],
    },
  ),
)

export type Override = Static<typeof Override>
