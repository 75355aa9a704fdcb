import { weekdayOf } from './dates.js'

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

export const rhythms = [
  ['1', 'Every week'],
  ['2', 'Every other week'],
  ['3', 'Every third week'],
  ['4', 'Every fourth week'],
  ['month', 'Every month, on the same weekday of it'],
]

/** The recurrence rule (RFC 5545) of a rhythm that begins on a day; without `times` it goes on. */
export function ruleOf({ rhythm, firstOn, times }) {
  const weekday = weekdays[weekdayOf(firstOn) - 1]
  const count = times ? `;COUNT=${times}` : ''
  if (rhythm !== 'month') return `FREQ=WEEKLY;INTERVAL=${rhythm};BYDAY=${weekday}${count}`
  const week = Math.ceil(Number(firstOn.slice(8)) / 7)
  // A fifth one is not in every month: then it is the last.
  return `FREQ=MONTHLY;BYDAY=${week === 5 ? -1 : week}${weekday}${count}`
}
