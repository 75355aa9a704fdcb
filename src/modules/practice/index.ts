import type { FastifyInstance } from 'fastify'
import { credentialRoutes } from './credentials.routes.ts'
import { licenseRoutes } from './licenses.routes.ts'
import { locationRoutes } from './locations.routes.ts'
import { practiceRoutes } from './practice.routes.ts'
import { roomRoutes } from './rooms.routes.ts'
import { serviceRoutes } from './services.routes.ts'
import { signUpRoutes } from './sign-up.routes.ts'
import { staffRoutes } from './staff.routes.ts'
import { supervisionRoutes } from './supervisions.routes.ts'

export { isSupervisorOf, needsCosign } from './cosigning.ts'
export { credentialTextOf } from './credential-text.ts'
export { areLocations, findLocation } from './locations.repository.ts'
export { Address } from './locations.schemas.ts'
export { requireOtherHand } from './own-access.rules.ts'
export { findPractice, type PracticeRow, practiceToday, today } from './practice.repository.ts'
export { type ClientMessagePolicy, defaultPolicies, type Policies } from './practice.schemas.ts'
export { getPolicies, policiesOf } from './practice.service.ts'
export { findRoom } from './rooms.repository.ts'
export { findService } from './services.repository.ts'
export { findStaff, type StaffRow } from './staff.repository.ts'
export { superviseeIds } from './supervisions.repository.ts'
export {
  ClockEnd,
  ClockTime,
  clockOf,
  Features,
  minuteOf,
  Weekday,
  WeeklyHours,
  type WeeklyMinutes,
} from './weekly-hours.ts'

const routes = [
  ...signUpRoutes,
  ...practiceRoutes,
  ...staffRoutes,
  ...supervisionRoutes,
  ...credentialRoutes,
  ...licenseRoutes,
  ...locationRoutes,
  ...roomRoutes,
  ...serviceRoutes,
]

/** Practice settings, staff, credentials, licenses, locations, rooms and services. */
export default async function practice(app: FastifyInstance) {
  for (const route of routes) app.route(route)
}
