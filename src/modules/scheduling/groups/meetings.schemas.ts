import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
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
  Text,
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { ClockTime } from '../../practice/index.ts'
import { reasonCode } from '../session-fields.schemas.ts'
import { acceptClashes, groupExample as example, facilitatorsOf } from './groups.schemas.ts'

const most = limits.scheduling

export const memberPresences = ['present', 'late', 'left_early', 'absent_excused', 'absent'] as const

const place = {
  facilitatorIds: facilitatorsOf('Who leads it; the facilitators of the group when left out.'),
  mode: OneOf(['in_person', 'telehealth'], { description: 'One of the modes of the service.' }),
  locationId: Nullable(Id('Where it is held; null for telehealth.', example.location)),
  roomId: Nullable(Id('A room of the location for everybody who has a seat.', example.room)),
}

const topic = Text(200, { description: 'What it is to be about. It names nobody.' })
const durationMinutes = Type.Integer({
  minimum: 5,
  maximum: 1440,
  description: 'Length without buffers; that of the service when left out.',
  examples: [90],
})

const MemberAttendance = component(
  'GroupMeetingAttendance',
  strictObject(
    {
      groupMemberId: Id('A member of the group at that time.', example.member),
      presence: OneOf(memberPresences, { description: 'Whether they were there.' }),
    },
    {
      description: 'Whether a member was there.',
      examples: [{ groupMemberId: example.member, presence: 'present' }],
    },
  ),
)

const meetingShown = {
  id: example.meeting,
  groupId: example.group,
  groupName: 'Tuesday Skills Group (fictional)',
  facilitatorIds: [example.facilitator],
  mode: 'in_person',
  locationId: example.location,
  roomId: example.room,
  startsAt: '2026-12-02T02:00:00.000Z',
  endsAt: '2026-12-02T03:30:00.000Z',
  timeZone: 'America/Los_Angeles',
  topic: 'Triggers',
  status: 'scheduled',
  cancellation: null,
  attendance: null,
  version: 1,
  createdAt: '2026-11-20T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
}

export const GroupMeeting = component(
  'GroupMeeting',
  strictObject(
    {
      id: Id('The meeting.', example.meeting),
      groupId: Id('The group.', example.group),
      groupName: Type.String({ description: 'The name of its chart.' }),
      ...place,
      startsAt: Instant('When it starts.', '2026-12-02T02:00:00.000Z'),
      endsAt: Instant('When it ends.', '2026-12-02T03:30:00.000Z'),
      timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
      topic: Nullable(topic),
      status: OneOf(['scheduled', 'held', 'canceled'] as const),
      cancellation: Nullable(
        strictObject(
          {
            reasonCode,
            canceledAt: Instant('When it was recorded.'),
          },
          { description: 'Of a canceled meeting.' },
        ),
      ),
      attendance: Nullable(
        strictObject(
          {
            actualStartsAt: Instant('When it really started.'),
            actualEndsAt: Instant('When it really ended.'),
            members: Type.Array(MemberAttendance),
          },
          { description: 'Of a meeting that was held. For staff; no client is shown another.' },
        ),
      ),
      version: Version,
      createdAt: Instant('When it was booked.', '2026-11-20T17:00:00.000Z'),
      updatedAt: Instant('When it last changed.', '2026-11-20T17:00:00.000Z'),
    },
    { description: 'One time at which a group meets.', examples: [meetingShown] },
  ),
)

export const NewGroupMeetings = component(
  'NewGroupMeetings',
  strictObject(
    {
      firstOn: CalendarDate('The day of the first, as the place counts its days.', '2026-12-01'),
      time: ClockTime('The time on the clock of the place.', '18:00'),
      weeks: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: most.searchWeeks,
          default: 1,
          description: 'How many meetings.',
          examples: [12],
        }),
      ),
      everyWeeks: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 8,
          default: 1,
          description: '2 is every other week.',
          examples: [1],
        }),
      ),
      topics: Type.Optional(
        Type.Array(topic, {
          maxItems: most.searchWeeks,
          description: 'Of the meetings in their order; further ones have none.',
        }),
      ),
      durationMinutes: Type.Optional(durationMinutes),
      ...place,
      facilitatorIds: Type.Optional(place.facilitatorIds),
      locationId: Type.Optional(place.locationId),
      roomId: Type.Optional(place.roomId),
      acceptClashes: Type.Optional(acceptClashes),
    },
    {
      description:
        'Meetings at one time of the week. It stays the same on the wall clock; a time that does not exist is moved forward by the gap, of one that comes twice the first counts.',
      examples: [
        {
          firstOn: '2026-12-01',
          time: '18:00',
          weeks: 2,
          topics: ['Triggers', 'Urges'],
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
        },
      ],
    },
  ),
)

export const BookedGroupMeetings = component(
  'BookedGroupMeetings',
  strictObject(
    { meetings: Type.Array(GroupMeeting, { description: 'By start.' }) },
    { description: 'What was booked.', examples: [{ meetings: [meetingShown] }] },
  ),
)

export const GroupMeetingMove = component(
  'GroupMeetingMove',
  Type.Partial(
    strictObject({
      ...place,
      startsAt: Instant('When it starts, on a whole minute.', '2026-12-03T02:00:00.000Z'),
      durationMinutes,
      topic: Nullable(topic),
      acceptClashes,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The new time, place, facilitators or topic; what is left out stays.',
      examples: [{ startsAt: '2026-12-03T02:00:00.000Z' }],
    },
  ),
)

export const GroupMeetingCancellation = component(
  'GroupMeetingCancellation',
  strictObject(
    { reasonCode },
    { description: 'Why it does not take place.', examples: [{ reasonCode: 'weather' }] },
  ),
)

export const NewGroupAttendance = component(
  'NewGroupAttendance',
  strictObject(
    {
      actualStartsAt: Instant('When it really started.', '2026-12-02T02:02:00.000Z'),
      actualEndsAt: Instant('When it really ended.', '2026-12-02T03:28:00.000Z'),
      members: Type.Array(MemberAttendance, {
        maxItems: most.groups.seats,
        description: 'Members of the group at that time, each once. Who is not named was present.',
      }),
    },
    {
      description: 'The meeting took place.',
      examples: [
        {
          actualStartsAt: '2026-12-02T02:02:00.000Z',
          actualEndsAt: '2026-12-02T03:28:00.000Z',
          members: [{ groupMemberId: example.member, presence: 'late' }],
        },
      ],
    },
  ),
)

export const GroupMeetingParams = strictObject({ groupMeetingId: Id('The meeting.', example.meeting) })
export const GroupMeetingQuery = strictObject({
  ...PageQuery,
  from: Instant('Those that start at this instant or later.', '2026-11-23T08:00:00Z'),
  to: Instant('Those that start before this instant; at most 62 days after `from`.', '2026-11-30T08:00:00Z'),
  groupId: Type.Optional(Id('Only of this group.', example.group)),
  clinicianId: Type.Optional(Id('Only those that this clinician leads.', example.facilitator)),
  locationId: Type.Optional(Id('Only at this location.', example.location)),
})

export const GroupMeetingPage = listOf('GroupMeetingPage', GroupMeeting)

export type GroupMeeting = Static<typeof GroupMeeting>
export type NewGroupMeetings = Static<typeof NewGroupMeetings>
export type GroupMeetingMove = Static<typeof GroupMeetingMove>
export type GroupMeetingCancellation = Static<typeof GroupMeetingCancellation>
export type NewGroupAttendance = Static<typeof NewGroupAttendance>
export type GroupMeetingQuery = Static<typeof GroupMeetingQuery>
