import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './appointments.schemas.ts'
import * as service from './appointments.service.ts'
import { bookAppointment } from './booking.service.ts'
import * as changeSchemas from './changes.schemas.ts'

const common = { tag: 'Appointments' } as const

export const appointmentRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/appointments',
    operationId: 'listAppointments',
    summary: 'List appointments',
    description:
      'Appointments that start in `[from, to)`, by start. Clinicians see their own and those of the charts they are on the care team of, supervisors also those of their supervisees; billers see all, without room and reason. A list of one client holds appointments of a couple only where the caller may see that couple, and never those of the partner.',
    permission: 'appointments:read',
    query: schemas.AppointmentQuery,
    success: { status: 200, schema: schemas.AppointmentPage, description: 'A page of appointments.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listAppointments(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments',
    operationId: 'bookAppointment',
    summary: 'Book an appointment',
    description:
      'Books a session of one client or one couple and takes clinician, room and clients for it, with the buffers of the service around clinician and room. Times are half-open: a session may start when another ends. When one of them is taken, the answer is `resource-busy`: `resource` says which, and `appointmentId` by what, where the caller may see that appointment; otherwise it is `unspecified`. A closed location or room, a retired service and somebody who gives no sessions are refused as `unknown-reference`. Clinicians book their own calendar, for charts they are on the care team of. The start may lie up to 31 days back, for a session that was held, and 731 days ahead.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewAppointment,
    success: { status: 201, schema: schemas.BookedAppointment, description: 'The appointment.' },
    problems: ['unknown-reference', 'resource-busy', 'invalid-state', 'not-found'],
    handler: async (trx, { body }) => {
      const appointment = await bookAppointment(trx, body)
      return created(`/v1/appointments/${appointment.id}`, appointment)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/appointments/{appointmentId}',
    operationId: 'getAppointment',
    summary: 'Read an appointment',
    description: 'One appointment, with the ETag to change it.',
    permission: 'appointments:read',
    params: schemas.AppointmentParams,
    success: { status: 200, schema: schemas.Appointment, description: 'The appointment.' },
    handler: async (trx, { params }) => ok(await service.getAppointment(trx, params.appointmentId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/appointments/{appointmentId}/changes',
    operationId: 'listAppointmentChanges',
    summary: 'List the changes of an appointment',
    description:
      'Every step of an appointment with what held after it, oldest first: where it was moved from, who canceled and why.',
    permission: 'appointments:read',
    params: schemas.AppointmentParams,
    query: changeSchemas.ChangeQuery,
    success: { status: 200, schema: changeSchemas.AppointmentChangePage, description: 'A page of changes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listChanges(trx, params.appointmentId, query)),
  }),
]
