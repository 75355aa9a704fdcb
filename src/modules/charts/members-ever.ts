import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from './door.ts'

/** Everybody who is or was a member of a chart, each once: a record is of those, too, who left. */
export async function membersEver(trx: PracticeTransaction, chart: OpenChart): Promise<string[]> {
  const rows = await trx
    .selectFrom('chart_members')
    .select('client_id')
    .distinct()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .execute()
  return rows.map(({ client_id }) => client_id)
}
