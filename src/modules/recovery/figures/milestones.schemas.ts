import { Type } from 'typebox'
import { CalendarDate, component, OneOf, strictObject } from '../../../lib/schemas.ts'

export const milestoneExample = { unit: 'days' as const, count: 30, on: '2026-02-04', reached: false }

export const Milestone = component(
  'RecoveryMilestone',
  strictObject(
    {
      unit: OneOf(['days', 'years'] as const),
      count: Type.Integer({ minimum: 1 }),
      on: CalendarDate('The day on which it is reached: day 30 is the thirtieth day.', milestoneExample.on),
      reached: Type.Boolean(),
    },
    { description: 'A number of days or years.', examples: [milestoneExample] },
  ),
)
