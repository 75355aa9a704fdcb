import { portalCaller } from '../portal.ts'
import type { World } from '../world.ts'
import { makeGroup as makeChart, makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Preparation, Request } from './requests.ts'
import { daysAhead, freeHour } from './sessions.ts'

/** Makers of groups with seats, rules of separation and who waits. Each makes something fresh. */

const zone = 'America/Los_Angeles'

/** Day and time of an instant on the wall clock of the world. */
function wallClock(instant: Date): { firstOn: string; time: string } {
  const [firstOn = '', time = ''] = instant.toLocaleString('sv-SE', { timeZone: zone }).split(' ')
  return { firstOn, time: time.slice(0, 5) }
}

/** A group of two seats with one member, led by the associate. */
async function makeGroup(ground: Ground) {
  const { callers, serviceIds } = ground
  const { chartId, clientId } = await makeChart(ground)
  const group = await make(callers.owner, '/v1/groups', {
    chartId,
    kind: 'process',
    enrollment: 'open',
    serviceId: serviceIds.group,
    capacity: 2,
    facilitatorIds: [callers.associate.staffId],
  })
  return { groupId: String(group.id), chartId, clientId }
}

async function firstMember({ callers: { owner } }: Ground, groupId: string): Promise<string> {
  return String((await read(owner, `/v1/groups/${groupId}/members`)).data[0].id)
}

const inPerson = ({ locationId, roomId }: Ground) => ({ mode: 'in_person', locationId, roomId })

async function makeMeeting(ground: Ground, groupId: string): Promise<string> {
  const when = wallClock(freeHour(ground, 'future'))
  const booked = { ...when, ...inPerson(ground) }
  const { meetings } = await make(ground.callers.owner, `/v1/groups/${groupId}/meetings`, booked)
  return String(meetings[0].id)
}

const freshMeeting: Preparation = async world => ({
  params: { groupMeetingId: await makeMeeting(world, (await makeGroup(world)).groupId) },
})

/** A meeting of this group that began an hour ago, led by somebody who led nothing else then. */
async function makeRunningMeeting(ground: Ground, groupId: string, staffId: string) {
  const startsAt = new Date(Math.floor(Date.now() / 60_000 - 60) * 60_000)
  const { meetings } = await make(ground.callers.owner, `/v1/groups/${groupId}/meetings`, {
    ...wallClock(startsAt),
    mode: 'telehealth',
    facilitatorIds: [staffId],
  })
  const actual = {
    actualStartsAt: startsAt.toISOString(),
    actualEndsAt: new Date(startsAt.getTime() + 45 * 60_000).toISOString(),
  }
  return { groupMeetingId: String(meetings[0].id), actual }
}

/** One to which everybody came. */
async function makeHeldMeeting(
  ground: Ground,
  groupId: string,
  staffId = ground.callers.associate.staffId,
): Promise<string> {
  const { groupMeetingId, actual } = await makeRunningMeeting(ground, groupId, staffId)
  const attendance = { ...actual, members: [] }
  const url = `/v1/group-meetings/${groupMeetingId}/attendance`
  await make(ground.callers.owner, url, attendance, { ifMatch: 1 })
  return groupMeetingId
}

/** A held meeting of a fresh group, which has no record yet. */
export async function makeMetGroup(ground: Ground) {
  const { groupId, chartId } = await makeGroup(ground)
  const { staffId } = await ground.practice.staff(['clinician'])
  return { chartId, groupMeetingId: await makeHeldMeeting(ground, groupId, staffId) }
}

async function makeRule(ground: Ground, clientIds: readonly [string, string]): Promise<string> {
  const rule = { clientIds, apartInGroups: true, apartMinutes: 30, reasonCode: 'family' }
  return String((await make(ground.callers.owner, '/v1/separation-rules', rule)).id)
}

const makeTwo = async (ground: Ground) =>
  [(await makeClient(ground)).id, (await makeClient(ground)).id] as const

