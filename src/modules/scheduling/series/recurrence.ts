import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { invalidField } from '../../../lib/problems.ts'
import type { Dates } from '../slots/free-time.rules.ts'

/**
 * Recurrence rules (RFC 5545 §3.3.10), by a library that nothing else knows. Rules give dates; the time of day is one for
 * all of them and is put onto a zone's clock elsewhere. So a date is never lost to a night on which its hour does not exist.
 */

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

/**
 * Parts that pick dates with the values they may have (of a list, each of them), in the order in which a rule is kept. Parts
 * that pick times of day are left out. The library passes over numbers that are out of range.
 */
const parts: Readonly<Record<string, { one: RegExp; isList?: true }>> = {
  FREQ: { one: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/ },
  INTERVAL: { one: /^[1-9]\d{0,2}$/ },
  COUNT: { one: /^[1-9]\d{0,3}$/ },
  UNTIL: { one: /^\d{8}(T\d{6}Z?)?$/ },
  BYMONTH: { one: /^(1[0-2]|[1-9])$/, isList: true },
  BYWEEKNO: { one: /^[+-]?(5[0-3]|[1-4]\d|[1-9])$/, isList: true },
  BYYEARDAY: { one: /^[+-]?(36[0-6]|3[0-5]\d|[12]\d\d|[1-9]\d?)$/, isList: true },
  BYMONTHDAY: { one: /^[+-]?(3[01]|[12]\d|[1-9])$/, isList: true },
  BYDAY: { one: /^([+-]?(5[0-3]|[1-4]\d|[1-9]))?(MO|TU|WE|TH|FR|SA|SU)$/, isList: true },
  BYSETPOS: { one: /^[+-]?(36[0-6]|3[0-5]\d|[12]\d\d|[1-9]\d?)$/, isList: true },
  WKST: { one: /^(MO|TU|WE|TH|FR|SA|SU)$/ },
}

/** What the times of a rule's dates are on the wall clock. */
export interface WallClock {
  timeZone: string
  minute: number
}

/** A rule far from anything that people agree on ends the search for its dates here. */
const most = { periods: 20_000, candidates: 200_000 }

/**
 * The rule as it is kept: parts in one order, and the last day of `UNTIL` as a date. An instant there (`…Z`) counts by the
 * session's start, as RFC 5545 says.
 *
 * @throws Problem `invalid-request` for anything that is no rule of dates
 */
export function keptRule(text: string, clock: WallClock): string {
  const given = new Map<string, string>()
  for (const part of text.toUpperCase().split(';')) {
    const [name = '', value = '', ...more] = part.split('=')
    const shape = Object.hasOwn(parts, name) ? parts[name] : undefined
    if (!shape || more.length > 0 || given.has(name))
      throw invalid(`Must be a rule of dates: only ${Object.keys(parts).join(', ')}, each once.`)
    const values = shape.isList ? value.split(',') : [value]
    if (!values.every(one => shape.one.test(one))) throw invalid(`${name} has a value that it cannot have.`)
    given.set(name, value)
  }
  if (!given.has('FREQ')) throw invalid('FREQ says how often; it must be there.')
  if (given.has('COUNT') && given.has('UNTIL')) throw invalid('COUNT and UNTIL cannot both stand in a rule.')
  const until = given.get('UNTIL')
  if (until !== undefined) given.set('UNTIL', lastDay(until, clock))
  const kept = Object.keys(parts)
    .flatMap(name => (given.has(name) ? [`${name}=${given.get(name)}`] : []))
    .join(';')
  // Whether the values make sense is the library's to say.
  rruleOf(kept, '2026-01-01')
  return kept
}

/** The same rule without the dates from this one on: as it is where it has none of them. */
export function endedBefore(rule: string, firstOn: string, date: string): string {
  const last = /(?:^|;)UNTIL=(\d{8})/.exec(rule)?.[1]
  if (last !== undefined && last < date.replaceAll('-', '')) return rule
  const isCounted = /(?:^|;)COUNT=/.test(rule)
  if (isCounted && datesOf(rule, firstOn, { from: date, until: '9999-12-31' }).length === 0) return rule
  const until = Temporal.PlainDate.from(date).subtract({ days: 1 }).toString().replaceAll('-', '')
  const [frequency = '', ...others] = rule.split(';').filter(part => !/^(COUNT|UNTIL)=/.test(part))
  const at = others[0]?.startsWith('INTERVAL=') ? 1 : 0
  return [frequency, ...others.toSpliced(at, 0, `UNTIL=${until}`)].join(';')
}

export const frequencyOf = (rule: string): Frequency => /^FREQ=(\w+)/.exec(rule)?.[1] as Frequency

/**
 * The dates that a kept rule gives from `firstOn` (DTSTART) on, within both bounds, in order. COUNT counts from `firstOn`.
 *
 * @throws Problem `invalid-request` for a rule without dates
 */
export function datesOf(rule: string, firstOn: string, { from, until }: Dates): string[] {
  const begin = from < firstOn ? firstOn : from
  if (until < begin) return []
  try {
    const found = rruleOf(rule, firstOn).between(midnight(begin), midnight(until), true)
    return found.map(start => start.toPlainDate().toString())
  } catch {
    throw invalid('It gives no date, or takes too long to follow.')
  }
}

const midnight = (date: string) => new Date(`${date}T00:00:00Z`)

function rruleOf(rule: string, firstOn: string): RRuleTemporal {
  const compact = firstOn.replaceAll('-', '')
  // A date in UNTIL is that whole day.
  const timed = rule.replace(/UNTIL=(\d{8})/, 'UNTIL=$1T235959Z')
  try {
    return new RRuleTemporal({
      rruleString: `DTSTART;TZID=UTC:${compact}T000000\nRRULE:${timed}`,
      strict: true,
      cache: false,
      maxIterations: most.periods,
      maxCandidateEvaluations: most.candidates,
    })
  } catch {
    throw invalid('Its parts do not make a rule.')
  }
}

/** The last date whose session starts at that instant or before. */
function lastDay(until: string, { timeZone, minute }: WallClock): string {
  const [, date = '', time, zulu] = /^(\d{8})(?:T(\d{6})(Z)?)?$/.exec(until) ?? []
  try {
    const day = Temporal.PlainDate.from(date)
    if (time === undefined) return date
    const given = day.toPlainDateTime(Temporal.PlainTime.from(time))
    const local = zulu ? given.toZonedDateTime('UTC').withTimeZone(timeZone).toPlainDateTime() : given
    const isOnTime = local.hour * 60 + local.minute >= minute
    const last = isOnTime ? local.toPlainDate() : local.toPlainDate().subtract({ days: 1 })
    return last.toString().replaceAll('-', '')
  } catch {
    throw invalid('UNTIL must be a date, or an instant in UTC.')
  }
}

const invalid = (detail: string) => invalidField('/rule', 'rule', detail)
