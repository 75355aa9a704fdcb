import type { FastifyInstance } from 'fastify'
import { authorizationRoutes } from './authorizations.routes.ts'
import { openAuthorization } from './authorizations.service.ts'
import { openNote } from './notes.door.ts'
import { noteRoutes } from './notes.routes.ts'

/**
 * Psychotherapy notes and SUD counseling notes: what a therapist writes for themselves, kept separate. No other module
 * imports this one, and nothing here gives events, alerts, counts or entries of a timeline.
 */
export default async function psychotherapyNotes(app: FastifyInstance) {
  app.registerDoor('psychotherapy-note', (trx, { id }) => openNote(trx, id, 'read'))
  app.registerDoor('psychotherapy-authorization', (trx, { id }) => openAuthorization(trx, id, 'read'))
  for (const route of [...noteRoutes, ...authorizationRoutes]) app.route(route)
}
