import type { World } from '../world.ts'
import { ifStill, makeClient, makeGroup } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import { makeMetGroup } from './groups.ts'
import type { Prepared, Request } from './requests.ts'

/** Makers of sessions of groups. Each makes something fresh, through the API. */

const record = { theme: 'Urges in the evening (fictional)', interventions: ['Check-in round'] }

/** Something in every field that takes words. */
const note = {
  header: {
    place: {
      kind: 'telehealth_home',
      checkIn: { address: '1 Lane', emergencyContact: 'A sister', confirmedPrivate: true },
    },
    interventions: ['Urge surfing'],
    response: 'Took it up (fictional).',
    homeworkReview: [{ what: 'A walk', note: 'Once' }],
    homework: [{ what: 'A list' }],
    next: 'The list.',
  },
  content: {
    participation: 3,
    presentation: 'Calm (fictional).',
    response: 'Named two signs.',
    objectiveProgress: 'A first step.',
    plan: 'Bring the list.',
  },
}

/** A session of a group of one, with a draft for its member. */
async function makeGroupSession(ground: Ground, status: 'draft' | 'signed' = 'draft') {
  const { clinician } = ground.callers
  const { chartId, memberId, clientId } = await makeGroup(ground)
  const url = `/v1/charts/${chartId}/group-sessions`
  const members = [{ memberId, presence: 'present' }]
  const { session, notes } = await make(clinician, url, { sessionDate: '2026-01-05', record, members })
  if (status === 'signed')
    await make(clinician, `${url}/${session.id}/signature`, undefined, ifStill(session))
  const begun = await read(clinician, `/v1/session-notes/${notes[0].noteId}`)
  return {
    params: { chartId, groupSessionId: String(session.id) },
    memberId,
    clientId,
    ownChartId: String(begun.chartId),
  }
}

/** The record of a meeting, with everybody's note. */
async function makeRecordOfMeeting(ground: Ground): Promise<void> {
  const { chartId, groupMeetingId } = await makeMetGroup(ground)
  const url = `/v1/charts/${chartId}/group-sessions`
  await make(ground.callers.clinician, url, { groupMeetingId, record })
}

export async function groupSessionIds(ground: Ground) {
  await makeRecordOfMeeting(ground)
  const { params, ownChartId } = await makeGroupSession(ground, 'signed')
  return {
    groupChartId: params.chartId,
    groupSessionId: params.groupSessionId,
    groupMemberChartId: ownChartId,
    facilitatorIds: ground.callers.associate.staffId,
  }
}

const inFreshGroup = (status: 'draft' | 'signed') => async (world: World) => {
  const { params } = await makeGroupSession(world, status)
  return { params }
}

export const groupSessionPreparations: Readonly<
  Record<string, (world: World) => Promise<Prepared> | Prepared>
> = {
  startGroupSession: async world => {
    const { chartId, memberId } = await makeGroup(world)
    return { params: { chartId }, body: { members: [{ memberId, presence: 'present', note }] } }
  },
  listGroupSessions: async world => {
    const { params, memberId } = await makeGroupSession(world, 'signed')
    const url = `/v1/charts/${params.chartId}/group-sessions`
    const members = [{ memberId, presence: 'absent' }]
    await make(world.callers.clinician, url, { sessionDate: '2026-01-12', record, members })
    return { params: { chartId: params.chartId } }
  },
  getGroupSession: inFreshGroup('signed'),
  correctGroupSession: async world => {
    const { params, memberId } = await makeGroupSession(world)
    return { params, body: { attendance: [{ memberId, presence: 'late', minutes: 60 }] } }
  },
  signGroupSession: inFreshGroup('draft'),
  markGroupSessionAsError: inFreshGroup('signed'),
  searchChartNotes: async world => ({
    params: { chartId: (await makeClient(world)).chartId },
    body: { cursor: undefined },
  }),
}

/** A part of a group session stands in the chart of somebody who was there. */
export const groupSessionVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  'startSessionNote body parts/[]/content/groupSessionId': (request, { ids }) => ({
    ...request,
    params: { ...request.params, chartId: ids.groupMemberChartId ?? '' },
    body: {
      template: 'dap',
      sessionDate: '2026-01-05',
      parts: [
        {
          id: '019c0000-0000-7000-8000-000000000203',
          kind: 'group_member',
          content: { groupSessionId: ids.groupSessionId },
        },
      ],
    },
  }),
  'startGroupSession body groupMeetingId': (request, { ids }) => ({
    ...request,
    params: { ...request.params, chartId: ids.groupMeetingChartId ?? '' },
    body: { record, groupMeetingId: ids.groupMeetingId },
  }),
  'startGroupSession body members/[]/note/header/objectives/[]/planId': (request, { ids }) => {
    const { members, ...body } = request.body as { members: object[] }
    const about = { header: { objectives: [{ planId: ids.planId, objectiveKey: 'o1' }] } }
    return { ...request, body: { ...body, members: [{ ...members[0], note: about }] } }
  },
}
