import { eventTypes } from '../../lib/event-types.ts'
import { limits } from '../../lib/limits.ts'
import { ok, operation, Pause } from '../../plugins/operations/index.ts'
import * as schemas from './events.schemas.ts'
import { nextEvents } from './events.service.ts'
import type { NewEvents } from './new-events.ts'

const typesAndPermissions = Object.entries(eventTypes)
  .map(([type, permission]) => `| \`${type}\` | \`${permission}\` |`)
  .join('\n')

export const eventRoutes = (newEvents: NewEvents) => [
  operation({
    method: 'GET',
    path: '/v1/events',
    operationId: 'listEvents',
    tag: 'Integrations',
    summary: 'Follow the event feed',
    description: `Everything that happened in the practice and that the caller may know of, in the order in which it became visible. Nothing is skipped, however late it commits. Read on with \`nextCursor\`; with \`waitSeconds\` the request waits until there is something new. An empty answer also has a cursor. API clients learn of signed notes only.

| type | permission |
|---|---|
${typesAndPermissions}`,
    permission: 'events:read',
    pausesSeconds: limits.http.longPollSeconds,
    query: schemas.EventQuery,
    success: { status: 200, schema: schemas.EventPage, description: 'The next events.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query, waitedMs }) => {
      const found = await nextEvents(trx, query, waitedMs, newEvents)
      return found instanceof Pause ? found : ok(found)
    },
  }),
]
