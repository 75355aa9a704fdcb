import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AssessmentAlertRules } from '../../lib/database/schema.ts'

export type AlertRuleRow = Selectable<AssessmentAlertRules>

const rules = (trx: PracticeTransaction) =>
  trx.selectFrom('assessment_alert_rules').selectAll().where('practice_id', '=', trx.practiceId)

/** The practice's rules in force for an instrument. */
export function rulesOf(trx: PracticeTransaction, instrumentKey: string): Promise<AlertRuleRow[]> {
  return rules(trx)
    .where('instrument_key', '=', instrumentKey)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** One row more than asked for, newest first. */
export function listRules(
  trx: PracticeTransaction,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<AlertRuleRow[]> {
  let query = rules(trx)
  if (before) query = query.where('id', '<', before)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function insertRule(
  trx: PracticeTransaction,
  values: Omit<Insertable<AssessmentAlertRules>, 'practice_id'>,
): Promise<AlertRuleRow> {
  return trx
    .insertInto('assessment_alert_rules')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Ends a rule that is in force. @returns whether it was */
export async function endRule(trx: PracticeTransaction, id: string): Promise<boolean> {
  const ended = await trx
    .updateTable('assessment_alert_rules')
    .set({ ended_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}
