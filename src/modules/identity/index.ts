import type { FastifyInstance } from 'fastify'
import { apiClientRoutes } from './api-clients.routes.ts'
import { devInbox } from './dev-inbox.routes.ts'
import { invitationRoutes } from './invitations.routes.ts'
import { meRoutes } from './me.routes.ts'
import { keySetRoute, oauthToken } from './oauth.routes.ts'
import { passwordRoutes } from './password.routes.ts'
import { sessionRoutes } from './sessions.routes.ts'
import { toolsOf } from './tools.ts'

export { createOwner, type PreparedAccount, prepareAccount } from './accounts.ts'
export { inviteStaff } from './invitations.service.ts'
export { queueMail, sendMail } from './mails.ts'
export { resealTotpSecrets } from './second-factor.ts'
export { endSessionsOf } from './sessions.service.ts'

/** Users, sign-in, second factors, sessions, invitations, API clients and signing keys. */
export default async function identity(app: FastifyInstance) {
  const tools = toolsOf(app)
  const routes = [
    ...sessionRoutes(tools),
    ...meRoutes(tools),
    ...passwordRoutes(tools),
    ...invitationRoutes(tools),
    ...apiClientRoutes,
    keySetRoute(tools),
  ]
  for (const route of routes) app.route(route)
  await app.register(oauthToken(tools))
  await app.register(devInbox)
}
