import type { FastifyInstance } from 'fastify'
import { releasePortalRoutes } from './releases.portal.ts'
import { releaseRoutes } from './releases.routes.ts'

export { type Allowed, allowedBy, allowedToClient, disclose } from './disclosing.ts'
export { type ReleaseCategory, recipientKinds, sameRecipient } from './releases.rules.ts'

/** Releases of information that clients signed, and what was given out on them. */
export default async function releases(app: FastifyInstance) {
  for (const route of [...releaseRoutes, ...releasePortalRoutes]) app.route(route)
}
