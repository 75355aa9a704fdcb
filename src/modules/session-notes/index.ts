import type { FastifyInstance } from 'fastify'
import { noteTemplateRoutes } from './note-templates.routes.ts'
import { sessionNoteRoutes } from './session-notes.routes.ts'

export { type NoteFinding, verifyNotes } from './verify.ts'

/** Progress notes: drafting, signing, co-signing and correcting. */
export default async function sessionNotes(app: FastifyInstance) {
  for (const route of [...noteTemplateRoutes, ...sessionNoteRoutes]) app.route(route)
}
