import { Type } from 'typebox'
import { component, OneOf, strictObject } from '../../lib/schemas.ts'
import { wordsOf } from './words.ts'

export const Words = component(
  'RecoveryWords',
  strictObject(
    {
      goal: Type.String(),
      event: strictObject({ slip: Type.String(), lapse: Type.String(), relapse: Type.String() }),
      dayCount: Type.String(),
      headline: OneOf(['streak', 'events_per_four_weeks'] as const, {
        description: 'Which figure a front-end shows first.',
      }),
    },
    { description: 'Words for what a client is shown, in US English.', examples: [wordsOf.integrated] },
  ),
)
