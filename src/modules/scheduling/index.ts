import type { FastifyInstance } from 'fastify'
import { appointmentRoutes } from './appointments.routes.ts'
import { openAppointmentRow } from './appointments.service.ts'
import { calendarRoutes } from './calendar/calendar.routes.ts'
import { policyRoutes } from './cancellation-policies/policies.routes.ts'
import { checkInRoutes } from './checkin/check-ins.routes.ts'
import { feedRoutes } from './feeds/feeds.routes.ts'
import { openFeed } from './feeds/feeds.service.ts'
import { groupRoutes } from './groups/groups.routes.ts'
import { holdRoutes } from './holds/holds.routes.ts'
import { openHold } from './holds/holds.service.ts'
import { openIntensive } from './intensives/intensive-door.ts'
import { intensivePortalRoutes } from './intensives/intensives.portal.ts'
import { intensiveRoutes } from './intensives/intensives.routes.ts'
import { templateRoutes } from './intensives/templates.routes.ts'
import { ownAppointmentRoutes } from './portal/own-appointments.portal.ts'
import { ownOfferRoutes } from './portal/own-offers.portal.ts'
import { messageRoutes } from './reminders/messages.routes.ts'
import { reportRoutes } from './reports/reports.routes.ts'
import { separationRoutes } from './separation/rules.routes.ts'
import { openRule } from './separation/rules.service.ts'
import { seriesRoutes } from './series/series.routes.ts'
import { openSeriesRow } from './series/series.service.ts'
import { slotRoutes } from './slots/slots.routes.ts'
import { supplyRoutes } from './supply/supply.routes.ts'
import { transitionRoutes } from './transitions.routes.ts'
import { waitlistRoutes } from './waitlist/waitlist.routes.ts'

export { wordsOf } from './appointments.rules.ts'
export {
  type Attendance,
  attendanceByMonth,
  countAttendance,
  lastAttendedAt,
  missedByClient,
} from './attendance.ts'
export { type BookedSession, findAppointment, openAppointment } from './booked-session.ts'
export { findMeetingFacts, type MeetingFacts, notedPresence } from './groups/meeting-facts.ts'
export {
  type BlockFacts,
  chartOfBlock,
  findBlockFacts,
  fromBlocksOf,
  notedKinds,
} from './intensives/block-facts.ts'
export { followMerge } from './merges/follow-merge.ts'
export { findDueMessages } from './reminders/round.ts'
export { sendClientMessage } from './reminders/send.ts'
export { keepSeries } from './series/keep-series.ts'
export { workOnOpening } from './waitlist/openings.service.ts'

/** Appointments, and the reservations that make double-booking impossible. */
export default async function scheduling(app: FastifyInstance) {
  app.registerDoor('appointment', (trx, { id }) => openAppointmentRow(trx, id))
  app.registerDoor('calendar-feed', (trx, { id }) => openFeed(trx, id))
  app.registerDoor('intensive', (trx, { id }) => openIntensive(trx, id))
  app.registerDoor('slot-hold', (trx, { id }) => openHold(trx, id))
  app.registerDoor('appointment-series', (trx, { id }) => openSeriesRow(trx, id))
  app.registerDoor('separation-rule', (trx, { id }) => openRule(trx, id))
  for (const route of [
    ...supplyRoutes,
    ...slotRoutes,
    ...holdRoutes,
    ...templateRoutes,
    ...intensiveRoutes,
    ...intensivePortalRoutes,
    ...groupRoutes,
    ...separationRoutes,
    ...waitlistRoutes,
    ...calendarRoutes,
    ...reportRoutes,
    ...appointmentRoutes,
    ...seriesRoutes,
    ...transitionRoutes,
    ...checkInRoutes,
    ...ownAppointmentRoutes,
    ...ownOfferRoutes,
    ...policyRoutes,
    ...messageRoutes,
    ...feedRoutes,
  ])
    app.route(route)
}
