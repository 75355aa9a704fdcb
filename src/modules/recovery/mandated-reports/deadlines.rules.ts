import { Temporal } from 'temporal-polyfill'
import rules from './rules.json' with { type: 'json' }

export const reportSteps = ['oral', 'written'] as const
export type ReportStep = (typeof reportSteps)[number]

export const units = ['at_once', 'hours', 'working_days', 'unknown'] as const
export const confidences = ['published', 'general_knowledge'] as const

interface Rule {
  jurisdiction: string
  types: readonly string[]
  step: ReportStep
  within: { unit: Exclude<(typeof units)[number], 'unknown'>; amount: number }
  /** First and last day for which the source was looked at; before and after it nothing is said. */
  validFrom: string
  validTo: string | null
  source: string
  confidence: (typeof confidences)[number]
}

const known = rules as readonly Rule[]

export interface Duty {
  type: string
  jurisdiction: string
  /** When the clinician came to know; null where nobody wrote it down. */
  knownAt: string | null
}

export interface Deadline {
  step: ReportStep
  unit: (typeof units)[number]
  amount: number | null
  dueAt: string | null
  source: string | null
  confidence: Rule['confidence'] | null
}

/**
 * Until when each step of a mandated report is due, by the rule in force on the day the clinician came to know. Where no rule
 * is on record the answer is `unknown`: nothing is ever guessed from another state or another time.
 *
 * @param timeZone of the practice, whose working days count
 * @param today where nothing says when the clinician came to know
 */
export function deadlinesOf(duty: Duty, timeZone: string, today: string): Deadline[] {
  const day = duty.knownAt ? zoned(duty.knownAt, timeZone).toPlainDate().toString() : today
  return reportSteps.map(step => {
    const rule = known.find(one => applies(one, duty, step, day))
    if (!rule) return { step, unit: 'unknown', amount: null, dueAt: null, source: null, confidence: null }
    const { within, source, confidence } = rule
    return {
      step,
      ...within,
      dueAt: duty.knownAt && dueAt(duty.knownAt, within, timeZone),
      source,
      confidence,
    }
  })
}

const applies = (rule: Rule, { jurisdiction, type }: Duty, step: ReportStep, day: string) =>
  rule.jurisdiction === jurisdiction &&
  rule.types.includes(type) &&
  rule.step === step &&
  rule.validFrom <= day &&
  (rule.validTo === null || day <= rule.validTo)

const zoned = (instant: string, timeZone: string) =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)

function dueAt(knownAt: string, { unit, amount }: Rule['within'], timeZone: string): string {
  const from = zoned(knownAt, timeZone)
  if (unit === 'at_once') return iso(from)
  if (unit === 'hours') return iso(from.add({ hours: amount }))
  return iso(afterWorkingDays(from, amount))
}

/**
 * The same hour so many working days later, Mondays to Fridays. Holidays are counted as working days, so that a deadline is
 * never told too late.
 */
function afterWorkingDays(from: Temporal.ZonedDateTime, amount: number): Temporal.ZonedDateTime {
  let [at, left] = [from, amount]
  while (left > 0) {
    at = at.add({ days: 1 })
    if (at.dayOfWeek <= 5) left -= 1
  }
  return at
}

const iso = (at: Temporal.ZonedDateTime) => new Date(at.epochMilliseconds).toISOString()
