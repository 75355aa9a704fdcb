import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  TimeZone,
} from '../../../lib/schemas.ts'
import { appointmentModes } from '../session-fields.schemas.ts'

const appointment = '019c0000-0000-7000-8000-0000000000d1'

const example = {
  id: appointment,
  startsAt: '2026-11-23T16:00:00.000Z',
  endsAt: '2026-11-23T16:50:00.000Z',
  timeZone: 'America/Los_Angeles',
  mode: 'telehealth' as const,
  locationName: null,
  address: null,
  link: 'https://video.example/rooms/harbor',
  checkIn: { opensAt: '2026-11-23T04:00:00.000Z', checkedInAt: null },
  isCanceled: false,
}

export const OwnAppointment = component(
  'OwnAppointment',
  strictObject(
    {
      id: Id('The appointment.', appointment),
      startsAt: Instant('When it starts.'),
      endsAt: Instant('When it ends.'),
      timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
      mode: OneOf(appointmentModes),
      locationName: Nullable(Type.String({ examples: ['Harbor Office'] })),
      address: Nullable(Type.String({ examples: ['100 Example Street, Faketown, CA 90000'] })),
      link: Nullable(Type.String({ description: 'Where a telehealth session is held, once that is known.' })),
      checkIn: Nullable(
        strictObject(
          {
            opensAt: Instant('From when on the client may check in.'),
            checkedInAt: Nullable(Instant('When the client last did, or was checked in.')),
          },
          { description: 'Of telehealth; null in person.' },
        ),
      ),
      isCanceled: Type.Boolean(),
    },
    {
      description:
        'A time of the client’s own care, or of a couple’s, without a word of what it is or who gives it.',
      examples: [example],
    },
  ),
)

export const OwnAppointmentQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(
    Instant('Those that end after this; from now on when left out.', '2026-11-23T00:00:00.000Z'),
  ),
})
export const OwnAppointmentPage = listOf('OwnAppointmentPage', OwnAppointment)

export type OwnAppointment = Static<typeof OwnAppointment>
export type OwnAppointmentQuery = Static<typeof OwnAppointmentQuery>
