/**
 * Days, streaks and milestones. Everything here is computed from dates (`YYYY-MM-DD`), never from instants: which day it
 * was, the client's own calendar has said already. A day counts as a whole, and the first day is day 1.
 */

export const circles = ['inner', 'middle', 'outer'] as const
export type Circle = (typeof circles)[number]

/** What a sobriety definition says from a day on. */
export interface DefinitionDays {
  number: number
  effectiveFrom: string
  circleOf: ReadonlyMap<string, Circle>
}

/** Something that happened on a day and that a definition may count. */
export interface RecoveryEvent {
  on: string
  /** The items of the definition that it touched. */
  itemIds: readonly string[]
  /** As it was said, for what no item says. */
  circle: Circle | null
}

const dayMs = 86_400_000
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs
export const dayAfter = (day: string, days = 1): string =>
  new Date((dayNumber(day) + days) * dayMs).toISOString().slice(0, 10)

/** How many days there are from the first to the last, both counted; 0 where the last is before the first. */
export const daysThrough = (first: string, last: string): number =>
  Math.max(0, dayNumber(last) - dayNumber(first) + 1)

/** The definition in force on a day: of those that had begun the one with the highest number. */
export function definitionInForce<D extends Pick<DefinitionDays, 'number' | 'effectiveFrom'>>(
  definitions: readonly D[],
  day: string,
): D | undefined {
  return definitions
    .filter(({ effectiveFrom }) => effectiveFrom <= day)
    .reduce<D | undefined>((best, one) => (best && best.number > one.number ? best : one), undefined)
}

const nearness: Readonly<Record<Circle, number>> = { inner: 0, middle: 1, outer: 2 }

/**
 * The circle an event counts for: the innermost of those in which the definition of that very day has its items. Where it
 * has none of them, or where there was no definition yet, what was said counts.
 */
export function circleOfEvent(definitions: readonly DefinitionDays[], event: RecoveryEvent): Circle | null {
  const inForce = definitionInForce(definitions, event.on)
  const placed = event.itemIds.flatMap(id => inForce?.circleOf.get(id) ?? [])
  const [innermost] = placed.toSorted((a, b) => nearness[a] - nearness[b])
  return innermost ?? event.circle
}

export interface Streaks {
  /** The first day of the present streak: the day after the last act of the inner circle. It may be tomorrow. */
  sobrietyDate: string
  /** Days of the present streak, today counted. */
  currentDays: number
  /** The longest streak up to today, the present one included. */
  longestDays: number
  /** Days on which a streak ended. */
  resetDays: number
}

/**
 * Streaks of one addiction.
 *
 * @param startsOn the first day that is counted; acts before it change nothing
 * @returns undefined when the first day is still to come
 */
export function streaksOf(
  startsOn: string,
  definitions: readonly DefinitionDays[],
  events: readonly RecoveryEvent[],
  today: string,
): Streaks | undefined {
  if (startsOn > today) return undefined
  const resets = events
    .filter(event => event.on >= startsOn && event.on <= today)
    .filter(event => circleOfEvent(definitions, event) === 'inner')
    .map(event => event.on)
  const days = [...new Set(resets)].toSorted()
  const beginnings = [startsOn, ...days.map(day => dayAfter(day))]
  // Each streak ends on the day before the act that ended it; the last one goes on today.
  const lengths = beginnings.map((first, index) => {
    const reset = days[index]
    return daysThrough(first, reset === undefined ? today : dayAfter(reset, -1))
  })
  return {
    sobrietyDate: beginnings.at(-1) ?? startsOn,
    currentDays: lengths.at(-1) ?? 0,
    longestDays: Math.max(...lengths),
    resetDays: days.length,
  }
}

export interface Milestone {
  unit: 'days' | 'years'
  count: number
  /** The day on which it is reached. */
  on: string
  reached: boolean
}

const streakDays = [30, 60, 90, 180]

/**
 * The anniversary of a day: the same day of the calendar, and of 29 February the 28th in a common year (as PostgreSQL
 * adds years).
 */
export function anniversary(day: string, years: number): string {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0')
  const same = `${year}${day.slice(4)}`
  const exists = new Date(`${same}T00:00:00Z`).toISOString().slice(0, 10) === same
  return exists ? same : `${year}-02-28`
}

/**
 * Milestones of a streak: day 30, 60, 90 and 180, then each anniversary; those reached, and the next one.
 *
 * @param sobrietyDate day 1
 */
export function streakMilestones(sobrietyDate: string, today: string): Milestone[] {
  const days = streakDays.map(count => milestone('days', count, dayAfter(sobrietyDate, count - 1), today))
  const years: Milestone[] = []
  for (let count = 1; years.at(-1)?.reached !== false; count++)
    years.push(milestone('years', count, anniversary(sobrietyDate, count), today))
  const all = [...days, ...years]
  const next = all.findIndex(({ reached }) => !reached)
  return all.slice(0, next + 1)
}

