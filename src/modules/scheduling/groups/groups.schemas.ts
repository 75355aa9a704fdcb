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
  Version,
} from '../../../lib/schemas.ts'
import { groupKinds, groupStatuses } from './groups.rules.ts'

const most = limits.scheduling

export const groupExample = {
  group: '019c0000-0000-7000-8000-0000000000d4',
  meeting: '019c0000-0000-7000-8000-0000000000d5',
  member: '019c0000-0000-7000-8000-0000000000d6',
  chart: '019c0000-0000-7000-8000-0000000000c4',
  client: '019c0000-0000-7000-8000-0000000000b1',
  service: '019c0000-0000-7000-8000-0000000000a8',
  facilitator: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}
const example = groupExample

export const groupChangeKinds = [
  'created',
  'updated',
  'status_changed',
  'member_joined',
  'member_left',
  'agreement_corrected',
  'meeting_booked',
  'meeting_moved',
  'meeting_held',
  'meeting_canceled',
] as const

export const leavingReasons = [
  'completed',
  'moved_away',
  'client_choice',
  'schedule',
  'not_suitable',
  'other_care',
  'other',
] as const

export const facilitatorsOf = (description: string) =>
  Type.Array(Id('A clinician who leads the group.', example.facilitator), {
    minItems: 1,
    maxItems: most.together,
    uniqueItems: true,
    description,
  })

const fields = {
  kind: OneOf(groupKinds, { description: 'What it is for.' }),
  enrollment: OneOf(['open', 'closed'] as const, {
    description: '`closed`: nobody joins once the group runs.',
  }),
  genderRule: OneOf(['any', 'women', 'men'] as const, {
    description: 'For whom it is meant. It is kept to in screening; nothing is refused by it.',
  }),
  serviceId: Id('A service of kind `group`: its length and buffers are those of meetings.', example.service),
  capacity: Type.Integer({
    minimum: 1,
    maximum: most.groups.seats,
    description: 'How many seats it has. There are never more members than seats.',
  }),
  facilitatorIds: facilitatorsOf('Who leads it unless a meeting says otherwise.'),
  curriculum: Type.Array(Text(200), {
    maxItems: most.groups.topics,
    description: 'Its topics, in their order. They name nobody.',
    examples: [['Triggers', 'Urges', 'Boundaries']],
  }),
}

const groupShown = {
  id: example.group,
  chartId: example.chart,
  name: 'Tuesday Skills Group (fictional)',
  kind: 'psychoeducation',
  enrollment: 'open',
  genderRule: 'any',
  serviceId: example.service,
  capacity: 8,
  facilitatorIds: [example.facilitator],
  curriculum: ['Triggers', 'Urges', 'Boundaries'],
  status: 'forming',
  seats: { taken: 5, free: 3 },
  attendance: { meetingsHeld: 4, rate: 0.9 },
  version: 1,
  createdAt: '2026-11-20T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
} as const

export const Group = component(
  'Group',
  strictObject(
    {
      id: Id('The group.', example.group),
      chartId: Id('Its chart: the records, the care team and the name stand there.', example.chart),
      name: Type.String({ description: 'The name of its chart.' }),
      ...fields,
      status: OneOf(groupStatuses),
      seats: strictObject(
        {
          taken: Type.Integer({ description: 'By present members.' }),
          free: Type.Integer({ description: 'What is left.' }),
        },
        { description: 'Its seats.' },
      ),
      attendance: strictObject(
        {
          meetingsHeld: Type.Integer({ description: 'Meetings with attendance.' }),
          rate: Nullable(
            Type.Number({
              minimum: 0,
              maximum: 1,
              description:
                'Of all that members were expected, how often they came (present, late or left early); null before the first.',
            }),
          ),
        },
        { description: 'Over all meetings that were held.' },
      ),
      version: Version,
      createdAt: Instant('When its seats were set up.', '2026-11-20T17:00:00.000Z'),
      updatedAt: Instant('When it last changed.', '2026-11-20T17:00:00.000Z'),
    },
    { description: 'What is scheduled of a group. It names no member.', examples: [groupShown] },
  ),
)

export const NewGroup = component(
  'NewGroup',
  strictObject(
    {
      chartId: Id('An open chart of a group. Its present members take seats.', example.chart),
      ...fields,
      genderRule: Type.Optional(fields.genderRule),
      curriculum: Type.Optional(fields.curriculum),
    },
    {
      description: 'Seats and meetings for a group that has a chart.',
      examples: [
        {
          chartId: example.chart,
          kind: 'psychoeducation',
          enrollment: 'open',
          serviceId: example.service,
          capacity: 8,
          facilitatorIds: [example.facilitator],
          curriculum: ['Triggers', 'Urges', 'Boundaries'],
        },
      ],
    },
  ),
)

