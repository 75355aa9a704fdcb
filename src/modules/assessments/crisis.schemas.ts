import { type Static, Type } from 'typebox'
import { component, strictObject } from '../../lib/schemas.ts'
import contactsByCountry from './crisis-contacts.json' with { type: 'json' }

export const exampleCrisis = contactsByCountry.US

export const Crisis = component(
  'CrisisSupport',
  strictObject(
    {
      text: Type.String(),
      contacts: Type.Array(strictObject({ name: Type.String(), reach: Type.String() })),
      source: Type.String(),
    },
    {
      description:
        'What a front-end must show at once with such an answer, by the jurisdiction of the practice. It comes with the answer and depends on nobody.',
      examples: [exampleCrisis],
    },
  ),
)

export type Crisis = Static<typeof Crisis>
