import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { component, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { blockCategories } from '../records/kinds/block.ts'
import { patterns } from '../records/kinds/typology.ts'

const Count = (description: string) =>
  Nullable(
    Type.Integer({
      description: `${description} Null where it, or what it leaves over, would tell of fewer than five.`,
    }),
  )

const Smallest = Type.Integer({ description: 'No count below this is told.' })

const exampleRow = {
  category: 'shame' as const,
  clients: 24,
  open: 15,
  withoutObjective: 6,
  leftEarly: 7,
}

export const BlockCohort = component(
  'BlockCohort',
  strictObject(
    {
      smallestCount: Smallest,
      clients: Count('Everybody with a chart of their own.'),
      leftEarly: Count('Of those: who is no longer in care because they asked, or could not be reached.'),
      rows: Type.Array(
        strictObject({
          category: OneOf(blockCategories),
          clients: Type.Integer({ description: 'Who has or had such a block.' }),
          open: Count('Of those: who has an open one, in an open chart.'),
          withoutObjective: Count(
            'Of those: who has an open one that the treatment plan in force has no objective for. It should be nobody.',
          ),
          leftEarly: Count('Of all who have or had such a block: who left early.'),
        }),
        { description: 'The most common first; what too few have, or nearly everybody has, is left out.' },
      ),
    },
    {
      description:
        'Blocks to treatment in the whole practice, without names. Restricted ones, as about the law, are not counted.',
      examples: [{ smallestCount: limits.smallestCount, clients: 120, leftEarly: 21, rows: [exampleRow] }],
    },
  ),
)

export const TypologyCohort = component(
  'TypologyCohort',
  strictObject(
    {
      smallestCount: Smallest,
      clients: Nullable(
        Type.Integer({
          description: 'In care, with a pattern considered or agreed; null when there are fewer.',
        }),
      ),
      patterns: strictObject(
        Object.fromEntries(patterns.map(pattern => [pattern, Count('With this pattern.')])) as Record<
          (typeof patterns)[number],
          ReturnType<typeof Count>
        >,
      ),
    },
    {
      description: 'The mix of patterns in the whole practice, without names.',
      examples: [
        {
          smallestCount: limits.smallestCount,
          clients: 40,
          patterns: { sex: 20, love: null, both: 12, avoidance: null, undetermined: null },
        },
      ],
    },
  ),
)

export type BlockCohort = Static<typeof BlockCohort>
export type TypologyCohort = Static<typeof TypologyCohort>
