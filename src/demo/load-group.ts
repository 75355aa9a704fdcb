import type { GroupMeeting } from '../../openapi/client/index.ts'
import { answered, once, onceIfStill } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import { idOf, type LoadedCare } from './load-care.ts'
import { type LoadedPractice, person } from './load-practice.ts'
import { isOver } from './moments.ts'

/**
 * A group that is full and meets weekly; the meetings that are over were held and are written up.
 *
 * @returns its id
 */
export async function loadGroup(
  practice: LoadedPractice,
  care: LoadedCare,
  { group }: DemoData,
): Promise<string> {
  const { client } = person(practice, 'fred')
  const { staffId } = person(practice, group.clinician)
  const { id: chartId } = await answered(
    client.POST('/v1/charts', {
      params: once(),
      body: { kind: 'group', name: group.name, primaryClinicianId: staffId },
    }),
  )
  const made = await answered(
    client.POST('/v1/groups', {
      params: once(),
      body: {
        chartId,
        kind: 'process',
        enrollment: 'open',
        serviceId: practice.serviceIds[group.service] ?? '',
        capacity: group.capacity,
        facilitatorIds: [staffId],
        curriculum: group.curriculum,
      },
    }),
  )
  const path = { groupId: made.id }
  for (const member of group.members) {
    const body = { clientId: idOf(care, member), agreementSignedOn: practice.days.ago(30) }
    await answered(client.POST('/v1/groups/{groupId}/members', { params: { path, ...once() }, body }))
  }
  const now = await answered(client.GET('/v1/groups/{groupId}', { params: { path } }))
  await answered(
    client.POST('/v1/groups/{groupId}/status-changes', {
      params: { path, ...onceIfStill(now) },
      body: { to: 'running' },
    }),
  )
  const meetings = await bookMeetings(practice, group, made.id)
  for (const meeting of meetings.filter(({ endsAt }) => isOver(endsAt))) {
    await hold(practice, meeting)
    await writeUp(practice, group, chartId, meeting)
  }
  return made.id
}

async function bookMeetings(practice: LoadedPractice, group: DemoData['group'], groupId: string) {
  const { firstWeek, weekday, time, weeks, curriculum, room } = group
  const { meetings } = await answered(
    person(practice, 'fred').client.POST('/v1/groups/{groupId}/meetings', {
      params: { path: { groupId }, ...once() },
      body: {
        firstOn: practice.days.on({ week: firstWeek, weekday }),
        time,
        weeks,
        topics: Array.from({ length: weeks }, (_, index) => curriculum[index % curriculum.length] ?? ''),
        mode: 'in_person',
        locationId: practice.locationId,
        roomId: practice.roomIds[room] ?? '',
      },
    }),
  )
  return meetings
}

/** Everybody came. */
async function hold(practice: LoadedPractice, meeting: GroupMeeting): Promise<void> {
  const body = { actualStartsAt: meeting.startsAt, actualEndsAt: meeting.endsAt, members: [] }
  const params = { path: { groupMeetingId: meeting.id }, ...onceIfStill(meeting) }
  await answered(
    person(practice, 'fred').client.POST('/v1/group-meetings/{groupMeetingId}/attendance', { params, body }),
  )
}

/** One record without names, and a note of their own for each who was there. */
async function writeUp(
  practice: LoadedPractice,
  group: DemoData['group'],
  chartId: string,
  { startsAt, endsAt }: GroupMeeting,
): Promise<void> {
  const { client } = person(practice, group.clinician)
  const path = { chartId }
  const { members } = await answered(client.GET('/v1/charts/{chartId}', { params: { path } }))
  const note = {
    header: { risk: { status: 'denied' as const }, progress: 'some' as const },
    content: group.memberNote,
  }
  const begun = await answered(
    client.POST('/v1/charts/{chartId}/group-sessions', {
      params: { path, ...once() },
      body: {
        startedAt: startsAt,
        endedAt: endsAt,
        record: group.record,
        members: members.map(({ id }) => ({ memberId: id, presence: 'present' as const, note })),
      },
    }),
  )
  await answered(
    client.POST('/v1/charts/{chartId}/group-sessions/{groupSessionId}/signature', {
      params: { path: { ...path, groupSessionId: begun.session.id }, ...onceIfStill(begun.session) },
    }),
  )
}
