import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FieldError, Problem } from '../../lib/problems.ts'
import { isRiskAssessmentOf } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { knownObjectives, standingOfCodes, unlistedCode } from '../treatment-plans/index.ts'
import type { NoteHeader, NoteHeaderChange } from './header.schemas.ts'

/** Any day: whether a code is listed at all does not hang on it. */
const anyDay = '2000-01-01'

/** Which of these codes are in no list. */
export async function unlistedAmong(
  trx: PracticeTransaction,
  named: readonly { system: 'icd10cm' | 'icd11'; code: string; pointer: string }[],
): Promise<FieldError[]> {
  const standings = await standingOfCodes(trx, named, anyDay)
  return named.flatMap(({ pointer }, at) =>
    standings[at] === 'unlisted' ? [{ pointer, code: 'unknown', detail: unlistedCode }] : [],
  )
}

/** Codes that were not valid on the day of the session: the list may change after they were written down. */
export async function diagnosisWarnings(
  trx: PracticeTransaction,
  { diagnoses = [] }: NoteHeader,
  sessionDate: string,
): Promise<FieldError[]> {
  const standings = await standingOfCodes(trx, diagnoses, sessionDate)
  return standings.flatMap((standing, at) =>
    standing === 'valid'
      ? []
      : [
          {
            pointer: `/header/diagnoses/${at}`,
            code: 'diagnosis_not_valid',
            detail: 'The code is not listed as valid on the day of the session.',
          },
        ],
  )
}

/**
 * Objectives and the risk assessment that a header names must be of its chart, and codes of diagnoses listed. Costs
 * nothing where none is given: most saves give none.
 *
 * @throws Problem `unknown-reference`
 */
export async function requireTies(
  trx: PracticeTransaction,
  chart: OpenChart,
  { objectives, risk, diagnoses }: NoteHeader | NoteHeaderChange,
): Promise<void> {
  const riskAssessmentId = risk?.riskAssessmentId
  const named = objectives ?? []
  const [known, knowsRisk, unlisted] = await Promise.all([
    knownObjectives(trx, chart, named),
    riskAssessmentId === undefined || isRiskAssessmentOf(trx, chart, riskAssessmentId),
    unlistedAmong(
      trx,
      (diagnoses ?? []).map((one, at) => ({ ...one, pointer: `/header/diagnoses/${at}/code` })),
    ),
  ])
  const errors: FieldError[] = named.flatMap((_objective, at) =>
    known.has(at) ? [] : [unknown(`/header/objectives/${at}`)],
  )
  if (!knowsRisk) errors.push(unknown('/header/risk/riskAssessmentId'))
  errors.push(...unlisted)
  if (errors.length > 0) throw new Problem('unknown-reference', { errors })
}

const unknown = (pointer: string): FieldError => ({
  pointer,
  code: 'unknown',
  detail: 'There is none like this in this chart.',
})
