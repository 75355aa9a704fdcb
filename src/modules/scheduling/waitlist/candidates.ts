import { type RawBuilder, sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { peopleIn } from '../booking.rules.ts'
import { findGroup } from '../groups/groups.repository.ts'
import { presentMembers } from '../groups/members.repository.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { visitsThatMeet } from '../separation/keep-apart.ts'
import { slotFinder } from '../slots/slot-finder.rules.ts'
import { findStanding, findTaken, type Standing } from '../slots/slot-supply.repository.ts'
import type { OpeningRow } from './offers.repository.ts'

/** Somebody who waits and could be asked. */
export interface Candidate {
  id: string
  chart_id: string
  service_id: string | null
  client_ids: string[]
}

/** A time that became free; its columns are set (`waitlist_openings_what_check`). */
interface FreedTime {
  clinicianId: string
  locationId: string | null
  roomId: string | null
  mode: string
  zone: string
  start: number
  end: number
}

/** Who could be asked for an opening, in their turn, as far as `most` of them. Nobody is asked twice for one. */
export async function candidatesFor(
  trx: PracticeTransaction,
  opening: OpeningRow,
  most: number,
): Promise<Candidate[]> {
  const time = freedTimeOf(opening)
  if (opening.group_id) return forSeat(trx, opening, opening.group_id, most)
  if (!time || time.start <= systemClock.now().getTime()) return []
  return forTime(trx, opening, time, most)
}

function freedTimeOf(opening: OpeningRow): FreedTime | undefined {
  const { clinician_id, mode, time_zone, starts_at, ends_at, location_id, room_id } = opening
  if (!clinician_id || !mode || !time_zone || !starts_at || !ends_at) return undefined
  return {
    clinicianId: clinician_id,
    locationId: location_id,
    roomId: room_id,
    mode,
    zone: time_zone,
    start: starts_at.getTime(),
    end: ends_at.getTime(),
  }
}

/** Those who take a seat of this group: not beside somebody from whom they are kept apart. */
async function forSeat(
  trx: PracticeTransaction,
  opening: OpeningRow,
  groupId: string,
  most: number,
): Promise<Candidate[]> {
  const [group, present] = await Promise.all([findGroup(trx, groupId), presentMembers(trx, groupId)])
  const takes =
    group && group.status !== 'ended' && (group.enrollment === 'open' || group.status === 'forming')
  if (!takes || group.capacity <= group.taken) return []
  const waiting = await findWaiting(trx, opening, sql`e.group_id = ${groupId}`)
  const counterparts = await counterpartsOf(trx, waiting.flatMap(clientsOf))
  const sitting = new Set(present.map(member => member.client_id))
  const mayNot = (clientId: string) =>
    counterparts.some(one => one.clientId === clientId && one.apartInGroups && sitting.has(one.otherId))
  return waiting
    .filter(({ client_ids }) => !client_ids.some(id => sitting.has(id) || mayNot(id)))
    .slice(0, most)
}

/** Those whom the time would suit, who are free then, and whom nobody meets whom they must not meet. */
async function forTime(
  trx: PracticeTransaction,
  opening: OpeningRow,
  time: FreedTime,
  most: number,
): Promise<Candidate[]> {
  const waiting = await findWaiting(trx, opening, suits(time))
  const clientIds = [...new Set(waiting.flatMap(clientsOf))]
  const start = Temporal.Instant.fromEpochMilliseconds(time.start).toZonedDateTimeISO(time.zone)
  const date = start.toPlainDate().toString()
  const dates = { from: date, until: date }
  const others = [...(time.roomId ? [time.roomId] : []), ...clientIds]
  const [taken, counterparts] = await Promise.all([
    findTaken(trx, dates, [time.clinicianId], others),
    counterpartsOf(trx, clientIds),
  ])
  const standings = new Map<string, Standing>()
  const fitting: Candidate[] = []
  for (const candidate of waiting) {
    const serviceId = candidate.service_id ?? ''
    const standing =
      standings.get(serviceId) ?? (await findStanding(trx, serviceId, [time.clinicianId], dates, 1))
    standings.set(serviceId, standing)
    const minute = start.hour * 60 + start.minute
    if (fits(standing, taken, time, candidate, { date, minute, start: time.start })) fitting.push(candidate)
  }
  const visits = fitting.map(({ client_ids, service_id }) => ({
    clientIds: client_ids,
    locationId: time.locationId,
    period: {
      startsAt: new Date(time.start),
      endsAt: new Date(time.start + minutesOf(standings.get(service_id ?? '')) * 60_000),
    },
  }))
  const meet = await visitsThatMeet(trx, counterparts, visits)
  return fitting.filter((_, place) => !meet.has(place)).slice(0, most)
}

const clientsOf = ({ client_ids }: Candidate) => client_ids
const minutesOf = (standing: Standing | undefined) => standing?.service?.service_duration ?? 0

/** Whether a search would find this slot for them. */
function fits(
  standing: Standing,
  taken: Awaited<ReturnType<typeof findTaken>>,
  time: FreedTime,
  { client_ids }: Candidate,
  start: { date: string; minute: number; start: number },
): boolean {
  const { service, locations, hours, exceptions, travelTimes, clinicianIds } = standing
  if (!service) return false
  const rooms = standing.rooms.filter(
    ({ id, capacity, features }) =>
      id === time.roomId &&
      capacity >= peopleIn(client_ids) &&
      service.required_features.every(feature => features.includes(feature)),
  )
  const given = service.location_ids.length === 0 || service.location_ids.includes(time.locationId ?? '')
  if (time.locationId !== null && !given) return false
  const finder = slotFinder(
    {
      practiceZone: service.practice_time_zone,
      locations,
      hours,
      exceptions,
      travelTimes,
      clinicianIds,
      credentials: service.credential_codes.length > 0 ? standing.credentials : null,
      rooms,
      ...taken,
    },
    {
      minutes: minutesOf(standing),
      bufferBefore: service.buffer_before ?? 0,
      bufferAfter: service.buffer_after ?? 0,
      clientIds: client_ids,
      together: false,
      places: [time.locationId],
      needsRoom: time.roomId !== null,
      now: systemClock.now().getTime(),
    },
    { from: start.date, until: start.date },
  )
  return finder.parties.some(party => finder.slotAt(party, start) !== undefined)
}

/** True of `waitlist_entries e` whose wishes this time meets, for a session that is not longer than it. */
function suits(time: FreedTime): RawBuilder<unknown> {
  const start = Temporal.Instant.fromEpochMilliseconds(time.start).toZonedDateTimeISO(time.zone)
  const minute = start.hour * 60 + start.minute
  const date = start.toPlainDate().toString()
  return sql`exists (
      select from services v where v.practice_id = e.practice_id and v.id = e.service_id and v.status = 'active'
        and ${time.mode} = any(v.modes) and v.duration_minutes <= ${(time.end - time.start) / 60_000}::int
        and ${minute}::int + v.duration_minutes <= e.latest_minute)
    and e.earliest_minute <= ${minute}::int
    and (cardinality(e.clinician_ids) = 0 or ${time.clinicianId}::uuid = any(e.clinician_ids))
    and (${time.locationId}::uuid is null or cardinality(e.location_ids) = 0 or ${time.locationId}::uuid = any(e.location_ids))
    and (cardinality(e.modes) = 0 or ${time.mode} = any(e.modes))
    and (cardinality(e.weekdays) = 0 or ${start.dayOfWeek}::int = any(e.weekdays))
    and (e.from_on is null or e.from_on <= ${date}::date) and (e.until_on is null or e.until_on >= ${date}::date)`
}

/** Those who wait, were not asked for this opening, and are not asked for another one just now. */
async function findWaiting(
  trx: PracticeTransaction,
  { id }: OpeningRow,
  condition: RawBuilder<unknown>,
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select e.id, e.chart_id, e.service_id, array(
      select m.client_id from chart_members m where m.practice_id = e.practice_id and m.chart_id = e.chart_id
        and m.left_at is null order by m.id) as client_ids
    from waitlist_entries e
    join charts c on c.practice_id = e.practice_id and c.id = e.chart_id and c.status = 'open'
    where e.practice_id = ${trx.practiceId} and e.status = 'waiting' and ${condition}
      and not exists (select from waitlist_offers f where f.practice_id = e.practice_id and f.entry_id = e.id
        and (f.opening_id = ${id} or f.status = 'open'))
    order by e.priority, e.id limit ${limits.scheduling.waitlist.candidates}`.execute(trx)
  return rows
}
