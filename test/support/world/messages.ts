import { randomUUID } from 'node:crypto'
import { portalCaller } from '../portal.ts'
import { findDue, messagePolicy, sendQueued } from '../reminders.ts'
import { asAdmin } from '../test-server.ts'
import { type Ground, make } from './ground.ts'
import type { Preparation } from './requests.ts'
import { freeHour } from './sessions.ts'

/** Makers of what clients are told, and of calendars to subscribe to. Each makes something fresh. */

const minuteMs = 60_000

/** A client who was told of two appointments. The practice writes to nobody before and after. */
async function makeToldClient(ground: Ground): Promise<string> {
  const { practice, callers, serviceIds, locationId, roomId } = ground
  await writeToClients(ground, { ...messagePolicy, quietFrom: '00:00', quietUntil: '00:00' })
  const client = await make(callers.owner, '/v1/clients', {
    legalGivenName: 'Morgan',
    legalFamilyName: 'Example',
    primaryClinicianId: callers.clinician.staffId,
    contactPoints: [{ system: 'email', value: `morgan-${randomUUID()}@client.example`, kind: 'other' }],
  })
  for (const minutes of [3, 6]) {
    await make(callers.owner, '/v1/appointments', {
      clientId: client.id,
      serviceId: serviceIds.individual,
      clinicianId: callers.clinician.staffId,
      mode: 'in_person',
      locationId,
      roomId,
      startsAt: freeHour(ground, 'future').toISOString(),
    })
    const later = new Date(Date.now() + minutes * minuteMs)
    await findDue(practice, later)
    await sendQueued(practice, later)
  }
  await writeToClients(ground, null)
  return String(client.id)
}

/** By SQL: it is for a moment only, and other makers count the versions of the practice. */
const writeToClients = ({ test, practice }: Ground, policy: typeof messagePolicy | null) =>
  asAdmin(test.adminUrl, admin =>
    admin.query(
      `update cairn.practices set policies = policies || jsonb_build_object('clientMessages', $2::jsonb) where practice_id = $1`,
      [practice.id, JSON.stringify(policy)],
    ),
  )

async function makeFeed({ callers: { owner } }: Ground, of: Record<string, string>) {
  const feed = await make(owner, '/v1/calendar-feeds', of)
  return { feedId: String(feed.id), feedAddress: String(feed.path).split('/')[3] ?? '' }
}

/** Of who is at the portal: both sides of the API know it. There is one of a clinician besides. */
export async function messageIds(ground: Ground) {
  await makeToldClient(ground)
  const { portal, associate } = ground.callers
  await makeFeed(ground, { staffId: associate.staffId })
  return makeFeed(ground, { clientId: portal.actorId })
}

/** A client with so many feeds, at the portal. */
async function portalWithFeeds(ground: Ground, count: number) {
  const { owner, clinician } = ground.callers
  const names = { legalGivenName: 'Morgan', legalFamilyName: 'Example' }
  const client = await make(owner, '/v1/clients', { ...names, primaryClinicianId: clinician.staffId })
  const clientId = String(client.id)
  const feeds = []
  for (let n = 0; n < count; n++) feeds.push(await makeFeed(ground, { clientId }))
  return { by: await portalCaller(ground.practice, clientId), clientId, feeds }
}

export const messagePreparations: Readonly<Record<string, Preparation>> = {
  listClientMessages: async world => ({ query: { clientId: await makeToldClient(world), status: 'sent' } }),
  listCalendarFeeds: async world => {
    const { clientId } = await portalWithFeeds(world, 2)
    return { query: { clientId, staffId: undefined } }
  },
  createCalendarFeed: async world => ({ body: { clientId: (await portalWithFeeds(world, 0)).clientId } }),
  revokeCalendarFeed: async world => {
    const { feeds } = await portalWithFeeds(world, 1)
    return { params: { feedId: feeds[0]?.feedId ?? '' } }
  },
  readCalendarFeed: async world => {
    const { feeds } = await portalWithFeeds(world, 1)
    return { params: { feedAddress: feeds[0]?.feedAddress ?? '' } }
  },
  listOwnCalendarFeeds: async world => ({ by: (await portalWithFeeds(world, 2)).by }),
  createOwnCalendarFeed: async world => ({ by: (await portalWithFeeds(world, 0)).by }),
  revokeOwnCalendarFeed: async world => {
    const { by, feeds } = await portalWithFeeds(world, 1)
    return { by, params: { feedId: feeds[0]?.feedId ?? '' } }
  },
}
