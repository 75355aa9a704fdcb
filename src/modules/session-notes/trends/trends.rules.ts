import { headerKind } from '../header-figures.ts'

/** A number of a signed note. */
export interface Figure {
  noteId: string
  partId: string
  sessionDate: string
  partKind: string
  measure: string
  subjectId: string | null
  value: number
}

export interface Point {
  noteId: string
  partId: string
  sessionDate: string
  value: number
}

export interface SeriesSummary {
  first: number
  last: number
  change: number
  mean: number
  min: number
  max: number
  slopePerSession: number | null
}

export interface Series {
  partKind: string
  measure: string
  subjectId: string | null
  summary: SeriesSummary
  points: Point[]
}

const rounded = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/**
 * The rise from one session to the next, by least squares over the numbers of the sessions: the curve of learning or
 * settling as one number.
 *
 * @returns null for less than two values
 */
export function slopeOf(values: readonly number[]): number | null {
  const count = values.length
  if (count < 2) return null
  const [middle, mean] = [(count - 1) / 2, sumOf(values) / count]
  const above = sumOf(values.map((value, at) => (at - middle) * (value - mean)))
  const below = sumOf(values.map((_value, at) => (at - middle) ** 2))
  return rounded(above / below, 4)
}

/** @param values at least one, oldest first */
export function summaryOf(values: readonly number[]): SeriesSummary {
  const [first = 0, last = 0] = [values[0], values.at(-1)]
  return {
    first,
    last,
    change: rounded(last - first),
    mean: rounded(sumOf(values) / values.length),
    min: Math.min(...values),
    max: Math.max(...values),
    slopePerSession: slopeOf(values),
  }
}

/**
 * Whole notes only: the one that was cut into, or that came too much, says only that there are older ones.
 *
 * @param newest newest first, one note or one figure more than is shown where there are more
 * @returns oldest first
 */
export function wholeNotes(
  newest: readonly Figure[],
  most: { notes: number; figures: number },
): { figures: Figure[]; truncated: boolean } {
  const oldest = newest.at(-1)?.noteId
  const notes = new Set(newest.map(({ noteId }) => noteId)).size
  const truncated = newest.length > most.figures || notes > most.notes
  const kept = truncated ? newest.filter(({ noteId }) => noteId !== oldest) : newest
  return { figures: kept.toReversed(), truncated }
}

/** One series for each kind, measure and subject. @param figures oldest first */
export function seriesOf(figures: readonly Figure[]): Series[] {
  const groups = Map.groupBy(figures, ({ partKind, measure, subjectId }) =>
    [partKind, measure, subjectId ?? ''].join(' '),
  )
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [one, ...others]]) => (one ? [toSeries(one, [one, ...others])] : []))
}

const toSeries = ({ partKind, measure, subjectId }: Figure, figures: readonly Figure[]): Series => ({
  partKind,
  measure,
  subjectId,
  summary: summaryOf(figures.map(({ value }) => value)),
  points: figures.map(({ noteId, partId, sessionDate, value }) => ({ noteId, partId, sessionDate, value })),
})

/**
 * What is counted over all sessions together. `share`: of the parts that say anything of it, how many say more than zero.
 * `ratio`: one sum by another, over the parts that say both.
 */
export const rates = {
  homework_done: { partKinds: ['cbt', headerKind], percent: 'homework_completion' },
  diary_days_filled: { partKind: 'dbt', part: 'diary_days_filled', whole: 'diary_days_due' },
  chain_links_solved: { partKind: 'dbt', part: 'chain_links_solved', whole: 'chain_links' },
  over_activated_sessions: { partKind: 'somatic', share: 'over_activation' },
  sessions_with_side_effects: { partKind: 'neurofeedback', share: 'side_effects' },
  sessions_with_both_partners: { partKind: 'couple', share: 'both_present' },
  agreements_kept: { partKind: 'couple', part: 'agreements_kept', whole: 'agreements_reviewed' },
} as const satisfies Readonly<Record<string, RateRule>>

type RateRule =
  | { partKinds: readonly string[]; percent: string }
  | ({ partKind: string } & ({ share: string } | { part: string; whole: string }))

export type RateKey = keyof typeof rates
export const rateKeys = Object.keys(rates) as [RateKey, ...RateKey[]]

export interface Rate {
  rate: RateKey
  value: number
  of: number
}

/** The rates that there is anything to count for. */
export const ratesOf = (figures: readonly Figure[]): Rate[] =>
  rateKeys.flatMap(rate => {
    const [counted, of] = countedFor(rates[rate], figures)
    return of === 0 ? [] : [{ rate, value: rounded(counted / of), of }]
  })

function countedFor(rule: RateRule, figures: readonly Figure[]): readonly [counted: number, of: number] {
  const kinds: readonly string[] = 'partKinds' in rule ? rule.partKinds : [rule.partKind]
  const ofMeasure = (measure: string) =>
    figures.filter(figure => kinds.includes(figure.partKind) && figure.measure === measure)
  if ('percent' in rule) {
    const values = ofMeasure(rule.percent).map(({ value }) => value / 100)
    return [sumOf(values), values.length]
  }
  if ('share' in rule) {
    const said = ofMeasure(rule.share)
    return [said.filter(({ value }) => value > 0).length, said.length]
  }
  const wholes = new Map(ofMeasure(rule.whole).map(figure => [figure.partId + figure.noteId, figure.value]))
  const paired = ofMeasure(rule.part).flatMap(({ partId, noteId, value }) => {
    const whole = wholes.get(partId + noteId)
    return whole === undefined ? [] : [{ value, whole }]
  })
  return [sumOf(paired.map(({ value }) => value)), sumOf(paired.map(({ whole }) => whole))]
}
