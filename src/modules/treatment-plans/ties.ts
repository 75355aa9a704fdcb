import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FieldError, Problem } from '../../lib/problems.ts'
import { latestScores } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { groundworkOf, knownBehaviorIds, knownBlockIds } from '../recovery/index.ts'
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
 * Blocks and behaviors that objectives name must be of this chart. Blocks that only the care team may see cannot be
 * named: others read the plan too.
 *
 * @throws Problem `unknown-reference`
 */
export async function checkLinks(
  trx: PracticeTransaction,
  chart: OpenChart,
  { objectives }: PlanDraft,
): Promise<void> {
  const [blocks, behaviors] = await Promise.all([
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
  ])
  const errors = objectives.flatMap(({ blockIds, behaviorIds }, index) => [
    ...unknown(blockIds, blocks, `/objectives/${index}/blockIds`),
    ...unknown(behaviorIds, behaviors, `/objectives/${index}/behaviorIds`),
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
            detail: 'There is none with this id in this chart.',
          },
        ],
  )
