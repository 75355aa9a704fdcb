import type { FastifyInstance } from 'fastify'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { careTeamRoutes } from './care-team.routes.ts'
import { chartRoutes } from './charts.routes.ts'
import { needOf, openChart, openOwnChart, openOwnRecord, requireReach } from './door.ts'
import { dualRoleRoutes } from './dual-roles.routes.ts'
import { openDualRole } from './dual-roles.service.ts'
import { emergencyAccessRoutes } from './emergency-access.routes.ts'

export { currentPrimary, isOnCareTeam, isTreatedBySupervisee } from './care-team.queries.ts'
export type { CareTeamRole } from './care-team.schemas.ts'
export { displayName } from './charts.repository.ts'
export { readableClasses } from './charts.rules.ts'
export { ownChartOf } from './door.repository.ts'
export {
  knockInVain,
  OpenChart,
  openChart,
  openForJob,
  openIndividualOf,
  openOwnChart,
  openOwnRecord,
  requireOpen,
  requireReach,
  type Via,
} from './door.ts'
export { dualRoleReason } from './dual-roles.schemas.ts'
export { requireReason, watchDualRoles } from './dual-roles.service.ts'
export { useEmergencyForCharts, useEmergencyForClients } from './emergency-access.use.ts'
export { namesOf } from './member-names.ts'
export { membersEver } from './members-ever.ts'
export { changeMembers, giveSeats, joinChartsOfMerged, passMembership, wereCouple } from './membership.ts'
export {
  closeChart,
  type NewTeamMember,
  openCoupleChart,
  openIndividualChart,
  openIndividualCharts,
} from './opening.ts'
export { chartsReached, isChartReached, isChartWithin, isClientWithin, isCurrent } from './reach.ts'
export { type ChartNeed, toReadChart } from './ways.rules.ts'

/** Charts: the one door to clinical data, members, care team, emergency access and timeline. */
export default async function charts(app: FastifyInstance) {
  app.registerDoor('chart', (trx, { id, need }) => openChart(trx, id, needOf(need)))
  app.registerDoor('own-chart', (trx, { id }) => passOwnChart(trx, id))
  app.registerDoor('own-record', (trx, { id }) => openOwnRecord(trx, id))
  app.registerDoor('client', (trx, { id }) => requireReach(trx, id))
  app.registerDoor('dual-role', (trx, { id }) => openDualRole(trx, id, 'dual-roles:read'))
  const routes = [...chartRoutes, ...careTeamRoutes, ...dualRoleRoutes, ...emergencyAccessRoutes]
  for (const route of routes) app.route(route)
}

/** A replay shows what was answered from a chart only while that is still the client's own. */
async function passOwnChart(trx: PracticeTransaction, chartId: string): Promise<void> {
  if ((await openOwnChart(trx)).id !== chartId) throw notFound()
}
