// Days are `YYYY-MM-DD` and times are minutes from midnight, both on the wall clock of a zone. The calendar's answer
// says them already; only what a person moves or enters has to become an instant here.

const minuteMs = 60_000
const dayMs = 86_400_000

export const addDays = (day, count) =>
  new Date(Date.parse(`${day}T00:00Z`) + count * dayMs).toISOString().slice(0, 10)

export const daysFrom = (day, count) => Array.from({ length: count }, (_, index) => addDays(day, index))

/** 1 is Monday. */
export const weekdayOf = day => new Date(`${day}T00:00Z`).getUTCDay() || 7

export const mondayOf = day => addDays(day, 1 - weekdayOf(day))

export const todayIn = zone => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date())

/** Minutes from midnight of `day` of a time on the wall clock; what lies on another day is before or after. */
export function minuteOn(day, wallClock) {
  const [date, time] = wallClock.split('T')
  const [hours, minutes] = time.split(':').map(Number)
  return ((Date.parse(`${date}T00:00Z`) - Date.parse(`${day}T00:00Z`)) / dayMs) * 1440 + hours * 60 + minutes
}

const two = number => String(number).padStart(2, '0')

export const clock = minute => `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`

/**
 * The instant of a time on the wall clock: of one that comes twice the first, and one that does not exist is moved
 * forward by the gap, as the API has it too.
 */
export function instantOf(day, minute, zone) {
  const wall = Date.parse(`${day}T00:00Z`) + minute * minuteMs
  const [before, after] = [offsetAt(wall - dayMs, zone), offsetAt(wall + dayMs, zone)]
  const found = [before, after]
    .map(offset => [wall - offset, offset])
    .find(([at, offset]) => offsetAt(at, zone) === offset)
  return new Date(found ? found[0] : wall - before).toISOString()
}

function offsetAt(instant, zone) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  }).formatToParts(instant)
  const name = parts.find(({ type }) => type === 'timeZoneName').value
  const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(name) ?? ['', '+', 0, 0]
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

const inUtc = (day, options) =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(new Date(`${day}T00:00Z`))

export const dayName = day => inUtc(day, { weekday: 'short', month: 'short', day: 'numeric' })

export const longDay = day => inUtc(day, { weekday: 'long', month: 'long', day: 'numeric' })

/** An instant on the wall clock of a zone, as the API writes it. */
export const wallClockOf = (instant, zone) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    .format(new Date(instant))
    .replace(' ', 'T')

/** `Tue, Nov 24, 09:00` of an instant as its text on a wall clock says it. */
export const whenOf = wallClock => `${dayName(wallClock.slice(0, 10))}, ${wallClock.slice(11, 16)}`
