import type { FastifyInstance } from 'fastify'
import { locationRoutes } from './locations.routes.ts'
import { practiceRoutes } from './practice.routes.ts'

/** Practice settings, staff, credentials, licenses, locations, rooms and services. */
export default async function practice(app: FastifyInstance) {
  for (const route of [...practiceRoutes, ...locationRoutes]) app.route(route)
}
