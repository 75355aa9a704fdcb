import type { FastifyInstance } from 'fastify'
import { appointmentRoutes } from './appointments.routes.ts'
import { openAppointmentRow } from './appointments.service.ts'
import { policyRoutes } from './cancellation-policies/policies.routes.ts'
import { checkInRoutes } from './checkin/check-ins.routes.ts'
import { holdRoutes } from './holds/holds.routes.ts'
import { openHold } from './holds/holds.service.ts'
import { slotRoutes } from './slots/slots.routes.ts'
import { supplyRoutes } from './supply/supply.routes.ts'
import { transitionRoutes } from './transitions.routes.ts'

export { wordsOf } from './appointments.rules.ts'
export { type Attendance, countAttendance, lastAttendedAt } from './attendance.ts'
export { type BookedSession, findAppointment, openAppointment } from './booked-session.ts'

/** Appointments, and the reservations that make double-booking impossible. */
export default async function scheduling(app: FastifyInstance) {
  app.registerDoor('appointment', (trx, { id }) => openAppointmentRow(trx, id))
  app.registerDoor('slot-hold', (trx, { id }) => openHold(trx, id))
  for (const route of [
    ...supplyRoutes,
    ...slotRoutes,
    ...holdRoutes,
    ...appointmentRoutes,
    ...transitionRoutes,
    ...checkInRoutes,
    ...policyRoutes,
  ])
    app.route(route)
}
