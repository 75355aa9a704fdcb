import { Type } from 'typebox'
import { Id, Nullable, OneOf, Text } from '../../lib/schemas.ts'

export const appointmentModes = ['in_person', 'telehealth'] as const
export const askedBy = ['client', 'practice'] as const
/** Coarse on purpose: a reason is shown on calendars, so it must not be a clinical statement. */
export const reasonCodes = [
  'illness',
  'schedule_conflict',
  'emergency',
  'travel',
  'weather',
  'clinician_unavailable',
  'room_unavailable',
  'booking_error',
  'not_needed',
  'other',
] as const

/** The ids that examples of appointments and series name. */
export const exampleIds = {
  appointment: '019c0000-0000-7000-8000-0000000000d1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000b1',
  couple: '019c0000-0000-7000-8000-0000000000b7',
  service: '019c0000-0000-7000-8000-0000000000a7',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
  hold: '019c0000-0000-7000-8000-0000000000f8',
  series: '019c0000-0000-7000-8000-0000000000f9',
}

/** Who gives a session, and where it is held. */
export const place = {
  clinicianId: Id('The member of staff who gives the session.', exampleIds.clinician),
  mode: OneOf(appointmentModes, { description: 'One of the modes of the service.', examples: ['in_person'] }),
  locationId: Nullable(Id('Where it is held; null for telehealth.', exampleIds.location)),
  roomId: Nullable(
    Id('A room of the location; null where none is needed, and for telehealth.', exampleIds.room),
  ),
}

export const durationMinutes = Type.Integer({
  minimum: 5,
  maximum: 1440,
  description: 'Length of the session without buffers.',
  examples: [50],
})

export const reasonCode = OneOf(reasonCodes, { description: 'Why, in a word fit for a calendar.' })
export const by = OneOf(askedBy, { description: 'Who asked for it.' })
export const note = Text(500, { description: 'For the history only; kept sealed and never shown in lists.' })
