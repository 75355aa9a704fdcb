import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, listOf, OneOf, PageQuery, strictObject } from '../../../lib/schemas.ts'
import { block, blockCategories } from '../records/kinds/block.ts'

const example = {
  recordId: '019c0000-0000-7000-8000-0000000000b9',
  chartId: '019c0000-0000-7000-8000-0000000000c1',
  members: [{ clientId: '019c0000-0000-7000-8000-0000000000c5', displayName: 'Casey Example' }],
  category: 'shame' as const,
  severity: 6,
  status: 'identified',
  dataClass: 'clinical' as const,
  identifiedOn: '2026-11-02',
}

const UncoveredBlock = component(
  'UncoveredBlock',
  strictObject(
    {
      recordId: Id('The block.', example.recordId),
      chartId: Id('Its chart.', example.chartId),
      members: Type.Array(
        strictObject({
          clientId: Id('The client.', '019c0000-0000-7000-8000-0000000000c5'),
          displayName: Type.String(),
        }),
        { description: 'Whose chart it is.' },
      ),
      category: OneOf(blockCategories),
      severity: Type.Integer({ minimum: 0, maximum: 10 }),
      status: OneOf(block.statuses),
      dataClass: OneOf(['clinical', 'restricted'] as const),
      identifiedOn: CalendarDate('Since when.', example.identifiedOn),
    },
    {
      description: 'An open block that the treatment plan in force has no objective for.',
      examples: [example],
    },
  ),
)

export const UncoveredBlockQuery = strictObject({
  ...PageQuery,
  category: Type.Optional(
    OneOf(blockCategories, { description: 'Only of this category.', examples: ['practical'] }),
  ),
})
export const UncoveredBlockPage = listOf('UncoveredBlockPage', UncoveredBlock)
export type UncoveredBlock = Static<typeof UncoveredBlock>
export type UncoveredBlockQuery = Static<typeof UncoveredBlockQuery>
