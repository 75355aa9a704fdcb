import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import { enteredBy } from '../../lib/recorder.ts'
import { clientToday } from '../clients/index.ts'
import { getPolicies, today } from '../practice/index.ts'
import { raiseAlerts } from './alarm.ts'
import { rulesOf } from './alert-rules.repository.ts'
import * as repository from './answers.repository.ts'
import { type AnswerChange, checkAnswers, mergeAnswers } from './answers.rules.ts'
import { instrumentOf } from './assessment.view.ts'
import { changeAssignment } from './assignments.repository.ts'
import type { SavedAnswers } from './assignments.schemas.ts'
import type { OpenAssignment } from './assignments.service.ts'
import type { KnownInstrument } from './library.ts'
import { record } from './recording.ts'
import { type Answers, score } from './scoring.rules.ts'
import { sealedAnswers } from './sealed-places.ts'
import { continueSeries } from './series.ts'
import { currentTexts } from './texts.repository.ts'

/**
 * Saves answers of an assignment that waits for them. Made to be called every few seconds: no event.
 *
 * @throws Problem `invalid-request`, `invalid-state` after its last day, `stale-version`
 */
export async function saveAnswers(
  trx: PracticeTransaction,
  open: OpenAssignment,
  change: AnswerChange,
): Promise<SavedAnswers> {
  trx.audit({ fields: ['answers'] })
  const { row } = open
  const { instrument, answers } = await answered(trx, open, change)
  const first = row.status === 'assigned'
  const { version, updated_at } = await changeAssignment(trx, row, { status: 'in_progress' })
  await repository.saveDraft(trx, row.id, version, answers)
  if (first) await record(trx, row, { change: 'started', version })
  return {
    id: row.id,
    status: 'in_progress',
    answered: Object.keys(answers).length,
    items: instrument.definition.items.length,
    version,
    updatedAt: updated_at.toISOString(),
  }
}

/**
 * Completes an assessment for good: answers and scores are stored, alerts raised and the next of its series made, all
 * of it or nothing.
 *
 * @throws Problem `invalid-request`, `invalid-state` after its last day and without any answer, `stale-version`
 */
export async function complete(
  trx: PracticeTransaction,
  open: OpenAssignment,
  change: AnswerChange,
): Promise<void> {
  trx.audit({ fields: ['answers', 'status'] })
  const { chart, row } = open
  const [{ instrument, answers, day }, completedOn, [text], rules, { riskResponseMinutes }, sealer] =
    await Promise.all([
      answered(trx, open, change),
      clientToday(trx, chart),
      currentTexts(trx, row.instrument_key, row.edition),
      rulesOf(trx, row.instrument_key),
      getPolicies(trx),
      trx.sealer(),
    ])
  if (Object.keys(answers).length === 0)
    throw new Problem('invalid-state', { detail: 'Nothing has been answered yet.' })
  const { version } = await changeAssignment(trx, row, { status: 'completed' })
  const scores = score(instrument.definition, answers)
  const completed = {
    assignment_id: row.id,
    answers_sealed: sealer.seal(sealedAnswers(row.id), JSON.stringify(answers)),
    flags: scores.flags,
    algorithm_version: scores.algorithmVersion,
    text_id: text?.id ?? null,
    completed_on: completedOn,
    entered_by: enteredBy(trx),
    recorded_by: trx.scope.actor.staffId,
  }
  // Sent in this order, in one round trip.
  await Promise.all([
    repository.insertCompleted(trx, completed, scores.scales),
    repository.removeDraft(trx, row.id),
    record(trx, row, { change: 'completed', version }),
    raiseAlerts(trx, open, { instrument, scores, answers, rules, riskResponseMinutes }),
    continueSeries(trx, row, day),
  ])
}

/** The answers after a change, of an assignment that can still be answered. */
async function answered(
  trx: PracticeTransaction,
  { row }: OpenAssignment,
  change: AnswerChange,
): Promise<{ instrument: KnownInstrument; answers: Answers; day: string }> {
  const [instrument, before, day] = await Promise.all([
    instrumentOf(trx, row),
    repository.draftOf(trx, row.id),
    today(trx),
  ])
  checkAnswers(instrument.definition, change)
  if (row.expires_on && row.expires_on < day)
    throw new Problem('invalid-state', { detail: 'Its last day is over.' })
  return { instrument, answers: mergeAnswers(before, change), day }
}
