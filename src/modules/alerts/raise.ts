import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { enqueue } from '../../lib/outbox.ts'
import { currentPrimary, type OpenChart } from '../charts/index.ts'
import { type NewChange, newChange } from './alerts.repository.ts'
import { emitStep } from './announce.ts'
import { sealedComment } from './comments.ts'
import { type AlertRuleName, alertRules, checkEvidence, type Evidence, type Severity } from './rules.ts'

export interface NewAlert {
  /** One of `alertRules`; it also says who may be told. */
  rule: AlertRuleName
  severity: Severity
  /** What the alert is about, so that the same thing has one unresolved alert: an id or key word. */
  key: string
  evidence: Evidence
  /** Whoever is told has this long to acknowledge it; then it becomes more severe. */
  respondWithinMinutes?: number
  /** The chart's primary clinician when left out. */
  ownerStaffId?: string
}

/**
 * Tells staff that something in an open chart needs a look, in the transaction of what it is about. It addresses nobody
 * outside: it is a row in a list. Of two that find the same thing the database lets one write it.
 *
 * @returns the alert's id; null when the same one (chart, rule, key) is still unresolved
 * @throws TypeError for evidence that could be a person's words
 */
export async function raiseAlert(
  trx: PracticeTransaction,
  chart: OpenChart,
  alert: NewAlert,
): Promise<string | null> {
  const id = uuidv7()
  const step = await raise(trx, chart, alert, { id, madeBy: null })
  if (!step) return null
  trx.later(newChange(trx, step))
  return id
}

/** As `raiseAlert`, also by a member of staff. @returns the first step of its history, for the caller to write */
export async function raise(
  trx: PracticeTransaction,
  chart: Pick<OpenChart, 'id'>,
  { rule, severity, key, evidence, respondWithinMinutes, ownerStaffId }: NewAlert,
  { id, madeBy, comment }: { id: string; madeBy: string | null; comment?: string | null | undefined },
): Promise<NewChange | null> {
  checkEvidence(evidence)
  const { dataClass } = alertRules[rule]
  const row = await trx
    .insertInto('alerts')
    .values({
      practice_id: trx.practiceId,
      id,
      chart_id: chart.id,
      rule,
      key,
      data_class: dataClass,
      severity,
      owner_id: ownerStaffId ?? currentPrimary(trx, chart.id),
      evidence: JSON.stringify(evidence),
      respond_by:
        respondWithinMinutes === undefined
          ? null
          : sql<Date>`now() + make_interval(mins => ${respondWithinMinutes})`,
    })
    .onConflict(conflict =>
      conflict
        .columns(['practice_id', 'chart_id', 'rule', 'key'])
        .where('status', '<>', sql.lit('resolved'))
        .doNothing(),
    )
    .returning(['id', 'owner_id'])
    .executeTakeFirst()
  if (!row) return null
  emitStep(trx, 'raised', { id, version: 1, chart_id: chart.id, data_class: dataClass })
  if (respondWithinMinutes !== undefined)
    enqueue(trx, 'alert-response', id, { minutes: respondWithinMinutes })
  return {
    alert_id: id,
    alert_version: 1,
    step: 'raised',
    severity,
    owner_id: row.owner_id,
    made_by: madeBy,
    ...(await sealedComment(trx, comment)),
  }
}