async function makeEntry(
  ground: Ground,
  { clientId: known, ...wanted }: { clientId?: string } & Record<string, unknown>,
) {
  const clientId = known ?? (await makeClient(ground)).id
  const entry = { clientId, priority: 'soon', note: 'Prefers mornings (fictional).', ...wanted }
  return {
    waitlistEntryId: String((await make(ground.callers.owner, '/v1/waitlist-entries', entry)).id),
    clientId,
  }
}

/** A seat that is offered to so many. */
async function makeOffers(
  ground: Ground,
  groupId: string,
  count: number,
  wanted: { clientId?: string } = {},
) {
  const { owner } = ground.callers
  const entries = []
  for (let n = 0; n < count; n++) entries.push(await makeEntry(ground, { groupId, ...wanted }))
  const opening = await make(owner, '/v1/waitlist-openings', {
    groupId,
    way: 'first_come',
    offerMinutes: 600,
  })
  const { data } = await read(owner, `/v1/waitlist-offers?openingId=${opening.id}`)
  return { openingId: String(opening.id), waitlistOfferId: String(data[0].id), entries }
}

const freshOffer: Preparation = async world => {
  const { groupId } = await makeGroup(world)
  return { params: { waitlistOfferId: (await makeOffers(world, groupId, 1)).waitlistOfferId } }
}

/** The same, with whom it is to at the portal. */
async function freshOwnOffer(world: World) {
  const { id: clientId } = await makeClient(world)
  const waitlistOfferId = await makeOfferTo(world, clientId)
  const by = await portalCaller(world.practice, clientId)
  return { clientId, by, params: { waitlistOfferId }, version: 1 }
}

async function makeOfferTo(ground: Ground, clientId: string): Promise<string> {
  const { groupId } = await makeGroup(ground)
  return (await makeOffers(ground, groupId, 1, { clientId })).waitlistOfferId
}

export async function groupIds(ground: Ground) {
  const { groupId, clientId, chartId } = await makeGroup(ground)
  const { openingId, waitlistOfferId, entries } = await makeOffers(ground, groupId, 1)
  const [entry] = entries
  if (!entry) throw new Error('Nobody waits')
  return {
    groupId,
    groupMemberId: await firstMember(ground, groupId),
    groupMeetingId: await makeHeldMeeting(ground, groupId),
    groupMeetingChartId: chartId,
    separationRuleId: await makeRule(ground, [clientId, entry.clientId]),
    waitlistEntryId: entry.waitlistEntryId,
    clientIds: clientId,
    openingId,
    waitlistOfferId,
  }
}

const freshGroup: Preparation = async world => ({ params: { groupId: (await makeGroup(world)).groupId } })

const freshEntry: Preparation = async world => {
  const { waitlistEntryId } = await makeEntry(world, { serviceId: world.serviceIds.individual })
  return { params: { waitlistEntryId } }
}

