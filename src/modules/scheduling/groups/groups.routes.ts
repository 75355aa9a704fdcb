import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './groups.schemas.ts'
import * as service from './groups.service.ts'
import * as meetingSchemas from './meetings.schemas.ts'
import * as meetings from './meetings.service.ts'
import * as members from './members.service.ts'

const common = { tag: 'Groups' } as const
const oneGroup = { ...common, params: schemas.GroupParams } as const
const shown = { status: 200, schema: schemas.Group, description: 'The group as it is now.' } as const
const oneMeeting = { ...common, params: meetingSchemas.GroupMeetingParams } as const
const shownMeeting = {
  status: 200,
  schema: meetingSchemas.GroupMeeting,
  description: 'The meeting as it is now.',
} as const
const meetingPath = '/v1/group-meetings/{groupMeetingId}'

export const groupRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/groups',
    operationId: 'listGroups',
    summary: 'List groups',
    description: 'Groups with seats whose chart the caller may see, the newest first.',
    permission: 'appointments:read',
    query: schemas.GroupQuery,
    success: { status: 200, schema: schemas.GroupPage, description: 'A page of groups.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listGroups(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/groups',
    operationId: 'createGroup',
    summary: 'Set up the seats of a group',
    description:
      'Gives a group that has a chart (`POST /v1/charts`) seats and facilitators. Its present members sit down; from now on members come and go here, and no longer by the chart. Each chart has one.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewGroup,
    success: { status: 201, schema: schemas.Group, description: 'The group.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { body }) => {
      const group = await service.createGroup(trx, body)
      return created(`/v1/groups/${group.id}`, group)
    },
  }),
  operation({
    ...oneGroup,
    method: 'GET',
    path: '/v1/groups/{groupId}',
    operationId: 'getGroup',
    summary: 'Read a group',
    description: 'Its facilitators, seats, curriculum and how often members came.',
    permission: 'appointments:read',
    success: shown,
    handler: async (trx, { params }) => ok(await service.getGroup(trx, params.groupId)),
  }),
  operation({
    ...oneGroup,
    method: 'PATCH',
    path: '/v1/groups/{groupId}',
    operationId: 'changeGroup',
    summary: 'Change a group',
    description:
      'Seats become more, or fewer as long as there are not more members than that (`conflict`). Meetings that are booked keep their facilitators. What becomes free is offered to who waits.',
    permission: 'appointments:write',
    ifMatch: true,
    body: schemas.GroupChange,
    success: shown,
    problems: ['invalid-state', 'unknown-reference', 'conflict'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.changeGroup(trx, params.groupId, version, body)),
  }),
  operation({
    ...oneGroup,
    method: 'POST',
    path: '/v1/groups/{groupId}/status-changes',
    operationId: 'changeGroupStatus',
    summary: 'Begin, pause or end a group',
    description:
      '`forming` → `running` ⇄ `paused`, and `ended` from each of them. A group that ends cancels its coming meetings; members keep their places in its chart.',
    permission: 'appointments:write',
    ifMatch: true,
    body: schemas.GroupStatusChange,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.changeStatus(trx, params.groupId, version, body)),
  }),
  operation({
    ...oneGroup,
    method: 'GET',
    path: '/v1/groups/{groupId}/members',
    operationId: 'listGroupMembers',
    summary: 'List the members of a group',
    description: 'Who has, or had, a seat, in the order they joined.',
    permission: 'appointments:read',
    query: schemas.GroupListQuery,
    success: { status: 200, schema: schemas.GroupMemberPage, description: 'A page of members.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await members.listMembers(trx, params.groupId, query)),
  }),
  operation({
    ...oneGroup,
    method: 'POST',
    path: '/v1/groups/{groupId}/members',
    operationId: 'joinGroup',
    summary: 'Give a client a seat',
    description:
      'Takes a free seat (`conflict` where there is none), makes the client a member of the group’s chart, and takes their time at all meetings that are booked. A client who cannot be there, or cannot be in this group for a reason that the caller may not see, is refused as `resource-busy`.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewGroupMember,
    success: { status: 201, schema: schemas.JoinedGroup, description: 'The membership.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state', 'conflict', 'resource-busy'],
    handler: async (trx, { params, body }) =>
      created(`/v1/groups/${params.groupId}/members`, await members.joinGroup(trx, params.groupId, body)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/groups/{groupId}/members/{groupMemberId}',
    operationId: 'correctGroupAgreement',
    summary: 'Correct the date of an agreement',
    description:
      'When a member signed the agreement of the group, of those who left too. `GET /v1/groups/{groupId}/changes` keeps each date.',
    permission: 'appointments:write',
    ifMatch: true,
    params: schemas.GroupMemberParams,
    body: schemas.GroupMemberChange,
    success: { status: 200, schema: schemas.GroupMember, description: 'The membership as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await members.correctAgreement(trx, params.groupId, params.groupMemberId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/groups/{groupId}/members/{groupMemberId}/departure',
    operationId: 'leaveGroup',
    summary: 'Let a member leave',
    description:
      'Gives up the seat and the time of coming meetings, and ends the membership of the chart. The seat is offered to who waits.',
    permission: 'appointments:write',
    params: schemas.GroupMemberParams,
    body: schemas.GroupDeparture,
    success: { status: 200, schema: schemas.GroupMember, description: 'The ended membership.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) =>
      ok(await members.leaveGroup(trx, params.groupId, params.groupMemberId, body)),
  }),
  operation({
    ...oneGroup,
    method: 'GET',
    path: '/v1/groups/{groupId}/changes',
    operationId: 'listGroupChanges',
    summary: 'List the changes of a group',
    description:
      'Every step of the group, its members and its meetings with what held after it, oldest first: also from where a meeting was moved.',
    permission: 'appointments:read',
    query: schemas.GroupListQuery,
    success: { status: 200, schema: schemas.GroupHistoryPage, description: 'A page of changes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.getHistory(trx, params.groupId, query)),
  }),
  operation({
    ...oneGroup,
    method: 'POST',
    path: '/v1/groups/{groupId}/meetings',
    operationId: 'bookGroupMeetings',
    summary: 'Book meetings of a group',
    description:
      'Books one meeting or many at one time of the week, all of them or none, and takes facilitators, room and members for each, with the buffers of the service around facilitators and room. `resource-busy` says what is taken as for an appointment. The room has to hold every seat. Clinicians book meetings that they lead alone.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: meetingSchemas.NewGroupMeetings,
    success: {
      status: 201,
      schema: meetingSchemas.BookedGroupMeetings,
      description: 'The meetings; `Location` leads to the first.',
    },
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const booked = await meetings.bookMeetings(trx, params.groupId, body)
      return created(`/v1/group-meetings/${booked.meetings[0]?.id}`, booked)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/group-meetings',
    operationId: 'listGroupMeetings',
    summary: 'List meetings of groups',
    description: 'Meetings that start in `[from, to)`, by start, of groups whose chart the caller may see.',
    permission: 'appointments:read',
    query: meetingSchemas.GroupMeetingQuery,
    success: { status: 200, schema: meetingSchemas.GroupMeetingPage, description: 'A page of meetings.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await meetings.listMeetings(trx, query)),
  }),
  operation({
    ...oneMeeting,
    method: 'GET',
    path: meetingPath,
    operationId: 'getGroupMeeting',
    summary: 'Read a meeting',
    description: 'Time, place and attendance of a meeting.',
    permission: 'appointments:read',
    success: shownMeeting,
    handler: async (trx, { params }) => ok(await meetings.getMeeting(trx, params.groupMeetingId)),
  }),
  operation({
    ...oneMeeting,
    method: 'PATCH',
    path: meetingPath,
    operationId: 'moveGroupMeeting',
    summary: 'Move a meeting',
    description:
      'Another time, place, facilitators or topic of a meeting that is scheduled. One that becomes telehealth leaves its location and room. Its old time stays in the changes of the group.',
    permission: 'appointments:write',
    ifMatch: true,
    body: meetingSchemas.GroupMeetingMove,
    success: shownMeeting,
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await meetings.moveMeeting(trx, params.groupMeetingId, version, body)),
  }),
  operation({
    ...oneMeeting,
    method: 'POST',
    path: `${meetingPath}/cancellation`,
    operationId: 'cancelGroupMeeting',
    summary: 'Cancel a meeting',
    description: 'Gives facilitators, room and members back.',
    permission: 'appointments:write',
    ifMatch: true,
    body: meetingSchemas.GroupMeetingCancellation,
    success: shownMeeting,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await meetings.cancelMeeting(trx, params.groupMeetingId, version, body)),
  }),
  operation({
    ...oneMeeting,
    method: 'POST',
    path: `${meetingPath}/attendance`,
    operationId: 'recordGroupAttendance',
    summary: 'Record the attendance of a meeting',
    description:
      'The meeting took place, with its real start and end and who was there. It may be repeated to correct it. What happened there is documented in the chart of the group.',
    permission: 'appointments:write',
    ifMatch: true,
    body: meetingSchemas.NewGroupAttendance,
    success: shownMeeting,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, version, body }) =>
      ok(await meetings.recordAttendance(trx, params.groupMeetingId, version, body)),
  }),
]
