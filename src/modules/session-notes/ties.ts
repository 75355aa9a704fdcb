import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FieldError, Problem } from '../../lib/problems.ts'
import { isRiskAssessmentOf } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { knownObjectives } from '../treatment-plans/index.ts'
import type { NoteHeader, NoteHeaderChange } from './header.schemas.ts'

/**
 * Objectives and the risk assessment that a header names must be of its chart. Costs nothing where none is given: most
 * saves give none.
 *
 * @throws Problem `unknown-reference`
 */
export async function requireTies(
  trx: PracticeTransaction,
  chart: OpenChart,
  { objectives, risk }: NoteHeader | NoteHeaderChange,
): Promise<void> {
  const riskAssessmentId = risk?.riskAssessmentId
  const named = objectives ?? []
  const [known, knowsRisk] = await Promise.all([
    knownObjectives(trx, chart, named),
    riskAssessmentId === undefined || isRiskAssessmentOf(trx, chart, riskAssessmentId),
  ])
  const errors: FieldError[] = named.flatMap((_objective, at) =>
    known.has(at) ? [] : [unknown(`/header/objectives/${at}`)],
  )
  if (!knowsRisk) errors.push(unknown('/header/risk/riskAssessmentId'))
  if (errors.length > 0) throw new Problem('unknown-reference', { errors })
}

const unknown = (pointer: string): FieldError => ({
  pointer,
  code: 'unknown',
  detail: 'There is none like this in this chart.',
})
