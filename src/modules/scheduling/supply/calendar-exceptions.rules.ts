import { Temporal } from 'temporal-polyfill'
import { invalidField } from '../../../lib/problems.ts'
import type { NewCalendarException } from './calendar-exceptions.schemas.ts'

const dayMinutes = 1_440

/** As the database keeps a period of the wall clock: it may end with the end of a day, but begins within one. */
export interface LocalPeriod {
  startsOn: string
  startsMinute: number
  endsOn: string
  endsMinute: number
}

/** What each kind needs, and what would be misunderstood there. @throws Problem `invalid-request` */
export function assertKindFits({ kind, locationId, telehealth }: NewCalendarException): void {
  if (kind === 'time_off' && locationId)
    throw invalidField('/locationId', 'kind', 'Time off is from every place.')
  if (kind === 'time_off' && telehealth)
    throw invalidField('/telehealth', 'kind', 'Only extra hours are given by telehealth.')
  if (kind === 'extra_hours' && !locationId && !telehealth)
    throw invalidField('/locationId', 'required', 'Extra hours without telehealth need a location.')
}

/** @throws Problem `invalid-request` for a date that no calendar has, and for an end before the start */
export function periodOf(input: Pick<NewCalendarException, 'startsAt' | 'endsAt'>): LocalPeriod {
  const starts = wallClock(input.startsAt, '/startsAt')
  const ends = wallClock(input.endsAt, '/endsAt')
  if (Temporal.PlainDateTime.compare(ends, starts) <= 0)
    throw invalidField('/endsAt', 'range', 'Must be after the start.')
  if (Temporal.PlainDateTime.compare(ends, starts.add({ years: 2 })) > 0)
    throw invalidField('/endsAt', 'range', 'Must be within two years of the start.')
  const endsMinute = ends.hour * 60 + ends.minute
  const lastDay = endsMinute === 0 ? ends.subtract({ days: 1 }) : ends
  return {
    startsOn: starts.toPlainDate().toString(),
    startsMinute: starts.hour * 60 + starts.minute,
    endsOn: lastDay.toPlainDate().toString(),
    endsMinute: endsMinute === 0 ? dayMinutes : endsMinute,
  }
}

/** A date and the minutes from its midnight, as `YYYY-MM-DDTHH:MM`. */
export const localTime = (date: string, minute: number): string =>
  Temporal.PlainDate.from(date)
    .toPlainDateTime()
    .add({ minutes: minute })
    .toString({ smallestUnit: 'minute' })

function wallClock(text: string, pointer: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' })
  } catch {
    throw invalidField(pointer, 'format', 'Must be a date and time that exist.')
  }
}
