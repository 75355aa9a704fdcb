import { type Static, Type } from 'typebox'
import { component, Id, strictObject } from '../../../lib/schemas.ts'
import { exampleIds } from '../documents/documents.schemas.ts'
import { HarmReductionFigures } from '../records/figures/insights.schemas.ts'

const days = (description: string) => Type.Integer({ minimum: 0, description })

export const BehaviorFigures = component(
  'BehaviorFigures',
  strictObject(
    {
      behaviorId: Id('The behavior.', exampleIds.behavior),
      lapseDaysLast28Days: days('Days with a lapse that names it; today is one of the 28.'),
      lapseDaysPrevious28Days: days('The same of the 28 days before.'),
      harmReduction: Type.Array(HarmReductionFigures, {
        description: 'Its running harm-reduction goals, each against its baseline.',
      }),
    },
    {
      description: 'How a behavior has gone lately. Restricted, as behaviors are.',
      examples: [
        {
          behaviorId: exampleIds.behavior,
          lapseDaysLast28Days: 1,
          lapseDaysPrevious28Days: 3,
          harmReduction: [],
        },
      ],
    },
  ),
)

export type BehaviorFigures = Static<typeof BehaviorFigures>
