import type { FastifyInstance } from 'fastify'
import { inPractice } from '../../lib/database/in-practice.ts'
import { systemScope } from '../../lib/scope.ts'
import { lastPosition } from './events.repository.ts'
import { eventRoutes } from './events.routes.ts'
import { watchNewEvents } from './new-events.ts'

/** The event feed. */
export default async function integrations(app: FastifyInstance) {
  const { database } = app.house
  const newEvents = watchNewEvents(
    practiceId =>
      inPractice(database, systemScope(practiceId, 'watch-events'), lastPosition, { readsOnly: true }),
    () => app.draining,
  )
  app.addHook('preClose', async () => newEvents.close())
  for (const route of eventRoutes(newEvents)) app.route(route)
}
