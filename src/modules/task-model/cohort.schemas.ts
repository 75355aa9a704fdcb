import { type Static, Type } from 'typebox'
import { component, Id, Nullable, strictObject } from '../../lib/schemas.ts'
import { exampleIds as ids } from './schema-examples.ts'

/** Fewer people than this are not summed up: a median of few tells of each. */
export const smallestCohort = 5

const Median = (description: string) =>
  Nullable(
    Type.Number({ description: `${description} Null where fewer than ${smallestCohort} journeys say it.` }),
  )

export const CohortFigures = component(
  'CohortFigures',
  strictObject(
    {
      templateId: Id('The template.', ids.template),
      number: Type.Integer({ minimum: 1, description: 'Its version.' }),
      smallestCohort: Type.Integer({ description: 'Nothing is told of fewer journeys than this.' }),
      journeys: Nullable(
        Type.Integer({ description: 'Journeys under this version; null when there are fewer.' }),
      ),
      tasks: Type.Array(
        strictObject({
          key: Type.String(),
          label: Type.String(),
          signedOffIn: Nullable(
            Type.Integer({ description: 'Journeys in which it was ever signed off; null when fewer.' }),
          ),
          medianDaysToSignOff: Median('From the first day of the journey to the first sign-off.'),
          medianDaysInWork: Median('From the day work first began to the first sign-off.'),
        }),
        { description: 'In the order of the template.' },
      ),
    },
    {
      description:
        'Medians without names. They say how it went elsewhere, and not how long it ought to take.',
      examples: [
        {
          templateId: ids.template,
          number: 1,
          smallestCohort,
          journeys: 12,
          tasks: [
            {
              key: 'safe_place',
              label: 'Make a safe place',
              signedOffIn: 9,
              medianDaysToSignOff: 41,
              medianDaysInWork: 20.5,
            },
          ],
        },
      ],
    },
  ),
)

export type CohortFigures = Static<typeof CohortFigures>
