import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './appointments.schemas.ts'
import * as service from './transitions.service.ts'

const common = {
  tag: 'Appointments',
  permission: 'appointments:write',
  ifMatch: true,
  params: schemas.AppointmentParams,
  success: { status: 200, schema: schemas.Appointment, description: 'The appointment as it is now.' },
} as const

export const transitionRoutes = [
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/appointments/{appointmentId}',
    operationId: 'moveAppointment',
    summary: 'Move an appointment',
    description:
      'Moves a booked appointment to another time, place or clinician; what is left out stays. Its old time stays in the history. One that becomes telehealth leaves its location and room.',
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
      'Cancels an appointment that is booked or was marked as a no-show, and gives clinician and room back.',
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
      'Books a canceled appointment again at its old time and place, if clinician and room are still free then.',
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.uncancelAppointment(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/no-show',
    operationId: 'recordNoShow',
    summary: 'Record a no-show',
    description: 'The client did not come. Possible once the appointment has started; its hour stays taken.',
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.recordNoShow(trx, params.appointmentId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/attendance',
    operationId: 'recordAttendance',
    summary: 'Record attendance',
    description:
      'The session took place, with its real start and end. It may follow a no-show that was recorded in error, and may be repeated to correct the times.',
    body: schemas.Attendance,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.recordAttendance(trx, params.appointmentId, version, body)),
  }),
]
