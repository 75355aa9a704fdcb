import { type Static } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'
import { startsAt } from './appointments.schemas.ts'
import { overrideReasons } from './overrides.schemas.ts'
import { by, exampleIds, note, place, reasonCode } from './session-fields.schemas.ts'

export const changeKinds = [
  'booked',
  'moved',
  'confirmed',
  'arrived',
  'started',
  'completed',
  'no_show',
  'canceled',
  'late_canceled',
  'uncanceled',
] as const

export const AppointmentChange = component(
  'AppointmentChange',
  strictObject(
    {
      id: Id('This step.', '019c0000-0000-7000-8000-0000000000f1'),
      appointmentVersion: Version,
      kind: OneOf(changeKinds),
      recordedById: Nullable(
        Id('The staff member who did it; null for an API client.', exampleIds.clinician),
      ),
      ...place,
      startsAt,
      endsAt: Instant('When the session ended after this step.'),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      overrideReason: Nullable(OneOf(overrideReasons)),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of an appointment, with what held after it.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000f1',
          appointmentVersion: 2,
          kind: 'moved',
          recordedById: exampleIds.clinician,
          clinicianId: exampleIds.clinician,
          mode: 'in_person',
          locationId: exampleIds.location,
          roomId: exampleIds.room,
          startsAt: '2026-11-24T16:00:00.000Z',
          endsAt: '2026-11-24T16:50:00.000Z',
          reasonCode: 'schedule_conflict',
          by: 'client',
          note: null,
          overrideReason: null,
          createdAt: '2026-11-21T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const ChangeQuery = strictObject(PageQuery)

export const AppointmentChangePage = listOf('AppointmentChangePage', AppointmentChange)

export type AppointmentChange = Static<typeof AppointmentChange>
export type ChangeQuery = Static<typeof ChangeQuery>
export type ChangeKind = (typeof changeKinds)[number]