const milestone = (unit: Milestone['unit'], count: number, on: string, today: string): Milestone => ({
  unit,
  count,
  on,
  reached: on <= today,
})

export const contractSteps = [
  'proposed',
  'agreed',
  'partner_consented',
  'started',
  'broken',
  'continued',
  'restarted',
  'extended',
  'completed',
  'ended_early',
  'reviewed',
] as const
export type ContractStep = (typeof contractSteps)[number]

export interface StepOnDay {
  step: ContractStep
  effectiveOn: string
  plannedDays: number | null
}

export interface ContractDays {
  /** Day 1; null before the contract starts. */
  startsOn: string | null
  plannedDays: number
  /** The last planned day; null before the contract starts. */
  endsOn: string | null
  /** Which day it is, from 0 (not begun) to the planned days. A break holds it still until something is chosen. */
  dayNumber: number
  breaks: number
  milestones: Milestone[]
}

const contractMilestones = [30, 60, 90]

/**
 * The days of an abstinence contract, from its steps in their order. A break alone changes nothing but the day at which
 * the count stands: that it goes on, or begins again, is a step of its own.
 */
export function contractDays(steps: readonly StepOnDay[], today: string): ContractDays {
  let [startsOn, heldOn]: [string | null, string | null] = [null, null]
  let [plannedDays, breaks, isBroken] = [0, 0, false]
  for (const { step, effectiveOn, plannedDays: planned } of steps) {
    plannedDays = planned ?? plannedDays
    if (step === 'started' || step === 'restarted') startsOn = effectiveOn
    if (step === 'started' || step === 'restarted' || step === 'continued') [heldOn, isBroken] = [null, false]
    if (step === 'broken') [breaks, isBroken] = [breaks + 1, true]
    if (step === 'broken' || step === 'completed' || step === 'ended_early') heldOn ??= effectiveOn
  }
  if (startsOn === null) return { startsOn, plannedDays, endsOn: null, dayNumber: 0, breaks, milestones: [] }
  const reachedOn = heldOn !== null && heldOn < today ? heldOn : today
  // The day of a break counts, but as long as nothing was chosen it is no day to be celebrated.
  const livedThrough = isBroken && reachedOn === heldOn ? dayAfter(reachedOn, -1) : reachedOn
  const counted = [...new Set([...contractMilestones, plannedDays])].filter(days => days <= plannedDays)
  const first = startsOn
  return {
    startsOn,
    plannedDays,
    endsOn: dayAfter(startsOn, plannedDays - 1),
    dayNumber: Math.min(daysThrough(startsOn, reachedOn), plannedDays),
    breaks,
    milestones: counted
      .toSorted((a, b) => a - b)
      .map(count => milestone('days', count, dayAfter(first, count - 1), livedThrough)),
  }
}

/** A check-in in force, as far as days are counted with it. */
export interface CoveredDays {
  kind: 'daily' | 'weekly'
  coversOn: string
}

/** The first day that a check-in tells of. */
export const coversFrom = ({ kind, coversOn }: CoveredDays): string =>
  kind === 'weekly' ? dayAfter(coversOn, -6) : coversOn

/** How many of these days some check-in tells of. */
export function coveredDays(checkIns: readonly CoveredDays[], first: string, last: string): number {
  const covered = new Set<number>()
  for (const checkIn of checkIns) {
    const [from, to] = [dayNumber(coversFrom(checkIn)), dayNumber(checkIn.coversOn)]
    for (let day = Math.max(from, dayNumber(first)); day <= Math.min(to, dayNumber(last)); day++)
      covered.add(day)
  }
  return covered.size
}

/**
 * All that a definition may count: the lapses, and the days on which a check-in says that the inner circle was touched. A
 * weekly form does not say which day it was, so it counts on its last day, and not at all where a lapse or a daily
 * check-in of these seven days already does.
 */
export function eventsOf(
  definitions: readonly DefinitionDays[],
  lapses: readonly RecoveryEvent[],
  touched: readonly CoveredDays[],
): RecoveryEvent[] {
  const inner = lapses.filter(lapse => circleOfEvent(definitions, lapse) === 'inner').map(({ on }) => on)
  const daily = touched.filter(({ kind }) => kind === 'daily').map(({ coversOn }) => coversOn)
  const tellsAgain = (checkIn: CoveredDays) => {
    const days = checkIn.kind === 'weekly' ? [...inner, ...daily] : inner
    return days.some(on => on >= coversFrom(checkIn) && on <= checkIn.coversOn)
  }
  const untold = touched.filter(checkIn => !tellsAgain(checkIn))
  return [
    ...lapses,
    ...untold.map(({ coversOn }) => ({ on: coversOn, itemIds: [], circle: 'inner' as const })),
  ]
}
