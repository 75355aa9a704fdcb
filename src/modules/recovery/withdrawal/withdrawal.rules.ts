import { dayAfter, daysThrough, type StepOnDay } from '../days.rules.ts'

/** What withdrawal is felt as, of what check-ins ask. Each from 0 to 10. */
export const withdrawalSymptoms = [
  'anxiety',
  'irritability',
  'depression',
  'dysphoria',
  'shame',
  'hopelessness',
] as const
export type WithdrawalSymptom = (typeof withdrawalSymptoms)[number]

/** What a daily check-in says of withdrawal; null where it did not ask. */
export interface FeltDay extends Record<WithdrawalSymptom, number | null> {
  on: string
  /** The strongest urge. */
  urge: number | null
  sleepMinutes: number | null
}

/** One beginning of a contract, and the days on which it was in force. */
export interface ContractRun {
  /** Day 1. */
  startsOn: string
  /** First and last days, both counted. */
  spans: { from: string; to: string }[]
}

/**
 * The days on which a contract was in force, beginning by beginning: from its start to the day of a break, and on from the
 * day on which it continued. What is restarted is another beginning. Days after the planned ones belong to none.
 *
 * @param steps in their order
 */
export function contractRuns(steps: readonly StepOnDay[], today: string): ContractRun[] {
  const runs: ContractRun[] = []
  let plannedDays = 0
  const closeAt = (day: string) => {
    const span = runs.at(-1)?.spans.at(-1)
    if (span && span.to > day) span.to = day
  }
  for (const { step, effectiveOn, plannedDays: planned } of steps) {
    plannedDays = planned ?? plannedDays
    if (step === 'broken' || step === 'completed' || step === 'ended_early') closeAt(effectiveOn)
    // Who begins anew on the day of the break lives that day as day 1.
    if (step === 'restarted') closeAt(dayAfter(effectiveOn, -1))
    if (step === 'started' || step === 'restarted') runs.push({ startsOn: effectiveOn, spans: [] })
    if (step === 'started' || step === 'restarted' || step === 'continued')
      runs.at(-1)?.spans.push({ from: effectiveOn, to: today })
  }
  return runs.map(({ startsOn, spans }) => {
    const last = dayAfter(startsOn, plannedDays - 1)
    const within = spans.map(({ from, to }) => ({ from, to: to < last ? to : last }))
    return { startsOn, spans: within.filter(({ from, to }) => from <= to) }
  })
}

export interface WithdrawalPoint extends FeltDay {
  /** Which day of the contract it was. */
  day: number
  /** The mean of the symptoms that were told, with two decimals. */
  burden: number
}

export interface WithdrawalDay {
  day: number
  on: string
}

export interface WithdrawalRun {
  startsOn: string
  points: WithdrawalPoint[]
  first: WithdrawalDay | null
  peak: (WithdrawalDay & { burden: number }) | null
  settled: WithdrawalDay | null
}

/** Where the curve is read: from which burden on withdrawal counts as felt, and how many days of quiet settle it. */
export interface CurveReading {
  noticed: number
  quietDays: number
}

/**
 * The curve of one beginning, by contract day. Days of which no symptom was told are left out.
 *
 * First is the first day with a burden of at least `noticed`. Peak is the day with the greatest burden, the first of
 * several. Settled is the first day that was told after the last such day, once nothing as strong was told for `quietDays`
 * days, that day and the last one told both counted.
 */
export function withdrawalOf(
  { startsOn, spans }: ContractRun,
  felt: readonly FeltDay[],
  { noticed, quietDays }: CurveReading,
): WithdrawalRun {
  const points = felt
    .filter(({ on }) => spans.some(({ from, to }) => on >= from && on <= to))
    .flatMap(one => {
      const burden = burdenOf(one)
      return burden === null ? [] : [{ ...one, day: daysThrough(startsOn, one.on), burden }]
    })
  const lastFelt = points.findLastIndex(({ burden }) => burden >= noticed)
  const calm = lastFelt < 0 ? [] : points.slice(lastFelt + 1)
  const [calmFrom, calmTo] = [calm[0], calm.at(-1)]
  const isSettled = calmFrom && calmTo && daysThrough(calmFrom.on, calmTo.on) >= quietDays
  const peak = points.reduce<WithdrawalPoint | undefined>(
    (most, point) => (point.burden > (most?.burden ?? 0) ? point : most),
    undefined,
  )
  return {
    startsOn,
    points,
    first: dayOf(points.find(({ burden }) => burden >= noticed)),
    peak: peak ? { day: peak.day, on: peak.on, burden: peak.burden } : null,
    settled: dayOf(isSettled ? calmFrom : undefined),
  }
}

const dayOf = (point: WithdrawalPoint | undefined): WithdrawalDay | null =>
  point ? { day: point.day, on: point.on } : null

/** @returns null where no symptom was told */
function burdenOf(felt: FeltDay): number | null {
  const told = withdrawalSymptoms.map(name => felt[name]).filter(value => value !== null)
  if (told.length === 0) return null
  return Math.round((told.reduce((sum, value) => sum + value, 0) / told.length) * 100) / 100
}
