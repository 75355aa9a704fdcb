import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
} from '../../../lib/schemas.ts'
import { appointmentStatuses } from '../appointments.schemas.ts'
import { example } from './examples.ts'

export const standings = [
  'free',
  'booked',
  'kept',
  'canceled',
  'busy',
  'closed',
  'paused',
  'unavailable',
] as const

const resources = ['clinician', 'room', 'client', 'unspecified'] as const

export const dateExample = {
  date: '2026-12-01',
  originalStartsAt: '2026-12-02T02:00:00.000Z',
  localStart: '2026-12-01T18:00:00-08:00',
  startsAt: '2026-12-02T02:00:00.000Z',
  endsAt: '2026-12-02T02:50:00.000Z',
  standing: 'booked',
  exception: false,
  appointmentId: example.appointment,
  appointmentStatus: 'scheduled',
  resource: null,
  clashesWithId: null,
}

export const SeriesDate = component(
  'SeriesDate',
  strictObject(
    {
      date: CalendarDate(
        'The date that the rule gave. It names this occurrence of the series.',
        '2026-12-01',
      ),
      originalStartsAt: Instant('When the session starts by the rule.', '2026-12-02T02:00:00.000Z'),
      localStart: Type.String({
        description: '`originalStartsAt` on the clock of the place, with the offset that holds then.',
        examples: ['2026-12-01T18:00:00-08:00'],
      }),
      startsAt: Instant(
        'When it starts now; another time than by the rule where it was moved by itself.',
        '2026-12-02T02:00:00.000Z',
      ),
      endsAt: Instant('When it ends now.', '2026-12-02T02:50:00.000Z'),
      standing: OneOf(standings, {
        description:
          '`free` (in a preview): would be booked or moved. `booked`: has its appointment. `kept`: has an appointment that this change left as it is. `canceled`: its appointment is. Left out because somebody or something is taken (`busy`), of a holiday or time off (`closed`), of a pause (`paused`), or because clinician, service, place or chart took no sessions when the job came to it (`unavailable`).',
        examples: ['booked'],
      }),
      exception: Type.Boolean({
        description: 'Whether it was moved by itself: changes of the series leave it as it is.',
      }),
      appointmentId: Nullable(Id('Its appointment, if there is one that may be seen.', example.appointment)),
      appointmentStatus: Nullable(OneOf(appointmentStatuses)),
      resource: Nullable(
        OneOf(resources, {
          description:
            'Where it is `busy`, in a preview or the answer of a change: what is taken, as for `resource-busy`.',
        }),
      ),
      clashesWithId: Nullable(Id('The appointment that is there, if it may be seen.', example.appointment)),
    },
    { description: 'One date of a series.', examples: [dateExample] },
  ),
)

export const SeriesDateQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(CalendarDate('Dates of the rule from this one on; all when left out.', '2026-01-01')),
})

export const SeriesDatePage = listOf('SeriesDatePage', SeriesDate)

export type SeriesDate = Static<typeof SeriesDate>
export type SeriesDateQuery = Static<typeof SeriesDateQuery>
export type Standing = (typeof standings)[number]
