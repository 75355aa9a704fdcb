import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { newChange } from './alerts.repository.ts'
import { emitStep } from './announce.ts'
import type { AlertRuleName } from './rules.ts'

/**
 * Resolves what a rule raised, because its cause is gone: in the transaction that made it go. The chart's door was passed by
 * whoever did. Nothing happens where there is no such alert, or somebody has resolved it.
 *
 * @param what.key of the alert, as it was raised
 * @param what.outcome `handled` where somebody did what it asked for
 */
export async function settleAlert(
  trx: PracticeTransaction,
  chart: { id: string },
  what: { rule: AlertRuleName; key: string; outcome: 'handled' | 'no_longer_applies' },
): Promise<void> {
  const { staffId } = trx.scope.actor
  const row = await trx
    .updateTable('alerts')
    .set(eb => ({
      status: 'resolved',
      resolved_at: sql<Date>`now()`,
      resolved_by: staffId,
      outcome: what.outcome,
      version: eb('version', '+', 1),
      updated_at: sql<Date>`now()`,
    }))
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('rule', '=', what.rule)
    .where('key', '=', what.key)
    .where('status', '<>', 'resolved')
    .returningAll()
    .executeTakeFirst()
  if (!row) return
  const { id, version, severity, owner_id } = row
  trx.later(
    newChange(trx, {
      alert_id: id,
      alert_version: version,
      step: 'resolved',
      severity,
      owner_id,
      outcome: what.outcome,
      made_by: staffId,
    }),
  )
  emitStep(trx, 'resolved', row)
}
