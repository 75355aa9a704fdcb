import type { FastifyInstance } from 'fastify'
import { appointmentRoutes } from './appointments.routes.ts'
import { openAppointmentRow } from './appointments.service.ts'
import { transitionRoutes } from './transitions.routes.ts'

export { type Attendance, countAttendance, lastAttendedAt } from './attendance.ts'
export { type BookedSession, findAppointment, openAppointment } from './booked-session.ts'

/** Appointments, and the reservations that make double-booking impossible. */
export default async function scheduling(app: FastifyInstance) {
  app.registerDoor('appointment', (trx, { id }) => openAppointmentRow(trx, id))
  for (const route of [...appointmentRoutes, ...transitionRoutes]) app.route(route)
}
