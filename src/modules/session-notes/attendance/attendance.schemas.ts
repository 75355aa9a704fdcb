import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, strictObject } from '../../../lib/schemas.ts'

const chart = '019c0000-0000-7000-8000-0000000000c1'

const count = (description: string) => Type.Integer({ minimum: 0, description })

const counts = {
  present: count('Present from the beginning.'),
  late: count('Came late.'),
  absent: count('Absent, having said so or not.'),
  noShow: count('Absent by a note with a part `no_show`.'),
}

const exampleMonth = { month: '2026-01', sessions: 4, present: 3, late: 0, absent: 0, noShow: 1 }

export const Attendance = component(
  'ChartAttendance',
  strictObject(
    {
      from: CalendarDate('The first day.', '2026-01-01'),
      to: CalendarDate('The last day.', '2026-01-31'),
      months: Type.Array(
        strictObject({
          month: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$', description: 'Year and month.' }),
          sessions: count('Sessions with attendance.'),
          ...counts,
        }),
        { description: 'Months with a session, oldest first.' },
      ),
    },
    {
      description:
        'Who was there, counted by month: each person of each session once, however many wrote a note of its appointment.',
      examples: [{ from: '2026-01-01', to: '2026-01-31', months: [exampleMonth] }],
    },
  ),
)

export const AttendanceQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; a year back when left out.', '2025-11-24')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-11-23')),
})

export const ChartOfAttendance = strictObject({ chartId: Id('The chart.', chart) })

export type Attendance = Static<typeof Attendance>
export type AttendanceQuery = Static<typeof AttendanceQuery>