export const GroupChange = component(
  'GroupUpdate',
  Type.Partial(
    strictObject({
      kind: fields.kind,
      enrollment: fields.enrollment,
      genderRule: fields.genderRule,
      capacity: fields.capacity,
      facilitatorIds: fields.facilitatorIds,
      curriculum: fields.curriculum,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'What is to change; meetings that are booked stay as they are.',
      examples: [{ capacity: 10, curriculum: ['Triggers', 'Urges'] }],
    },
  ),
)

export const GroupStatusChange = component(
  'GroupStatusChange',
  strictObject(
    { to: OneOf(['running', 'paused', 'ended'] as const, { description: 'The new status.' }) },
    { description: 'A step of a group.', examples: [{ to: 'running' }] },
  ),
)

const memberShown = {
  id: example.member,
  clientId: example.client,
  displayName: 'Robin Example',
  joinedAt: '2026-11-20T17:00:00.000Z',
  agreementSignedOn: '2026-11-20',
  leftAt: null,
  leavingReason: null,
  version: 1,
}

const memberFields = {
  id: Id('The membership.', example.member),
  clientId: Id('The client.', example.client),
  displayName: Nullable(
    Type.String({ description: 'What they are called; null for a caller who may not read clients.' }),
  ),
  joinedAt: Instant('When they took the seat.', '2026-11-20T17:00:00.000Z'),
  agreementSignedOn: Nullable(CalendarDate('When they signed the agreement of the group.', '2026-11-20')),
  leftAt: Nullable(Instant('When they gave it up.')),
  leavingReason: Nullable(OneOf(leavingReasons)),
  version: Version,
}

export const GroupMember = component(
  'GroupMember',
  strictObject(memberFields, {
    description: 'Somebody who has, or had, a seat in a group. For staff; no client is shown another.',
    examples: [memberShown],
  }),
)

export const JoinedGroup = component(
  'JoinedGroup',
  strictObject(
    {
      ...memberFields,
      unreservedMeetingIds: Type.Array(Id('A meeting at which they have something else.', example.meeting), {
        description: 'Meetings for which their time could not be taken; only with `acceptClashes`.',
      }),
    },
    { description: 'The new membership.', examples: [{ ...memberShown, unreservedMeetingIds: [] }] },
  ),
)

export const acceptClashes = Type.Boolean({
  description:
    'Go on although members have something else at some meetings: their time is not taken there. Otherwise it is refused.',
})

export const NewGroupMember = component(
  'NewGroupMember',
  strictObject(
    {
      clientId: Id('A client whom the caller may see.', example.client),
      agreementSignedOn: Type.Optional(memberFields.agreementSignedOn),
      acceptClashes: Type.Optional(acceptClashes),
    },
    {
      description: 'Somebody who is to have a seat.',
      examples: [{ clientId: example.client, agreementSignedOn: '2026-11-20' }],
    },
  ),
)

export const GroupDeparture = component(
  'GroupDeparture',
  strictObject(
    { reasonCode: OneOf(leavingReasons, { description: 'Why, in a word.' }) },
    { description: 'A member leaves.', examples: [{ reasonCode: 'completed' }] },
  ),
)

export const GroupMemberChange = component(
  'GroupMemberChange',
  strictObject(
    { agreementSignedOn: memberFields.agreementSignedOn },
    {
      description: 'The right date of an agreement; null where it was not signed after all.',
      examples: [{ agreementSignedOn: '2026-11-21' }],
    },
  ),
)

export const GroupHistoryEntry = component(
  'GroupHistoryEntry',
  strictObject(
    {
      id: Id('This step.', '019c0000-0000-7000-8000-0000000000f4'),
      kind: OneOf(groupChangeKinds),
      recordedById: Nullable(
        Id('The member of staff who did it; null for an API client.', example.facilitator),
      ),
      status: Nullable(OneOf(groupStatuses, { description: 'Of the group, after a step of it.' })),
      capacity: Nullable(Type.Integer({ description: 'Of the group, after a step of it.' })),
      facilitatorIds: Nullable(
        Type.Array(Id('A clinician.', example.facilitator), {
          description: 'Of the group or the meeting, after the step.',
        }),
      ),
      groupMemberId: Nullable(Id('Who joined or left.', example.member)),
      groupMeetingId: Nullable(Id('The meeting it was about.', example.meeting)),
      locationId: Nullable(Id('Where the meeting was after it.', example.location)),
      roomId: Nullable(Id('The room after it.', example.room)),
      startsAt: Nullable(Instant('When the meeting started after it.')),
      endsAt: Nullable(Instant('When the meeting ended after it.')),
      reasonCode: Nullable(Type.String({ description: 'Of a departure or a cancellation.' })),
      agreementSignedOn: Nullable(
        CalendarDate(
          'Of a member who joined or whose date was corrected: what it was after it.',
          '2026-11-20',
        ),
      ),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step of a group, a member or a meeting, with what held after it.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000f4',
          kind: 'meeting_moved',
          recordedById: example.facilitator,
          status: null,
          capacity: null,
          facilitatorIds: [example.facilitator],
          groupMemberId: null,
          groupMeetingId: example.meeting,
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-12-02T02:00:00.000Z',
          endsAt: '2026-12-02T03:30:00.000Z',
          reasonCode: null,
          agreementSignedOn: null,
          createdAt: '2026-11-23T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const GroupParams = strictObject({ groupId: Id('The group.', example.group) })
export const GroupMemberParams = strictObject({
  ...GroupParams.properties,
  groupMemberId: Id('The membership.', example.member),
})
export const GroupQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(groupStatuses, { description: 'Only these.', examples: ['forming'] })),
})
export const GroupListQuery = strictObject(PageQuery)

export const GroupPage = listOf('GroupPage', Group)
export const GroupMemberPage = listOf('GroupMemberPage', GroupMember)
export const GroupHistoryPage = listOf('GroupHistoryPage', GroupHistoryEntry)

export type Group = Static<typeof Group>
export type NewGroup = Static<typeof NewGroup>
export type GroupChange = Static<typeof GroupChange>
export type GroupStatusChange = Static<typeof GroupStatusChange>
export type GroupMember = Static<typeof GroupMember>
export type JoinedGroup = Static<typeof JoinedGroup>
export type NewGroupMember = Static<typeof NewGroupMember>
export type GroupMemberChange = Static<typeof GroupMemberChange>
export type GroupDeparture = Static<typeof GroupDeparture>
export type GroupHistoryEntry = Static<typeof GroupHistoryEntry>
export type GroupQuery = Static<typeof GroupQuery>
export type GroupListQuery = Static<typeof GroupListQuery>
