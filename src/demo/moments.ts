import { Temporal } from 'temporal-polyfill'
import type { DemoDay } from './demo-schedule.ts'

/** The days of the demo, all of them relative to the day of its start in the practice's zone. */
export interface DemoDays {
  today: Temporal.PlainDate
  /** The day as `YYYY-MM-DD`. */
  on(day: DemoDay): string
  ago(days: number): string
  /** The instant of a time on the wall clock. */
  at(day: DemoDay & { time: string }): string
}

export function daysFrom(timeZone: string): DemoDays {
  const today = Temporal.Now.plainDateISO(timeZone)
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const dateOf = ({ week, weekday }: DemoDay) => monday.add({ days: week * 7 + weekday - 1 })
  return {
    today,
    on: day => dateOf(day).toString(),
    ago: days => today.subtract({ days }).toString(),
    at: ({ time, ...day }) =>
      dateOf(day)
        .toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) })
        .toInstant()
        .toString(),
  }
}

export const isOver = (instant: string) => Date.parse(instant) < Date.now()
