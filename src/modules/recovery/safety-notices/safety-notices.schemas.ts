import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'

const exampleNotice = {
  clientId: '019c0000-0000-7000-8000-0000000000c5',
  chartId: '019c0000-0000-7000-8000-0000000000c1',
  recordId: '019c0000-0000-7000-8000-0000000000b9',
  finding: 'current_concern' as const,
  jointWork: 'paused' as const,
  screenedOn: '2026-11-20',
  reviewOn: '2026-12-01',
}

export const SafetyNotices = component(
  'SafetyNotices',
  strictObject(
    {
      notices: Type.Array(
        strictObject({
          clientId: Id('The partner who was asked.', exampleNotice.clientId),
          chartId: Id('Their own chart, which the reader may read.', exampleNotice.chartId),
          recordId: Id('The record there.', exampleNotice.recordId),
          finding: OneOf(['none', 'historical', 'current_concern'] as const),
          jointWork: OneOf(['with_care', 'paused', 'not_now'] as const),
          screenedOn: CalendarDate('When.', exampleNotice.screenedOn),
          reviewOn: Nullable(CalendarDate('When it is asked about again.', exampleNotice.reviewOn)),
        }),
        { description: 'One at most for each partner; none for whoever may not read their own chart.' },
      ),
    },
    {
      description: 'What to mind before work with both, from charts that the reader may read anyway.',
      examples: [{ notices: [exampleNotice] }],
    },
  ),
)

export const CoupleOfNotices = strictObject({
  coupleId: Id('The couple.', '019c0000-0000-7000-8000-0000000000d1'),
})

export type SafetyNotices = Static<typeof SafetyNotices>
