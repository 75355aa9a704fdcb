import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './appointments.schemas.ts'
import * as attendanceSchemas from './attendance.schemas.ts'
import * as sessions from './sessions.service.ts'
import * as service from './transitions.service.ts'

const common = {
  tag: 'Appointments',
  permission: 'appointments:write',
  ifMatch: true,
  params: schemas.AppointmentParams,
  success: { status: 200, schema: schemas.Appointment, description: 'The appointment as it is now.' },
} as const

const gateProblems = [
  'invalid-state',
  'unknown-reference',
  'check-in-required',
  'license-not-valid-for-location',
] as const

export const transitionRoutes = [
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/appointments/{appointmentId}',
    operationId: 'moveAppointment',
    summary: 'Move an appointment',
    description:
      'Moves an appointment that is scheduled or confirmed to another time, place or clinician; what is left out stays. Its old time stays in the history. It has to be confirmed anew. One that becomes telehealth leaves its location and room.',
    body: schemas.AppointmentMove,
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.moveAppointment(trx, params.appointmentId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/cancellation',
    operationId: 'cancelAppointment',
    summary: 'Cancel an appointment',
    description:
      'Cancels an appointment that has not begun or was marked as a no-show, and gives clinician, room and clients back. When the client asks for it later than the cancellation policy allows, it is `late_canceled`, and a fee is recorded if the policy was signed.',
    body: schemas.NewCancellation,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.cancelAppointment(trx, params.appointmentId, version, body)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/appointments/{appointmentId}/cancellation',
    operationId: 'uncancelAppointment',
    summary: 'Take a cancellation back',
    description:
      'Books a canceled appointment again at its old time and place, if clinician, room and clients are still free then. A fee for it is void.',
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.uncancelAppointment(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/confirmation',
    operationId: 'confirmAppointment',
    summary: 'Confirm an appointment',
    description: 'The client said they will come.',
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await sessions.confirmAppointment(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/arrival',
    operationId: 'recordArrival',
    summary: 'Record an arrival',
    description: 'The client is here. Possible from 12 hours before the start on.',
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await sessions.recordArrival(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/start',
    operationId: 'startAppointment',
    summary: 'Start a session',
    description:
      'The session begins. By telehealth each client who is there needs a check-in, private and appropriate, in a state of which the clinician holds a license; otherwise it is refused as `check-in-required` or `license-not-valid-for-location`, unless an override says why it begins all the same.',
    body: attendanceSchemas.NewStart,
    problems: gateProblems,
    handler: async (trx, { params, version, body }) =>
      ok(await sessions.startAppointment(trx, params.appointmentId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/no-show',
    operationId: 'recordNoShow',
    summary: 'Record a no-show',
    description:
      'The client did not come. Possible once the appointment has started; its hour stays taken. A fee is recorded if the cancellation policy was signed.',
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await sessions.recordNoShow(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/attendance',
    operationId: 'recordAttendance',
    summary: 'Record attendance',
    description:
      'The session took place, with its real start and end and who was there. It may follow a no-show that was recorded in error, and may be repeated to correct times and presence. A telehealth session that was not started before needs what its start needs.',
    body: attendanceSchemas.NewAttendance,
    problems: gateProblems,
    handler: async (trx, { params, version, body }) =>
      ok(await sessions.recordAttendance(trx, params.appointmentId, version, body)),
  }),
]
