import {
  type Circle,
  type CoveredDays,
  circleOfEvent,
  type DefinitionDays,
  dayAfter,
  eventsOf,
  type RecoveryEvent,
  streakMilestones,
  streaksOf,
} from '../days.rules.ts'

/** What is known of one addiction. */
export interface AddictionFacts {
  soberSince: string | null
  definitions: readonly DefinitionDays[]
  lapses: readonly RecoveryEvent[]
  /** What check-ins in force say of it; null where they did not ask. */
  checked: readonly (CoveredDays & { inner: boolean | null; middle: boolean | null; outer: boolean | null })[]
}

/** The figures of one addiction. Days with an act, not acts, are counted. */
export function addictionFigures(
  { soberSince, definitions, lapses, checked }: AddictionFacts,
  today: string,
) {
  const events = eventsOf(
    definitions,
    lapses,
    checked.filter(({ inner }) => inner),
  )
  const startsOn = soberSince ?? firstDay(definitions)
  const streaks = startsOn === undefined ? undefined : streaksOf(startsOn, definitions, events, today)
  const middle = checked.filter(checkIn => checkIn.middle).map(({ coversOn }) => coversOn)
  const innerDays = daysOf(definitions, events, 'inner')
  const [recent, before] = [dayAfter(today, -27), dayAfter(today, -55)]
  const asked = checked.filter(
    ({ kind, coversOn, outer }) => kind === 'daily' && outer !== null && within(coversOn, recent, today),
  )
  return {
    streak:
      startsOn === undefined || !streaks
        ? null
        : { startsOn, ...streaks, milestones: streakMilestones(streaks.sobrietyDate, today) },
    innerLast28Days: countWithin(innerDays, recent, today),
    innerPrevious28Days: countWithin(innerDays, before, dayAfter(recent, -1)),
    middleLast28Days: countWithin([...daysOf(definitions, events, 'middle'), ...middle], recent, today),
    outerRateLast28Days: rate(asked.filter(({ outer }) => outer).length, asked.length),
  }
}

const firstDay = (definitions: readonly DefinitionDays[]) =>
  definitions.map(({ effectiveFrom }) => effectiveFrom).toSorted()[0]

const daysOf = (definitions: readonly DefinitionDays[], events: readonly RecoveryEvent[], circle: Circle) =>
  events.filter(event => circleOfEvent(definitions, event) === circle).map(({ on }) => on)

const within = (day: string, first: string, last: string) => day >= first && day <= last
const countWithin = (days: readonly string[], first: string, last: string) =>
  new Set(days.filter(day => within(day, first, last))).size

/** A share with two decimals; null of nothing. */
export const rate = (part: number, whole: number) =>
  whole === 0 ? null : Math.round((part / whole) * 100) / 100

/** The middle of an ordered list; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** What appears more than once, most frequent first, then by its name. */
export function repeated<T extends string>(words: readonly T[]): { word: T; count: number }[] {
  const counts = Map.groupBy(words, word => word)
  return [...counts]
    .map(([word, all]) => ({ word, count: all.length }))
    .filter(({ count }) => count > 1)
    .toSorted((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
}
