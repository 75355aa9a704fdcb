import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'

export const TimelineEntry = component(
  'ChartTimelineEntry',
  strictObject(
    {
      id: Id('The event.', '019c0000-0000-7000-8000-000000000e01'),
      type: Type.String({ description: 'An event type of the feed.', examples: ['chart.opened'] }),
      resourceType: Type.String({ examples: ['chart'] }),
      resourceId: Id('What it happened to.', '019c0000-0000-7000-8000-0000000000c1'),
      resourceVersion: Nullable(Version),
      occurredAt: Instant('When it happened.'),
    },
    {
      description: 'Something that happened in a chart: what and when, never its content.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-000000000e01',
          type: 'chart.opened',
          resourceType: 'chart',
          resourceId: '019c0000-0000-7000-8000-0000000000c1',
          resourceVersion: 1,
          occurredAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const TimelineQuery = strictObject({ ...PageQuery })
export const TimelinePage = listOf('ChartTimelinePage', TimelineEntry)

export type TimelineEntry = Static<typeof TimelineEntry>
export type TimelineQuery = Static<typeof TimelineQuery>
