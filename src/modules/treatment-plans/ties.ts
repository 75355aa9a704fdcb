import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FieldError, Problem } from '../../lib/problems.ts'
import { knownScales, latestScores } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { groundworkOf, knownBehaviorIds, knownBlockIds } from '../recovery/index.ts'
import { knownTaskKeys } from '../task-model/index.ts'
import type { PlanContent, PlanDraft } from './content.schemas.ts'
import type { PlanObjective } from './elements.schemas.ts'
import type { Groundwork } from './phases.rules.ts'

// What a plan asks of the other clinical records of its chart.

/** The latest score of each scale, by instrument and scale. */
export type Scores = ReadonlyMap<string, { value: number; on: string }>

const nameOf = (instrumentKey: string | null, scale: string | null) => `${instrumentKey} ${scale}`

/** The scores that the objectives of a plan are measured with. */
export async function scoresFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  { objectives }: PlanContent,
): Promise<Scores> {
  const keys = objectives.flatMap(({ measure }) => measure.instrumentKey ?? [])
  const scores = await latestScores(trx, chart, [...new Set(keys)])
  return new Map(
    scores.map(({ instrumentKey, scale, value, completedOn }) => [
      nameOf(instrumentKey, scale),
      { value, on: completedOn },
    ]),
  )
}

export const scoreOf = (scores: Scores, { measure }: Pick<PlanObjective, 'measure'>) =>
  scores.get(nameOf(measure.instrumentKey, measure.scaleKey))

/** What the chart says of the first phases of treatment. */
export async function groundworkIn(trx: PracticeTransaction, chart: OpenChart): Promise<Groundwork> {
  const { contained, coping } = await groundworkOf(trx, chart)
  return { containment: contained, coping }
}

/**
 * Blocks, behaviors and tasks that objectives name must be of this chart, instruments and scales of the library. Blocks that only the care team may see cannot be
 * named: others read the plan too.
 *
 * @throws Problem `unknown-reference`
 */
export async function checkLinks(
  trx: PracticeTransaction,
  chart: OpenChart,
  { objectives }: PlanDraft,
): Promise<void> {
  const instrumentKeys = objectives.flatMap(({ measure }) => measure.instrumentKey ?? [])
  const [blocks, behaviors, tasks, scales] = await Promise.all([
    knownBlockIds(
      trx,
      chart,
      objectives.flatMap(({ blockIds }) => blockIds),
    ),
    knownBehaviorIds(
      trx,
      chart,
      objectives.flatMap(({ behaviorIds }) => behaviorIds),
    ),
    knownTaskKeys(
      trx,
      chart,
      objectives.flatMap(({ taskKeys }) => taskKeys),
    ),
    knownScales(trx, [...new Set(instrumentKeys)]),
  ])
  const errors = objectives.flatMap(({ blockIds, behaviorIds, taskKeys, measure }, index) => [
    ...unknown(blockIds, blocks, `/objectives/${index}/blockIds`),
    ...unknown(behaviorIds, behaviors, `/objectives/${index}/behaviorIds`),
    ...unknown(taskKeys, tasks, `/objectives/${index}/taskKeys`),
    ...unknownMeasure(measure, scales, `/objectives/${index}/measure`),
  ])
  if (errors.length > 0) throw new Problem('unknown-reference', { errors })
}

const unknown = (ids: readonly string[], known: ReadonlySet<string>, pointer: string): FieldError[] =>
  ids.flatMap((id, at) =>
    known.has(id)
      ? []
      : [
          {
            pointer: `${pointer}/${at}`,
            code: 'unknown',
            detail: 'There is none of this name in this chart.',
          },
        ],
  )

function unknownMeasure(
  { instrumentKey, scaleKey }: PlanObjective['measure'],
  scales: ReadonlyMap<string, ReadonlySet<string>>,
  pointer: string,
): FieldError[] {
  if (instrumentKey === null) return []
  const known = scales.get(instrumentKey)
  const fault = (field: string, detail: string) => [
    { pointer: `${pointer}/${field}`, code: 'unknown', detail },
  ]
  if (!known) return fault('instrumentKey', 'There is no published instrument with this key.')
  if (scaleKey === null || known.has(scaleKey)) return []
  return fault('scaleKey', 'The instrument has no scale with this key.')
}
