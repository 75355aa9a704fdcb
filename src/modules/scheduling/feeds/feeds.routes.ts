import { CalendarDocument } from '../../../lib/schemas.ts'
import { created, done, file, ok, operation, publicOperation } from '../../../plugins/operations/index.ts'
import * as schemas from './feeds.schemas.ts'
import * as service from './feeds.service.ts'
import { readFeed } from './read-feed.ts'

const common = { tag: 'Appointments' } as const
const portal = { tag: 'Portal', permission: 'portal:use' } as const
const revoked = { status: 204, description: 'Its address leads nowhere any more.' } as const

export const feedRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/calendar-feeds',
    operationId: 'listCalendarFeeds',
    summary: 'List calendar feeds',
    description:
      'The own ones, those of clients whose contact data the caller may see, and for those who keep all calendars everybody’s; revoked ones too, oldest first. Addresses are not among it.',
    permission: 'appointments:read',
    query: schemas.CalendarFeedQuery,
    success: { status: 200, schema: schemas.CalendarFeedPage, description: 'A page of feeds.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listFeeds(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/calendar-feeds',
    operationId: 'createCalendarFeed',
    summary: 'Make a calendar feed',
    description:
      'Gives a clinician or a client an address to which calendar programs subscribe. It is shown in this answer and never again. What it shows is in neutral words: times, and where the client does not want neutral words also places.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewCalendarFeed,
    success: { status: 201, schema: schemas.NewlyMadeFeed, description: 'The feed and its address.' },
    problems: ['unknown-reference', 'invalid-state', 'conflict'],
    handler: async (trx, { body }) => created('/v1/calendar-feeds', await service.createFeed(trx, body)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/calendar-feeds/{feedId}',
    operationId: 'revokeCalendarFeed',
    summary: 'Revoke a calendar feed',
    description: 'For good, from the next request on. Make another one for a new address.',
    permission: 'appointments:write',
    params: schemas.CalendarFeedParams,
    success: revoked,
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      await service.revokeFeed(trx, params.feedId)
      return done()
    },
  }),
  publicOperation({
    ...common,
    method: 'GET',
    path: '/v1/feeds/{feedAddress}/calendar.ics',
    operationId: 'readCalendarFeed',
    summary: 'Read a calendar feed',
    description:
      'For calendar programs: the address is the key. Times from 30 days ago to 400 days ahead; what was moved keeps its UID with a higher SEQUENCE, what was canceled has `STATUS:CANCELLED`.',
    params: schemas.FeedAddress,
    success: {
      status: 200,
      schema: CalendarDocument,
      mediaType: 'text/calendar',
      description: 'The calendar.',
    },
    handler: async (house, { params, requestId, remoteAddress }) => {
      const bytes = await readFeed(house, params.feedAddress, { requestId, remoteAddress })
      return file(1, { mediaType: 'text/calendar', name: 'calendar.ics', bytes })
    },
  }),
  operation({
    ...portal,
    method: 'GET',
    path: '/v1/portal/calendar-feeds',
    operationId: 'listOwnCalendarFeeds',
    summary: 'List my calendar feeds',
    description: 'Oldest first, revoked ones too, without their addresses.',
    query: schemas.OwnFeedQuery,
    success: { status: 200, schema: schemas.CalendarFeedPage, description: 'A page of feeds.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnFeeds(trx, query)),
  }),
  operation({
    ...portal,
    method: 'POST',
    path: '/v1/portal/calendar-feeds',
    operationId: 'createOwnCalendarFeed',
    summary: 'Make a calendar feed of mine',
    description:
      'An address for the client’s own calendar program, shown in this answer and never again. Who acts for a client cannot make one.',
    idempotency: 'required',
    success: { status: 201, schema: schemas.NewlyMadeFeed, description: 'The feed and its address.' },
    problems: ['conflict', 'not-found'],
    handler: async trx => created('/v1/portal/calendar-feeds', await service.createOwnFeed(trx)),
  }),
  operation({
    ...portal,
    method: 'DELETE',
    path: '/v1/portal/calendar-feeds/{feedId}',
    operationId: 'revokeOwnCalendarFeed',
    summary: 'Revoke a calendar feed of mine',
    description: 'For good, from the next request on.',
    params: schemas.CalendarFeedParams,
    success: revoked,
    handler: async (trx, { params }) => {
      await service.revokeOwnFeed(trx, params.feedId)
      return done()
    },
  }),
]
