import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/** Neither deceased nor merged into another record. */
export async function isInCare(trx: PracticeTransaction, clientId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('clients')
    .select('status')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', clientId)
    .executeTakeFirst()
  return row !== undefined && row.status !== 'merged' && row.status !== 'deceased'
}
