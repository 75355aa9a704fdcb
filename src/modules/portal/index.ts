import type { FastifyInstance } from 'fastify'
import { portalMeRoute } from './me.portal.ts'
import { portalTokenRoutes } from './portal-tokens.routes.ts'

export { requireSigner } from './signers.ts'

/** How a client reaches their own chart through a practice's front-end. What they do there belongs to its modules. */
export default async function portal(app: FastifyInstance) {
  for (const route of [...portalTokenRoutes(app), portalMeRoute]) app.route(route)
}
