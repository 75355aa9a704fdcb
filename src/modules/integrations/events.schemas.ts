import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { component, Id, Instant, Nullable, PageQuery, strictObject } from '../../lib/schemas.ts'

const eventExample = {
  id: '019c0000-0000-7000-8000-00000000e001',
  type: 'location.created',
  occurredAt: '2026-11-23T16:00:00.000Z',
  resource: { type: 'location', id: '019c0000-0000-7000-8000-0000000000a1', version: 1 },
  chartId: null,
}

export const DomainEvent = component(
  'DomainEvent',
  strictObject(
    {
      id: Id('The event. Delivered again after a lost answer it has the same id.'),
      type: Type.String({
        description: 'What happened: resource and verb in the past.',
        examples: ['location.created'],
      }),
      occurredAt: Instant('When it happened. The feed is in the order of commits, which may differ.'),
      resource: strictObject(
        {
          type: Type.String({ examples: ['location'] }),
          id: Id('The resource. Read it to learn more: an event never holds content.'),
          version: Nullable(Type.Integer({ minimum: 1, description: 'Its version after the event.' })),
        },
        { description: 'What it happened to.' },
      ),
      chartId: Nullable(Type.String({ format: 'uuid', description: 'The chart, where there is one.' })),
    },
    {
      description: 'Something that happened in the practice: ids and a type, no content.',
      examples: [eventExample],
    },
  ),
)

export const EventQuery = strictObject({
  limit: PageQuery.limit,
  cursor: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'The `nextCursor` of the answer before. Left out: from the first event.',
      examples: ['b3BhcXVl'],
    }),
  ),
  types: Type.Optional(
    Type.Array(Type.String({ maxLength: 1_000, pattern: '^[a-z.,_-]+$' }), {
      minItems: 1,
      maxItems: 50,
      description: 'Only these types: repeated, or separated by commas.',
      examples: [['location.created', 'location.updated']],
    }),
  ),
  waitSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: limits.http.longPollSeconds,
      default: 0,
      description: 'When there is nothing new, wait up to this long for it.',
      examples: [0],
    }),
  ),
})

export const EventPage = component(
  'EventPage',
  strictObject(
    {
      data: Type.Array(DomainEvent),
      nextCursor: Type.String({
        description: 'Always there: keep it, and give it as `cursor` to go on, now or next week.',
      }),
    },
    {
      description: 'Events in the order in which they became visible.',
      examples: [{ data: [eventExample], nextCursor: 'b3BhcXVl' }],
    },
  ),
)

export type DomainEvent = Static<typeof DomainEvent>
export type EventQuery = Static<typeof EventQuery>
export type EventPage = Static<typeof EventPage>
