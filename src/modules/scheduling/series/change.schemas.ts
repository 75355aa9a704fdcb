import { type Static, Type } from 'typebox'
import { CalendarDate, component, strictObject } from '../../../lib/schemas.ts'
import { dualRoleReason } from '../../charts/index.ts'
import { by, durationMinutes, note, place, reasonCode } from '../session-fields.schemas.ts'
import { agreed, onClash, onClosedDays } from './series.schemas.ts'

const reason = { reasonCode, by, note: Type.Optional(note) }

export const SeriesChange = component(
  'AppointmentSeriesChange',
  Type.Partial(
    strictObject({
      from: CalendarDate(
        'The date of the first occurrence to change; all to come when left out.',
        '2027-02-02',
      ),
      ...place,
      ...agreed,
      durationMinutes,
      onClosedDays,
      onClash,
      reasonCode,
      by,
      note,
      dualRoleReason,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description:
        'What is agreed from now on; what is left out stays. With a `rule` and no `firstOn` the new rule begins at `from`.',
      examples: [{ from: '2027-02-02', time: '17:00', reasonCode: 'schedule_conflict', by: 'client' }],
    },
  ),
)

export const SeriesCancellation = component(
  'SeriesCancellation',
  strictObject(
    {
      from: Type.Optional(
        CalendarDate('The date of the first occurrence to cancel; all to come when left out.', '2027-06-01'),
      ),
      ...reason,
    },
    {
      description: 'Who ends a series, from when, and why.',
      examples: [{ from: '2027-06-01', reasonCode: 'not_needed', by: 'client' }],
    },
  ),
)

export const NewSeriesPause = component(
  'NewSeriesPause',
  strictObject(
    {
      from: CalendarDate('First day without sessions.', '2026-12-21'),
      until: CalendarDate('Last day without sessions.', '2027-01-03'),
      ...reason,
    },
    {
      description: 'Days on which there are to be no sessions, and why.',
      examples: [{ from: '2026-12-21', until: '2027-01-03', reasonCode: 'travel', by: 'client' }],
    },
  ),
)

export type SeriesChange = Static<typeof SeriesChange>
export type SeriesCancellation = Static<typeof SeriesCancellation>
export type NewSeriesPause = Static<typeof NewSeriesPause>
