import { dayOf, daysBefore, daysBetween } from './days.ts'
import { done, inWork, type TaskStatus } from './tasks.rules.ts'

/** What the figures look at: tasks of the template that is followed now. */
export interface CountedTask {
  sectionKey: string
  status: TaskStatus
  lastSignedOffAt: Date | null
}

export interface Progress {
  applicable: number
  done: number
  inWork: number
  /** Whole percent of the applicable ones, rounded down; null when none applies. */
  percent: number | null
}

/** Tasks that do not apply count nowhere; deferred ones count as applicable. */
export function progressOf(tasks: readonly Pick<CountedTask, 'status'>[]): Progress {
  const applicable = tasks.filter(({ status }) => status !== 'not_applicable')
  const finished = applicable.filter(({ status }) => done.includes(status)).length
  return {
    applicable: applicable.length,
    done: finished,
    inWork: applicable.filter(({ status }) => inWork.includes(status)).length,
    percent: percentOf(finished, applicable.length),
  }
}

/** Whole percent, rounded down, so that 100 means all; null of nothing. */
export const percentOf = (part: number, whole: number) =>
  whole === 0 ? null : Math.floor((part * 100) / whole)

/** The clock of the person whose journey it is. */
export interface JourneyClock {
  today: string
  timeZone: string
}

export interface Velocity {
  last30Days: number
  last90Days: number
  /** Over at most the last 180 days, to one decimal; null in the first 30 days. */
  perMonth: number | null
}

const velocityWindowDays = 180
const daysPerMonth = 365.25 / 12

/** How many of the tasks that are done now were signed off lately. Today belongs to each of the spans. */
export function velocityOf(
  tasks: readonly CountedTask[],
  { startedOn, today, timeZone }: JourneyClock & { startedOn: string },
): Velocity {
  const days = tasks
    .filter(({ status, lastSignedOffAt }) => done.includes(status) && lastSignedOffAt)
    .map(({ lastSignedOffAt }) => (lastSignedOffAt ? dayOf(lastSignedOffAt, timeZone) : today))
  const within = (span: number) => days.filter(day => day > daysBefore(today, span)).length
  const age = daysBetween(startedOn, today)
  const months = Math.min(age, velocityWindowDays) / daysPerMonth
  return {
    last30Days: within(30),
    last90Days: within(90),
    perMonth: age < 30 ? null : Math.round((within(velocityWindowDays) / months) * 10) / 10,
  }
}

export const daysSince = (since: Date, { today, timeZone }: JourneyClock) =>
  Math.max(0, daysBetween(dayOf(since, timeZone), today))

/** In work and unchanged for longer than so many days. */
export const isStuck = (task: { status: TaskStatus; daysInStatus: number }, afterDays: number) =>
  inWork.includes(task.status) && task.daysInStatus > afterDays

export interface StatusStep {
  to: TaskStatus
  at: Date
}

/**
 * How many days a task spent in each status, from the first step on; the status it is in lasts until today. Days are
 * counted from midnight to midnight, so they add up to the days since it began.
 *
 * @param steps in the order they were taken
 */
export function daysByStatus(
  steps: readonly StatusStep[],
  { today, timeZone }: JourneyClock,
): { status: TaskStatus; days: number }[] {
  const days = new Map<TaskStatus, number>()
  for (const [index, { to, at }] of steps.entries()) {
    const end = steps[index + 1]
    const until = end ? dayOf(end.at, timeZone) : today
    days.set(to, (days.get(to) ?? 0) + Math.max(0, daysBetween(dayOf(at, timeZone), until)))
  }
  return [...days].map(([status, count]) => ({ status, days: count }))
}
