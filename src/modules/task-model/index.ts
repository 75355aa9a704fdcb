import type { FastifyInstance } from 'fastify'
import { batchRoutes } from './batches/batches.routes.ts'
import { journeyPortalRoutes } from './journeys.portal.ts'
import { journeyRoutes } from './journeys.routes.ts'
import { overviewRoutes } from './overview.routes.ts'
import { performableRoutes } from './performables.routes.ts'
import { stageRoutes } from './stages.routes.ts'
import { taskRoutes } from './tasks.routes.ts'
import { templateRoutes } from './templates.routes.ts'

export { workOnBatch } from './batches/running.ts'
export { progressOf } from './figures.ts'
export { knownTaskKeys, standingOfTasks, type TaskStanding } from './known-tasks.ts'
export { taskStatuses } from './tasks.rules.ts'

const routes = [
  ...templateRoutes,
  ...journeyRoutes,
  ...batchRoutes,
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
