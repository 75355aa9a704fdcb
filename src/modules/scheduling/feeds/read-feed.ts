import { writeAudit } from '../../../lib/audit.ts'
import { auditDenial } from '../../../lib/audit-denial.ts'
import { inPractice } from '../../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { House } from '../../../lib/house.ts'
import { limits } from '../../../lib/limits.ts'
import { decodeToken, sameSecret } from '../../../lib/opaque-tokens.ts'
import { notFound } from '../../../lib/problems.ts'
import { type Scope, systemScope } from '../../../lib/scope.ts'
import { reachabilityOf } from '../../clients/index.ts'
import { findStaff } from '../../practice/index.ts'
import { type BookedTime, bookedTimes } from '../calendar/booked-times.ts'
import { purposeOf } from '../reminders/due.rules.ts'
import { calendarFile, type Entry } from './calendar-file.ts'
import { type FeedRow, findFeed, namesOfPlaces } from './feeds.repository.ts'
import { feedPrefix } from './feeds.service.ts'

const dayMs = 86_400_000
const { pastDays, aheadDays } = limits.calendarFeeds

/**
 * The calendar behind a secret address. Whoever has the address reads it; an address that never was, was revoked, or
 * whose owner is gone leads to the same nothing.
 *
 * @throws Problem `not-found`
 */
export async function readFeed(
  house: House,
  token: string,
  request: { requestId: string; remoteAddress: string },
): Promise<Uint8Array> {
  const decoded = decodeToken(feedPrefix, 2, token)
  const [practiceId, feedId] = decoded?.ids ?? []
  if (!decoded || !practiceId || !feedId) throw notFound()
  const scope: Scope = { ...systemScope(practiceId, 'readCalendarFeed'), ...request }
  const touched = {
    resourceType: 'calendar-feed',
    resourceId: feedId,
    clientIds: [],
    chartIds: [],
    fields: [],
  }
  const { found, entries } = await inPractice(
    house.database,
    scope,
    async trx => {
      const feed = await findFeed(trx, feedId)
      const holds = feed && !feed.revoked_at && sameSecret(decoded.secretHash, feed.secret_hash)
      const entries = holds ? await entriesOf(trx, feed, house.clock.now()) : undefined
      if (entries) {
        trx.audit({ ...touched, ...(feed?.client_id && { clientIds: [feed.client_id] }) })
        writeAudit(trx, { decision: 'granted' })
      }
      return { found: feed !== undefined, entries }
    },
    { readsOnly: true },
  )
  if (entries) return calendarFile(entries)
  const refusal = notFound()
  // Of a practice that may not even be there nothing can be written down.
  if (found) await auditDenial(house.database, scope, refusal, touched)
  throw refusal
}

/** Undefined where the calendar's owner is gone, or is not to be written to. */
async function entriesOf(trx: PracticeTransaction, feed: FeedRow, now: Date): Promise<Entry[] | undefined> {
  const within = {
    from: new Date(now.getTime() - pastDays * dayMs),
    to: new Date(now.getTime() + aheadDays * dayMs),
    canceled: true,
  }
  if (feed.staff_id !== null) return clinicianEntries(trx, feed.staff_id, within)
  return feed.client_id === null ? undefined : clientEntries(trx, feed.client_id, within)
}

type Within = Parameters<typeof bookedTimes>[1]

async function clinicianEntries(
  trx: PracticeTransaction,
  clinicianId: string,
  within: Within,
): Promise<Entry[] | undefined> {
  const [staff, times] = await Promise.all([
    findStaff(trx, clinicianId),
    bookedTimes(trx, { ...within, clinicianId }),
  ])
  return staff?.status === 'active' ? withPlaces(trx, times) : undefined
}

/** By the client's safe contact: what is linked to others only where it may be, and places where they may be named. */
async function clientEntries(
  trx: PracticeTransaction,
  clientId: string,
  within: Within,
): Promise<Entry[] | undefined> {
  const [reachable, times] = await Promise.all([
    reachabilityOf(trx, [clientId]),
    bookedTimes(trx, { ...within, clientId }),
  ])
  const reachability = reachable.get(clientId)
  const own = reachability?.for('own-care')
  if (!reachability || !own?.allowed) return undefined
  const shown = times.filter(time => reachability.for(purposeOf(time)).allowed)
  return own.neutralText ? shown.map(time => ({ ...time, place: null })) : withPlaces(trx, shown)
}

/** With the location, and the room where there is one. */
async function withPlaces(trx: PracticeTransaction, times: readonly BookedTime[]): Promise<Entry[]> {
  const ids = new Set(times.flatMap(time => [time.locationId, time.roomId]))
  const names = await namesOfPlaces(
    trx,
    [...ids].filter(id => id !== null),
  )
  return times.map(time => {
    const place = [time.locationId, time.roomId].flatMap(id => (id && names.get(id)) ?? [])
    return { ...time, place: time.mode === 'telehealth' ? 'Online' : place.join(', ') || null }
  })
}
