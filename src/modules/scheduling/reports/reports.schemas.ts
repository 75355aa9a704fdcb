import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { CalendarDate, component, Id, Nullable, strictObject, TimeZone } from '../../../lib/schemas.ts'

const { reportDays } = limits.scheduling

const example = {
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}

export const ReportQuery = strictObject({
  from: CalendarDate('First day, where the practice is.', '2026-11-01'),
  until: CalendarDate(`Last day; at most ${reportDays} days.`, '2026-11-30'),
})

const minutes = (description: string) => Type.Integer({ description })
const share = (description: string) => Nullable(Type.Number({ description, examples: [0.75] }))

const range = {
  timeZone: TimeZone('The zone of the practice, in which the days are counted.'),
  from: CalendarDate('First day.', '2026-11-01'),
  until: CalendarDate('Last day.', '2026-11-30'),
}

export const UtilizationReport = component(
  'UtilizationReport',
  strictObject(
    {
      ...range,
      clinicians: Type.Array(
        strictObject({
          clinicianId: Id('Who gives sessions.', example.clinician),
          workingMinutes: minutes('Weekly and extra hours, without time off and holidays.'),
          bookedMinutes: minutes(
            'In which something is booked: appointments, blocks of intensives and sessions of groups that were not canceled, without buffers. Time that is booked twice counts once.',
          ),
          completedMinutes: minutes('The part of it that took place.'),
          utilization: share(
            '`bookedMinutes` of `workingMinutes`; more than 1 where much lies outside of the hours. Null without hours.',
          ),
        }),
        { description: 'Those whose appointments the caller may see, by name.' },
      ),
      rooms: Type.Array(
        strictObject({
          roomId: Id('A room.', example.room),
          openMinutes: Nullable(
            minutes('Opening hours, holidays among them; null where it is open at any time.'),
          ),
          bookedMinutes: minutes('As of clinicians.'),
          utilization: share(
            '`bookedMinutes` of `openMinutes`. Null where it is open at any time, or never.',
          ),
        }),
        { description: 'By location and name. Empty for a caller who does not see every appointment.' },
      ),
    },
    {
      description: 'How much of their time clinicians and rooms are booked.',
      examples: [
        {
          timeZone: 'America/Los_Angeles',
          from: '2026-11-01',
          until: '2026-11-30',
          clinicians: [
            {
              clinicianId: example.clinician,
              workingMinutes: 9_600,
              bookedMinutes: 7_200,
              completedMinutes: 6_000,
              utilization: 0.75,
            },
          ],
          rooms: [{ roomId: example.room, openMinutes: null, bookedMinutes: 7_200, utilization: null }],
        },
      ],
    },
  ),
)

const count = (description: string) => Type.Integer({ description })

const counts = {
  completed: count('Sessions that took place.'),
  noShow: count('Nobody came.'),
  lateCanceled: count('Canceled later than the policy allows.'),
  canceled: count('Canceled in time, or by the practice.'),
  unrecorded: count('Over, and nobody said what became of them.'),
  noShowRate: share(
    '`noShow` of `completed`, `noShow` and `lateCanceled`; null where there are none of them.',
  ),
  lateCancellationRate: share('`lateCanceled` of the same.'),
}

const countsExample = {
  completed: 45,
  noShow: 3,
  lateCanceled: 2,
  canceled: 6,
  unrecorded: 0,
  noShowRate: 0.06,
  lateCancellationRate: 0.04,
}

export const NoShowReport = component(
  'NoShowReport',
  strictObject(
    {
      ...range,
      total: strictObject(counts, { description: 'Of all clinicians below.' }),
      clinicians: Type.Array(
        strictObject({ clinicianId: Id('Who gives them.', example.clinician), ...counts }),
        {
          description: 'Those who had appointments and whose appointments the caller may see, by name.',
        },
      ),
    },
    {
      description: 'What became of appointments.',
      examples: [
        {
          timeZone: 'America/Los_Angeles',
          from: '2026-11-01',
          until: '2026-11-30',
          total: countsExample,
          clinicians: [{ clinicianId: example.clinician, ...countsExample }],
        },
      ],
    },
  ),
)

export type ReportQuery = Static<typeof ReportQuery>
export type UtilizationReport = Static<typeof UtilizationReport>
export type NoShowReport = Static<typeof NoShowReport>
