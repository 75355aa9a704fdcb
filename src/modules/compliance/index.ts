import type { FastifyInstance } from 'fastify'
import { auditRoutes } from './audit.routes.ts'

/** The audit trail. */
export default async function compliance(app: FastifyInstance) {
  for (const route of auditRoutes) app.route(route)
}
