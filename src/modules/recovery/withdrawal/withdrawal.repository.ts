import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { FeltDay } from './withdrawal.rules.ts'

/** What daily check-ins in force say of withdrawal, by their days; of urges those of one addiction, where one is given. */
export async function feltDays(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to, addictionId }: { from: string; to: string; addictionId: string | null },
): Promise<FeltDay[]> {
  const { rows } = await sql<FeltDay>`
    select c.covers_on as on, c.anxiety, c.irritability, c.depression, c.dysphoria, c.shame, c.hopelessness,
      (select max(a.urge) from check_in_addictions a where a.practice_id = c.practice_id and a.check_in_id = c.id
        and (${addictionId}::uuid is null or a.addiction_id = ${addictionId}::uuid)) as urge,
      c.sleep_minutes as "sleepMinutes"
    from check_ins c
    where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force and c.kind = 'daily'
      and c.covers_on between ${from} and ${to}
    order by c.covers_on`.execute(trx)
  return rows
}
