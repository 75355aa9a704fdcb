import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  TimeZone,
} from '../../../lib/schemas.ts'
import { kind } from './blocks.schemas.ts'
import { example } from './examples.ts'
import { participantNames } from './intensives.rules.ts'

const ItineraryBlock = component(
  'ItineraryBlock',
  strictObject(
    {
      id: Id('The block.', example.block),
      kind,
      startsAt: Instant('When it starts.', '2026-12-07T17:00:00.000Z'),
      endsAt: Instant('When it ends.', '2026-12-07T18:30:00.000Z'),
      localStart: Type.String({ description: 'On the wall clock of the location.', examples: ['09:00'] }),
      localEnd: Type.String({ description: 'On the wall clock of the location.', examples: ['10:30'] }),
      clinicians: Type.Array(Type.String(), {
        description: 'Who gives it, by name.',
        examples: [['Dr. Example']],
      }),
      room: Nullable(Type.String({ description: 'The name of the room.', examples: ['Willow'] })),
      status: OneOf(['booked', 'given', 'not_given', 'canceled'] as const),
    },
    {
      description: 'A block in which the participant takes part.',
      examples: [
        {
          id: example.block,
          kind: 'individual',
          startsAt: '2026-12-07T17:00:00.000Z',
          endsAt: '2026-12-07T18:30:00.000Z',
          localStart: '09:00',
          localEnd: '10:30',
          clinicians: ['Dr. Example'],
          room: 'Willow',
          status: 'booked',
        },
      ],
    },
  ),
)

export const Itinerary = component(
  'Itinerary',
  strictObject(
    {
      intensiveId: Id('The intensive.', example.intensive),
      timeZone: TimeZone('The zone of the location.'),
      locationName: Type.String({ examples: ['Harbor Office'] }),
      address: Nullable(Type.String({ examples: ['100 Example Street, Faketown, CA 90000'] })),
      days: Type.Array(
        strictObject({
          date: CalendarDate('At the location.', '2026-12-07'),
          blocks: Type.Array(ItineraryBlock),
        }),
      ),
      version: Type.Integer({
        minimum: 1,
        description: 'Grows with every change of one of these blocks, and of nothing else.',
      }),
    },
    {
      description:
        'What one participant takes part in: joint blocks and their own, and nothing of anybody else’s.',
      examples: [
        {
          intensiveId: example.intensive,
          timeZone: 'America/Los_Angeles',
          locationName: 'Harbor Office',
          address: '100 Example Street, Faketown, CA 90000',
          days: [],
          version: 1,
        },
      ],
    },
  ),
)

export const OwnIntensive = component(
  'OwnIntensive',
  strictObject(
    {
      id: Id('The intensive.', example.intensive),
      isCanceled: Type.Boolean({ description: 'Whether all of it was canceled.' }),
      timeZone: TimeZone('The zone of the location.'),
      startsAt: Instant('When the client’s first block starts.', '2026-12-07T17:00:00.000Z'),
      endsAt: Instant('When the client’s last block ends.', '2026-12-09T23:00:00.000Z'),
    },
    {
      description: 'An intensive in which the client takes part.',
      examples: [
        {
          id: example.intensive,
          isCanceled: false,
          timeZone: 'America/Los_Angeles',
          startsAt: '2026-12-07T17:00:00.000Z',
          endsAt: '2026-12-09T23:00:00.000Z',
        },
      ],
    },
  ),
)

export const ItineraryParams = strictObject({
  intensiveId: Id('The intensive.', example.intensive),
  participant: OneOf(participantNames, { description: 'Whose, by their place.', examples: ['a'] }),
})

export const OwnIntensiveQuery = strictObject(PageQuery)
export const OwnIntensivePage = listOf('OwnIntensivePage', OwnIntensive)

export type Itinerary = Static<typeof Itinerary>
export type OwnIntensive = Static<typeof OwnIntensive>
export type OwnIntensiveQuery = Static<typeof OwnIntensiveQuery>
