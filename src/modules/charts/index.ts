import type { FastifyInstance } from 'fastify'
import { careTeamRoutes } from './care-team.routes.ts'
import { chartRoutes } from './charts.routes.ts'
import { needOf, openChart, requireReach } from './door.ts'
import { emergencyAccessRoutes } from './emergency-access.routes.ts'

export type { CareTeamRole } from './care-team.schemas.ts'
export { displayName } from './charts.repository.ts'
export { knockInVain, OpenChart, openChart, requireReach, type Via } from './door.ts'
export { useEmergencyForCharts, useEmergencyForClients } from './emergency-access.use.ts'
export { changeMembers, joinChartsOfMerged, wereCouple } from './membership.ts'
export {
  closeChart,
  type NewTeamMember,
  openCoupleChart,
  openIndividualChart,
  openIndividualCharts,
} from './opening.ts'
export { isChartReached, isChartWithin, isClientWithin } from './reach.ts'
export { type ChartNeed, toReadChart } from './ways.rules.ts'

/** Charts: the one door to clinical data, members, care team, emergency access and timeline. */
export default async function charts(app: FastifyInstance) {
  app.registerDoor('chart', (trx, { id, need }) => openChart(trx, id, needOf(need)))
  app.registerDoor('client', (trx, { id }) => requireReach(trx, id))
  for (const route of [...chartRoutes, ...careTeamRoutes, ...emergencyAccessRoutes]) app.route(route)
}
