import type { Dates } from './free-time.rules.ts'
import { weekdayOf } from './local-calendar.ts'
import { type Party, partiesOf, type RoomTime, remembered } from './parties.rules.ts'
import type { Grid, Slot, SlotSupply, Start, Wanted } from './slot-supply.ts'
import { covers, type Span, touches } from './spans.ts'

const minuteMs = 60_000

/** Answers whether a session may be had, by rules alone. Dates are those of the place's zone. */
export function slotFinder(supply: SlotSupply, wanted: Wanted, dates: Dates) {
  const length = wanted.minutes * minuteMs
  const [before, after] = [wanted.bufferBefore * minuteMs, wanted.bufferAfter * minuteMs]
  const { parties, clientsTaken, calendarAt } = partiesOf(supply, wanted, dates)
  const weekday = remembered(weekdayOf)

  /** There for the session itself, and free with the buffers. */
  const fits = (there: readonly Span[] | null, taken: readonly Span[], start: number): boolean =>
    (there === null || covers(there, start, start + length)) &&
    !touches(taken, start - before, start + length + after)
  const roomFits = ({ there, taken }: RoomTime, start: number) => fits(there, taken, start)

  /** The slot of this party at this instant, in the first room that is free; undefined when it does not fit. */
  const slotAt = (party: Party, { date, minute, start }: Start): Slot | undefined => {
    const { clinicianIds, locationId, timeZone, clinicians, rooms } = party
    const allFit = clinicians.every(({ there, taken, on }) => {
      if (!fits(there, taken, start)) return false
      const { from, takes } = on(date)
      return takes && start >= from
    })
    if (!allFit || clinicians.length === 0 || touches(clientsTaken, start, start + length)) return undefined
    const room = rooms && rooms.find(one => roomFits(one, start))
    if (room === undefined) return undefined
    const roomId = room?.id ?? null
    return { date, minute, start, end: start + length, timeZone, clinicianIds, locationId, roomId }
  }

  /** The slots of one date, by start. */
  const slotsOn = (party: Party, date: string, grid: Grid): Slot[] => {
    if (!grid.weekdays.includes(weekday(date))) return []
    const calendar = calendarAt(party.locationId)
    const { start: dayStart, end: dayEnd } = calendar.day(date)
    if (!party.clinicians.every(({ there }) => touches(there, dayStart, dayEnd))) return []
    const latestEnd = calendar.bound(date, grid.latest)
    const slots: Slot[] = []
    const first = Math.ceil(grid.earliest / grid.gridMinutes) * grid.gridMinutes
    for (let minute = first; minute < grid.latest; minute += grid.gridMinutes) {
      const start = calendar.existing(date, minute)
      if (start === undefined || start + length > latestEnd) continue
      const slot = slotAt(party, { date, minute, start })
      if (slot) slots.push(slot)
    }
    return slots
  }

  return { parties, slotAt, slotsOn, roomFits, calendarAt }
}

export type SlotFinder = ReturnType<typeof slotFinder>
