import { type Static, Type } from 'typebox'
import { CalendarDate, component, OneOf, strictObject } from '../../../../lib/schemas.ts'
import { consequenceDomains } from '../kinds/consequence.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })

const wasExample = { active: 2, beingRepaired: 0, resolved: 0, bySeverity: [0, 0, 1, 1, 0], burden: 5 }
const isExample = { active: 0, beingRepaired: 1, resolved: 1, bySeverity: [0, 1, 0, 0, 0], burden: 1 }

const ConsequenceStanding = component(
  'ConsequenceStanding',
  strictObject(
    {
      active: count('How many.'),
      beingRepaired: count('How many.'),
      resolved: count('How many.'),
      bySeverity: Type.Array(count('How many.'), {
        minItems: 5,
        maxItems: 5,
        description: 'Of those that are not resolved, by severity from 0 to 4.',
      }),
      burden: count('Of those that are not resolved: the severities together.'),
    },
    { description: 'How consequences stood on a day.', examples: [wasExample] },
  ),
)

const compared = {
  before: ConsequenceStanding,
  after: ConsequenceStanding,
  burdenChange: Type.Integer({ description: 'Burden after less burden before: less than 0 is relief.' }),
}
const comparedExample = { before: wasExample, after: isExample, burdenChange: -4 }

export const ConsequenceComparison = component(
  'ConsequenceComparison',
  strictObject(
    {
      before: CalendarDate('The earlier day.', '2026-01-05'),
      after: CalendarDate('The later day.', '2026-07-05'),
      domains: Type.Array(
        strictObject({
          domain: OneOf(consequenceDomains, { description: 'Domain of life.' }),
          ...compared,
        }),
        { description: 'Domains that have a consequence on either day.' },
      ),
      together: strictObject(compared),
    },
    {
      description: 'Consequences on two days, from what the reader may see.',
      examples: [
        {
          before: '2026-01-05',
          after: '2026-07-05',
          domains: [{ domain: 'financial', ...comparedExample }],
          together: comparedExample,
        },
      ],
    },
  ),
)

export const ComparisonQuery = strictObject({
  before: CalendarDate('The earlier day.', '2026-01-05'),
  after: Type.Optional(CalendarDate('The later day, not in the future; today when left out.', '2026-01-06')),
})

export type ConsequenceComparison = Static<typeof ConsequenceComparison>
export type ComparisonQuery = Static<typeof ComparisonQuery>
