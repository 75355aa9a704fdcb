import { type Static, Type } from 'typebox'
import { component, Id, Instant, listOf, Nullable, PageQuery, strictObject } from '../../../lib/schemas.ts'

const ids = {
  feed: '019c0000-0000-7000-8000-0000000f6002',
  client: '019c0000-0000-7000-8000-0000000000c1',
  staff: '019c0000-0000-7000-8000-0000000000e1',
}

const examplePath = '/v1/feeds/cairn_feed_ficT10nal/calendar.ics'

const fields = {
  id: Id('The feed.', ids.feed),
  staffId: Nullable(Id('The clinician whose calendar it is.', ids.staff)),
  clientId: Nullable(Id('The client whose calendar it is.', ids.client)),
  recordedById: Nullable(Id('Who made it; null from the portal and for programs.', ids.staff)),
  createdAt: Instant('When it was made.'),
  revokedAt: Nullable(Instant('Since when its address leads nowhere.')),
}

const example = {
  id: ids.feed,
  staffId: null,
  clientId: ids.client,
  recordedById: ids.staff,
  createdAt: '2026-11-20T17:00:00.000Z',
  revokedAt: null,
}

export const CalendarFeed = component(
  'CalendarFeed',
  strictObject(fields, {
    description: 'A calendar that programs subscribe to. Its address is shown once, when it is made.',
    examples: [example],
  }),
)

export const NewlyMadeFeed = component(
  'CalendarFeedWithAddress',
  strictObject(
    {
      ...fields,
      path: Type.String({
        description:
          'The secret address, below that of the service. Whoever knows it sees the calendar; only a hash of it is kept.',
        examples: [examplePath],
      }),
    },
    { description: 'A feed with its address.', examples: [{ ...example, path: examplePath }] },
  ),
)

export const CalendarFeedPage = listOf('CalendarFeedPage', CalendarFeed)

export const NewCalendarFeed = component(
  'NewCalendarFeed',
  strictObject(
    {
      staffId: Type.Optional(Id('A clinician: their calendar.', ids.staff)),
      clientId: Type.Optional(Id('A client: what they come to.', ids.client)),
    },
    {
      description: 'Whose calendar it shows: one of the two.',
      examples: [{ clientId: ids.client }],
    },
  ),
)

export const CalendarFeedQuery = strictObject({
  staffId: Type.Optional(Id('Only of this clinician.', ids.staff)),
  clientId: Type.Optional(Id('Only of this client.', ids.client)),
  ...PageQuery,
})

export const OwnFeedQuery = strictObject(PageQuery)

export const CalendarFeedParams = strictObject({ feedId: Id('The feed.', ids.feed) })

export const FeedAddress = strictObject({
  feedAddress: Type.String({
    minLength: 1,
    maxLength: 160,
    description: 'The secret part of the address.',
    examples: ['cairn_feed_ficT10nal'],
  }),
})

export type CalendarFeed = Static<typeof CalendarFeed>
export type NewlyMadeFeed = Static<typeof NewlyMadeFeed>
export type NewCalendarFeed = Static<typeof NewCalendarFeed>
export type CalendarFeedQuery = Static<typeof CalendarFeedQuery>
export type OwnFeedQuery = Static<typeof OwnFeedQuery>
