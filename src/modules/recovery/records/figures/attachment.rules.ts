import type { ScoredOnce } from '../../../assessments/index.ts'
import { type FigureRow, ofKind } from './rows.ts'

/** The instruments with these two dimensions, and how records name them. */
const recordedAs: Readonly<Record<string, string>> = { 'ecr-r': 'ecr_r', 'ecr-rs': 'ecr_rs' }

export const attachmentInstruments = Object.keys(recordedAs)

interface Point {
  on: string
  anxiety: number
  avoidance: number
  instrument: string
  from: 'record' | 'assessment'
}

/**
 * Anxiety and avoidance over time, for each person. An instrument that asks about nobody in particular is about close
 * relationships in general. Where the same result was scored and also written down, it is shown once, as scored.
 */
export function attachmentOf(
  rows: readonly FigureRow[],
  scored: readonly ScoredOnce[],
): { target: string; series: Point[] }[] {
  const points = [...scored.flatMap(scoredPoint), ...ofKind(rows, 'attachment').map(writtenPoint)]
  const byTarget = Map.groupBy(points, ({ target }) => target)
  return [...byTarget].map(([target, some]) => ({
    target,
    series: [...Map.groupBy(some, ({ point }) => sameResult(point)).values()]
      .flatMap(same => {
        const fromAnswers = same.filter(({ point }) => point.from === 'assessment')
        return (fromAnswers.length > 0 ? fromAnswers : same).map(({ point }) => point)
      })
      .toSorted((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on))),
  }))
}

const sameResult = ({ on, instrument }: Point) => `${on} ${instrument}`

function scoredPoint({ instrumentKey, target, completedOn, scores: { anxiety, avoidance } }: ScoredOnce) {
  if (anxiety === undefined || avoidance === undefined) return []
  const instrument = recordedAs[instrumentKey] ?? instrumentKey
  const point: Point = { on: completedOn, anxiety, avoidance, instrument, from: 'assessment' }
  return [{ target: target ?? 'general', point }]
}

function writtenPoint({ occurredOn, keys: [target, instrument], measures: [anxiety, avoidance] }: FigureRow) {
  const point: Point = {
    on: occurredOn,
    anxiety: anxiety ?? 0,
    avoidance: avoidance ?? 0,
    instrument: instrument ?? '',
    from: 'record',
  }
  return { target: target ?? '', point }
}