export const groupPreparations: Readonly<Record<string, Preparation>> = {
  listGroups: async world => {
    for (const _ of ['one', 'another']) await makeGroup(world)
    return {}
  },
  createGroup: async world => ({
    body: { chartId: (await makeChart(world)).chartId, serviceId: world.serviceIds.group },
  }),
  changeGroup: freshGroup,
  changeGroupStatus: freshGroup,
  listGroupMembers: async world => {
    const { groupId } = await makeGroup(world)
    const { id: clientId } = await makeClient(world)
    await make(world.callers.owner, `/v1/groups/${groupId}/members`, { clientId })
    return { params: { groupId } }
  },
  listGroupChanges: async world => {
    const { groupId } = await makeGroup(world)
    await makeMeeting(world, groupId)
    return { params: { groupId } }
  },
  joinGroup: async world => ({
    params: { groupId: (await makeGroup(world)).groupId },
    body: { clientId: (await makeClient(world)).id },
  }),
  leaveGroup: async world => {
    const { groupId } = await makeGroup(world)
    return { params: { groupId, groupMemberId: await firstMember(world, groupId) } }
  },
  correctGroupAgreement: async world => {
    const { groupId } = await makeGroup(world)
    return { params: { groupId, groupMemberId: await firstMember(world, groupId) }, version: 1 }
  },
  bookGroupMeetings: async world => ({
    params: { groupId: (await makeGroup(world)).groupId },
    body: { ...wallClock(freeHour(world, 'future')), weeks: 1, topics: ['Triggers'] },
  }),
  listGroupMeetings: async world => {
    const { groupId } = await makeGroup(world)
    for (const _ of ['one', 'another']) await makeMeeting(world, groupId)
    return { query: { ...daysAhead(), groupId, clinicianId: world.callers.associate.staffId } }
  },
  moveGroupMeeting: async world => ({
    ...(await freshMeeting(world)),
    body: { startsAt: freeHour(world, 'future').toISOString() },
  }),
  cancelGroupMeeting: freshMeeting,
  recordGroupAttendance: async world => {
    const { groupId } = await makeGroup(world)
    const { staffId } = await world.practice.staff(['clinician'])
    const { groupMeetingId, actual } = await makeRunningMeeting(world, groupId, staffId)
    const groupMemberId = await firstMember(world, groupId)
    return { params: { groupMeetingId }, body: { ...actual, members: [{ groupMemberId, presence: 'late' }] } }
  },

  createSeparationRule: async world => ({ body: { clientIds: await makeTwo(world) } }),
  listSeparationRules: async world => {
    const [first, second] = await makeTwo(world)
    await makeRule(world, [first, second])
    await makeRule(world, [first, (await makeClient(world)).id])
    return { query: { clientId: first } }
  },
  endSeparationRule: async world => ({
    params: { separationRuleId: await makeRule(world, await makeTwo(world)) },
  }),

  joinWaitlist: async world => ({ body: { clientId: (await makeClient(world)).id } }),
  listWaitlist: async world => {
    const { individual: serviceId } = world.serviceIds
    for (const _ of ['one', 'another']) await makeEntry(world, { serviceId })
    return { query: { serviceId, groupId: undefined } }
  },
  changeWaitlistEntry: freshEntry,
  leaveWaitlist: freshEntry,
  offerOpening: world => {
    const startsAt = freeHour(world, 'future')
    const endsAt = new Date(startsAt.getTime() + 50 * 60_000)
    return {
      body: {
        slot: {
          clinicianId: world.callers.clinician.staffId,
          ...inPerson(world),
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
        },
      },
    }
  },
  listWaitlistOffers: async world => {
    const { groupId } = await makeGroup(world)
    const { openingId } = await makeOffers(world, groupId, 2)
    return { query: { openingId, waitlistEntryId: undefined } }
  },
  acceptWaitlistOffer: freshOffer,
  declineWaitlistOffer: freshOffer,
  listOwnWaitlistOffers: async world => {
    const { by, clientId } = await freshOwnOffer(world)
    await makeOfferTo(world, clientId)
    return { by }
  },
  acceptOwnWaitlistOffer: freshOwnOffer,
  declineOwnWaitlistOffer: freshOwnOffer,
}

type Vary = (request: Request, world: World) => Request

const inBody =
  (change: (world: World) => Record<string, unknown>): Vary =>
  (request, world) => {
    const body = { ...(request.body as object), ...change(world) }
    return {
      ...request,
      body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    }
  }

/** What is given instead of something else. */
export const groupVariants: Readonly<Record<string, Vary>> = {
  'joinWaitlist body coupleId': inBody(({ ids, serviceIds }) => ({
    clientId: undefined,
    coupleId: ids.coupleId,
    serviceId: serviceIds.couple,
  })),
  'joinWaitlist body groupId': inBody(({ ids }) => ({ serviceId: undefined, groupId: ids.groupId })),
  'offerOpening body groupId': inBody(({ ids }) => ({ slot: undefined, groupId: ids.groupId })),
}
