import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField } from '../../../lib/problems.ts'
import { minuteOf } from '../../practice/index.ts'
import { assertKeepsCalendarOf, keepsAllCalendars, window } from '../appointments.rules.ts'
import {
  assertModeFits,
  assertServiceFits,
  assertServiceIsOffered,
  peopleIn,
  unknownReference,
} from '../booking.rules.ts'
import { localTime } from '../local-time.ts'
import { type Counterpart, counterpartsOf } from '../separation/counterparts.ts'
import { openSubject } from '../subject.ts'
import type { Dates } from './free-time.rules.ts'
import { keptApartIn } from './kept-apart.ts'
import { addDays } from './local-calendar.ts'
import {
  consecutiveDays,
  firstSlots,
  spreadSlots,
  type WeeklyOption,
  weeklyOptions,
} from './patterns.rules.ts'
import { findStanding, findTaken, type Standing } from './slot-supply.repository.ts'
import type { Grid, Slot, SlotSupply, Wanted } from './slot-supply.ts'
import type {
  DaysAnswer,
  DaysSearch,
  SlotAnswer,
  SlotSearch,
  SlotWishes,
  WeeklyAnswer,
  WeeklySearch,
} from './slots.schemas.ts'

const most = limits.scheduling

/** @throws Problem `not-permitted`, `unknown-reference`, `invalid-request`, `invalid-state` for a closed chart */
export async function searchSlots(
  trx: PracticeTransaction,
  input: SlotSearch,
): Promise<{ slots: SlotAnswer[] }> {
  const grid = gridOf(input)
  const { supply, wanted, counterparts } = await lookUp(trx, input, grid)
  const search = input.order === 'spread_out' ? spreadSlots : firstSlots
  const slots = search(supply, wanted, grid, input.limit ?? limits.page.default)
  const apart = await keptApartIn(trx, counterparts, wanted.clientIds, slots)
  return { slots: slots.filter(slot => !apart.has(slot)).map(toSlot) }
}

/** One time of the week, over many weeks. @throws Problem as `searchSlots` */
export async function searchWeekly(trx: PracticeTransaction, input: WeeklySearch): Promise<WeeklyAnswer> {
  const { firstOn, weeks, everyWeeks = 1, time } = input
  const dates = { from: firstOn, until: addDays(firstOn, (weeks - 1) * everyWeeks * 7) }
  assertBookable(dates, '/firstOn', '/weeks')
  const { supply, wanted, counterparts } = await lookUp(trx, input, dates)
  const question = { from: firstOn, weeks, everyWeeks, minute: minuteOf(time) }
  const options = weeklyOptions(supply, wanted, question).slice(0, input.limit ?? limits.page.default)
  const slots = options.flatMap(({ dates: each }) => each.flatMap(({ slot }) => slot ?? []))
  const apart = await keptApartIn(trx, counterparts, wanted.clientIds, slots)
  const left = (slot: Slot | null) => (slot && apart.has(slot) ? null : slot)
  return {
    options: options
      .map(option => ({ ...option, dates: option.dates.map(date => ({ ...date, slot: left(date.slot) })) }))
      .map(toWeeklyOption)
      .filter(({ fitting }) => fitting > 0)
      .toSorted((a, b) => b.fitting - a.fitting),
  }
}

/** Some days in a row. @throws Problem as `searchSlots` */
export async function searchConsecutiveDays(
  trx: PracticeTransaction,
  input: DaysSearch,
): Promise<DaysAnswer> {
  const { days, atOneTime = false, limit = limits.page.default } = input
  const question = { ...gridOf(input), days, atOneTime }
  const { supply, wanted, counterparts } = await lookUp(trx, input, question)
  const found = consecutiveDays(supply, wanted, question, limit)
  const apart = await keptApartIn(trx, counterparts, wanted.clientIds, found.flat())
  const runs = found.filter(run => !run.some(slot => apart.has(slot)))
  return { runs: runs.map(run => ({ firstOn: run[0]?.date ?? input.from, slots: run.map(toSlot) })) }
}

function gridOf(
  input: Pick<SlotSearch, 'from' | 'until' | 'weekdays' | 'earliest' | 'latest' | 'gridMinutes'>,
): Grid {
  const { from, until, weekdays = [1, 2, 3, 4, 5, 6, 7], gridMinutes = 15 } = input
  assertBookable({ from, until }, '/from', '/until')
  if (addDays(from, most.searchDays) <= until)
    throw invalidField('/until', 'range', `Must be within ${most.searchDays} days of \`from\`.`)
  const [earliest, latest] = [minuteOf(input.earliest ?? '00:00'), minuteOf(input.latest ?? '24:00')]
  if (latest <= earliest) throw invalidField('/latest', 'range', 'Must be after `earliest`.')
  return { from, until, weekdays, gridMinutes, earliest, latest }
}

/** @throws Problem `invalid-request` for dates in disorder, and for those that nobody can book */
function assertBookable({ from, until }: Dates, first: string, last: string): void {
  if (until < from) throw invalidField(last, 'range', 'Must not be before the first day.')
  const today = systemClock.now().toISOString().slice(0, 10)
  if (from < addDays(today, -window.pastDays))
    throw invalidField(first, 'range', `Must be at most ${window.pastDays} days ago.`)
  if (until > addDays(today, window.aheadDays))
    throw invalidField(last, 'range', `Must be at most ${window.aheadDays} days ahead.`)
}

