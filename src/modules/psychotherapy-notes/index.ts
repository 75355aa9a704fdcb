import type { FastifyInstance } from 'fastify'
import { authorizationRoutes } from './authorizations.routes.ts'
import { openAuthorization } from './authorizations.service.ts'
import { openNote } from './notes.door.ts'
import { noteRoutes } from './notes.routes.ts'
import { withdrawalRoutes } from './withdrawals.routes.ts'
import { openLeft, openOwn } from './withdrawals.service.ts'

/**
 * Psychotherapy notes and SUD counseling notes: what a therapist writes for themselves, kept separate. No other module
 * imports this one, and nothing here gives events, alerts, counts or entries of a timeline.
 */
export default async function psychotherapyNotes(app: FastifyInstance) {
  app.registerDoor('psychotherapy-note', (trx, { id }) => openNote(trx, id, 'read'))
  app.registerDoor('psychotherapy-authorization', (trx, { id }) => openAuthorization(trx, id, 'read'))
  app.registerDoor('own-psychotherapy-authorization', (trx, { id }) => openOwn(trx, id))
  app.registerDoor('left-psychotherapy-authorization', (trx, { id }) => openLeft(trx, id))
  for (const route of [...noteRoutes, ...authorizationRoutes, ...withdrawalRoutes]) app.route(route)
}
