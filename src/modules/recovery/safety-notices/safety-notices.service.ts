import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { isChartReached, useEmergencyForCharts } from '../../charts/index.ts'
import { openCouple } from '../../couples/index.ts'
import type { SafetyNotices } from './safety-notices.schemas.ts'

const ofScreens = { dataClass: 'clinical', permission: 'recovery:read' } as const

/**
 * What to mind before work with both: the newest open screen of each partner whose own chart the reader may read. Who may
 * not is answered as if nobody had been asked. Nothing of it is written anywhere, least of all into the joint chart.
 *
 * @throws Problem `not-found`
 */
export async function getSafetyNotices(trx: PracticeTransaction, coupleId: string): Promise<SafetyNotices> {
  const { clientIds } = await openCouple(trx, coupleId, { dataClass: 'clinical' })
  trx.audit({ resourceType: 'safety-notice' })
  const { rows } = await sql<SafetyNotices['notices'][number]>`
    select m.client_id as "clientId", c.id as "chartId", newest.id as "recordId", newest.keys[1] as finding,
      newest.keys[3] as "jointWork", newest.occurred_on as "screenedOn", newest.review_on as "reviewOn"
    from chart_members m
    join charts c on c.practice_id = m.practice_id and c.id = m.chart_id and c.kind = 'individual'
    cross join lateral (
      select r.id, r.keys, r.occurred_on, r.review_on from recovery_records r
      where r.practice_id = c.practice_id and r.chart_id = c.id and r.kind = 'safety_screen' and r.status = 'open'
      order by r.occurred_on desc, r.id desc limit 1) newest
    where m.practice_id = ${trx.practiceId} and m.client_id = any(${clientIds}::uuid[]) and m.left_at is null
      and ${isChartReached(trx, 'c.id', ofScreens)} and newest.keys[3] <> 'no_concern'
    order by m.client_id`.execute(trx)
  await useEmergencyForCharts(
    trx,
    rows.map(({ chartId }) => chartId),
    ofScreens.dataClass,
    ofScreens.permission,
  )
  return { notices: rows }
}