/** Reads what a search needs, and nothing that the caller may not use. */
async function lookUp(
  trx: PracticeTransaction,
  input: SlotWishes,
  dates: Dates,
): Promise<{ supply: SlotSupply; wanted: Wanted; counterparts: Counterpart[] }> {
  trx.audit({ resourceType: 'slot' })
  const asked = clinicianIdsOf(trx, input)
  const isForSomebody = input.clientId !== undefined || input.coupleId !== undefined
  const [chart, standing] = await Promise.all([
    isForSomebody ? openSubject(trx, input) : undefined,
    findStanding(trx, input.serviceId, asked, dates, most.searchClinicians + 1),
  ])
  const { service } = standing
  if (!service) throw unknownReference('/serviceId')
  assertServiceIsOffered(service)
  assertModeFits(service, input.mode)
  if (chart) assertServiceFits(service, chart.kind)
  const clinicianIds = offeredClinicians(standing, asked)
  const locationIds = locationsOf(input, standing)
  const clientIds = chart?.clientIds ?? []
  const people = peopleIn(clientIds.length > 0 ? clientIds : placeholders(service.service_kind))
  const rooms = roomsOf(input, standing, locationIds, people + (input.together ? clinicianIds.length - 1 : 0))
  const [taken, counterparts] = await Promise.all([
    findTaken(trx, dates, clinicianIds, [...rooms.map(({ id }) => id), ...clientIds]),
    clientIds.length > 0 ? counterpartsOf(trx, clientIds) : [],
  ])
  return {
    counterparts,
    supply: {
      practiceZone: service.practice_time_zone,
      locations: standing.locations,
      hours: standing.hours,
      exceptions: standing.exceptions,
      travelTimes: standing.travelTimes,
      clinicianIds,
      credentials: service.credential_codes.length > 0 ? standing.credentials : null,
      rooms,
      ...taken,
    },
    wanted: {
      minutes: input.durationMinutes ?? service.service_duration ?? 0,
      bufferBefore: service.buffer_before ?? 0,
      bufferAfter: service.buffer_after ?? 0,
      clientIds,
      together: input.together === true,
      places: input.mode === 'telehealth' ? [null] : locationIds,
      needsRoom: input.withoutRoom !== true,
      now: systemClock.now().getTime(),
    },
  }
}

/** Who is asked for; null is everybody. Who books only the own calendar is shown only that one. */
function clinicianIdsOf({ scope }: PracticeTransaction, input: SlotWishes): readonly string[] | null {
  const { clinicianIds, together } = input
  if (together && (!clinicianIds || clinicianIds.length > most.together))
    throw invalidField('/clinicianIds', 'range', `Name at most ${most.together} who give it together.`)
  for (const id of clinicianIds ?? []) assertKeepsCalendarOf(scope, id)
  if (clinicianIds) return clinicianIds.map(id => id.toLowerCase())
  return keepsAllCalendars(scope) ? null : [scope.actor.staffId ?? '']
}

function offeredClinicians(standing: Standing, asked: readonly string[] | null): readonly string[] {
  const { clinicianIds } = standing
  if (asked?.some(id => !clinicianIds.includes(id))) throw unknownReference('/clinicianIds')
  if (clinicianIds.length > most.searchClinicians)
    throw invalidField('/clinicianIds', 'required', 'There are too many clinicians: name some of them.')
  return asked ?? clinicianIds
}

/** Locations that are asked for and where the service is given. @throws Problem */
function locationsOf({ mode, locationIds }: SlotWishes, { locations, service }: Standing): string[] {
  if (mode === 'telehealth' && locationIds)
    throw invalidField('/locationIds', 'mode', 'Telehealth has no location.')
  const open = locations.map(({ id }) => id)
  const asked = locationIds?.map(id => id.toLowerCase())
  if (asked?.some(id => !open.includes(id))) throw unknownReference('/locationIds')
  const given = service?.location_ids ?? []
  return (asked ?? open).filter(id => given.length === 0 || given.includes(id))
}

/** Rooms that are asked for, large enough, and have what is needed. @throws Problem */
function roomsOf(
  input: SlotWishes,
  { rooms, service }: Standing,
  locationIds: readonly string[],
  people: number,
): Standing['rooms'] {
  const { mode, roomIds, roomFeatures = [], withoutRoom } = input
  if (roomIds && (mode === 'telehealth' || withoutRoom))
    throw invalidField('/roomIds', 'mode', 'No room is needed for this.')
  if (mode === 'telehealth' || withoutRoom) return []
  const asked = roomIds?.map(id => id.toLowerCase())
  if (asked?.some(id => !rooms.some(room => room.id === id))) throw unknownReference('/roomIds')
  const needed = [...roomFeatures, ...(service?.required_features ?? [])]
  return rooms.filter(
    room =>
      locationIds.includes(room.locationId) &&
      room.capacity >= people &&
      needed.every(feature => room.features.includes(feature)) &&
      (!asked || asked.includes(room.id)),
  )
}

/** As many as will come where it is not said who. */
const placeholders = (kind: string | null): string[] => (kind === 'couple' ? ['one', 'other'] : ['one'])

const instantOf = (ms: number) => new Date(ms).toISOString()

export function toSlot(slot: Slot): SlotAnswer {
  return {
    clinicianIds: [...slot.clinicianIds],
    locationId: slot.locationId,
    timeZone: slot.timeZone,
    roomId: slot.roomId,
    startsAt: instantOf(slot.start),
    endsAt: instantOf(slot.end),
    localStart: localTime(slot.start, slot.timeZone),
  }
}

function toWeeklyOption({ clinicianIds, locationId, timeZone, dates }: WeeklyOption) {
  return {
    clinicianIds: [...clinicianIds],
    locationId,
    timeZone,
    fitting: dates.filter(({ slot }) => slot).length,
    dates: dates.map(({ date, start, slot }) => ({
      date,
      startsAt: instantOf(start),
      fits: slot !== null,
      roomId: slot?.roomId ?? null,
    })),
  }
}
