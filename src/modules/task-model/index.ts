import type { FastifyInstance } from 'fastify'
import { journeyPortalRoutes } from './journeys.portal.ts'
import { journeyRoutes } from './journeys.routes.ts'
import { overviewRoutes } from './overview.routes.ts'
import { performableRoutes } from './performables.routes.ts'
import { stageRoutes } from './stages.routes.ts'
import { taskRoutes } from './tasks.routes.ts'
import { templateRoutes } from './templates.routes.ts'

export { knownTaskKeys } from './known-tasks.ts'

const routes = [
  ...templateRoutes,
  ...journeyRoutes,
  ...taskRoutes,
  ...performableRoutes,
  ...stageRoutes,
  ...overviewRoutes,
  ...journeyPortalRoutes,
]

/** Task programs: templates, and the journeys of clients and couples through them. */
export default async function taskModel(app: FastifyInstance) {
  for (const route of routes) app.route(route)
}
