import { addDays, datesBetween } from '../slots/local-calendar.ts'
import { type Party, partiesOf } from '../slots/parties.rules.ts'
import { slotFinder } from '../slots/slot-finder.rules.ts'
import type { Room, SlotSupply, Start } from '../slots/slot-supply.ts'
import { touches } from '../slots/spans.ts'

const minuteMs = 60_000
/** Steps in which a block may be shifted from the time of its template. */
export const shiftStep = 15

/** A block of a template with everybody's ids in place of their numbers. */
export interface WantedBlock {
  /** From 1. */
  day: number
  startsMinute: number
  minutes: number
  clinicianIds: readonly string[]
  clientIds: readonly string[]
  needsRoom: boolean
}

export interface FittedBlock {
  start: number
  end: number
  roomId: string | null
}

export interface FittingQuestion {
  /** The first and the last date on which it may begin. */
  from: string
  until: string
  days: number
  locationId: string
  /** How much later than in the template a block may start. */
  shiftMinutes: number
  now: number
}

export interface FittingRoom extends Room {
  capacity: number
}

/** What is asked of the supply; the rooms with how many people they take. */
export type FittingSupply = Omit<SlotSupply, 'rooms'> & { rooms: readonly FittingRoom[] }

/**
 * The itineraries that fit, by first day: for each block of the template, in its order, the first time from its own on at
 * which clinicians, clients and a room are free, and nobody is in an earlier block of the same itinerary.
 */
export function fit(
  supply: FittingSupply,
  blocks: readonly WantedBlock[],
  question: FittingQuestion,
  limit: number,
): { firstOn: string; blocks: FittedBlock[] }[] {
  const dates = { from: question.from, until: addDays(question.until, question.days - 1) }
  const known = new Map<string, Seat>()
  const seats = blocks.map(block => {
    const { day: _day, startsMinute: _minute, ...needed } = block
    const key = JSON.stringify(needed)
    const seat = known.get(key) ?? seatOf(supply, block, question, dates)
    known.set(key, seat)
    return seat
  })
  const found: { firstOn: string; blocks: FittedBlock[] }[] = []
  for (const firstOn of datesBetween(question.from, question.until)) {
    const fitted = fitFrom(firstOn, blocks, seats, question)
    if (fitted) found.push({ firstOn, blocks: fitted })
    if (found.length === limit) break
  }
  return found
}

interface Placed extends FittedBlock {
  people: readonly string[]
}

function fitFrom(
  firstOn: string,
  blocks: readonly WantedBlock[],
  seats: readonly Seat[],
  { shiftMinutes }: FittingQuestion,
): FittedBlock[] | undefined {
  const placed: Placed[] = []
  for (const [index, block] of blocks.entries()) {
    const seat = seats[index]
    const date = addDays(firstOn, block.day - 1)
    const fitted = seat && firstSeat(seat, block, date, placed, shiftMinutes)
    if (!fitted) return undefined
    placed.push({ ...fitted, people: [...block.clinicianIds, ...block.clientIds] })
  }
  return placed.map(({ start, end, roomId }) => ({ start, end, roomId }))
}

function firstSeat(
  seat: Seat,
  { startsMinute, minutes, clinicianIds, clientIds }: WantedBlock,
  date: string,
  placed: readonly Placed[],
  shiftMinutes: number,
): FittedBlock | undefined {
  const people = [...clinicianIds, ...clientIds]
  const latest = Math.min(startsMinute + shiftMinutes, 1_440 - minutes)
  for (let minute = startsMinute; minute <= latest; minute += shiftStep) {
    const start = seat.existing(date, minute)
    if (start === undefined) continue
    const end = start + minutes * minuteMs
    const beside = placed.filter(other => other.start < end && start < other.end)
    if (beside.some(other => other.people.some(id => people.includes(id)))) continue
    const given = new Set(beside.map(({ roomId }) => roomId))
    const roomId = seat.at({ date, minute, start }, given)
    if (roomId !== undefined) return { start, end, roomId }
  }
  return undefined
}

/** Where a block can be had. */
interface Seat {
  existing(date: string, minute: number): number | undefined
  /** The room, null where none is needed; undefined when somebody or every room is taken. */
  at(start: Start, given: ReadonlySet<string | null>): string | null | undefined
}

function seatOf(
  supply: FittingSupply,
  { minutes, clinicianIds, clientIds, needsRoom }: WantedBlock,
  { locationId, now }: FittingQuestion,
  dates: { from: string; until: string },
): Seat {
  const people = clinicianIds.length + clientIds.length
  const own = {
    ...supply,
    clinicianIds,
    rooms: needsRoom ? supply.rooms.filter(({ capacity }) => capacity >= people) : [],
  }
  const buffers = { bufferBefore: 0, bufferAfter: 0 }
  const wanted = { minutes, ...buffers, clientIds, together: true, places: [locationId], needsRoom, now }
  const { parties, slotAt, roomFits, calendarAt } = slotFinder(own, wanted, dates)
  const { clientsTaken } = partiesOf(own, wanted, dates)
  const { existing } = calendarAt(locationId)
  const [party] = parties
  const at: Seat['at'] = (start, given) => {
    // Of a break nobody is asked but who has it.
    if (clinicianIds.length === 0)
      return touches(clientsTaken, start.start, start.start + minutes * minuteMs)
        ? undefined
        : roomOf(party, start, given)
    return party && slotAt(without(party, given), start)?.roomId
  }
  const roomOf = (one: Party | undefined, { start }: Start, given: ReadonlySet<string | null>) => {
    if (!needsRoom) return null
    return one?.rooms?.find(room => !given.has(room.id) && roomFits(room, start))?.id
  }
  return { existing, at }
}

const without = (party: Party, given: ReadonlySet<string | null>): Party => ({
  ...party,
  rooms: party.rooms && party.rooms.filter(({ id }) => !given.has(id)),
})
