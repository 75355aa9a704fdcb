import { type Static, Type } from 'typebox'
import { CalendarDate, Id, OneOf, PageQuery, strictObject } from '../../lib/schemas.ts'
import { openStatuses } from './plans.rules.ts'
import { revision } from './revisions.schemas.ts'
import { exampleIds as ids } from './schema-examples.ts'

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })

export const PlanParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  planId: Id('The plan.', ids.plan),
})

export const RevisionParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  planId: Id('The plan.', ids.plan),
  revision: revision('The revision.'),
})

export const PageOnly = strictObject({ ...PageQuery })

export const DifferenceQuery = strictObject({
  from: revision('The revision to begin with.'),
  to: Type.Optional(revision('The revision to compare it with; the draft when left out.')),
})

export const OpenPlansQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(
    OneOf(openStatuses, {
      description: 'Only these; `client_review`: those that wait for signatures.',
      examples: ['active'],
    }),
  ),
  reviewDueBefore: Type.Optional(
    CalendarDate('Only plans in force whose review is due before this day.', '2027-12-31'),
  ),
})

export type OpenPlansQuery = Static<typeof OpenPlansQuery>
export type PageOnly = Static<typeof PageOnly>
