import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { clientToday } from '../clients/index.ts'
import { behaviorKind } from './behaviors/behaviors.service.ts'
import { knownAmong } from './documents/documents.repository.ts'
import { philosophiesOf } from './philosophy/philosophy.service.ts'
import { containmentInForce } from './records/kinds/containment-plan.ts'
import { footing } from './records/records.repository.ts'
import type { Philosophy } from './words.ts'

/** What treatment plans ask of the recovery work of their chart. */

/** The philosophy that is followed today; null where none was chosen. */
export async function philosophyNow(trx: PracticeTransaction, chart: OpenChart): Promise<Philosophy | null> {
  const [followed, day] = await Promise.all([philosophiesOf(trx, chart), clientToday(trx, chart)])
  return followed(day) ?? null
}

/** Whether containment and coping, which come before work with trauma, are in place. */
export const groundworkOf = (trx: PracticeTransaction, chart: OpenChart) =>
  footing(trx, chart, containmentInForce)

/** Those of these ids that are blocks to treatment of this chart, for whoever reads its clinical data. */
export async function knownBlockIds(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await trx
    .selectFrom('recovery_records')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('kind', '=', 'block')
    .where('data_class', '=', 'clinical')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Those of these ids that are behaviors of this chart. They are restricted: the caller sees that class of the chart. */
export const knownBehaviorIds = (trx: PracticeTransaction, chart: OpenChart, ids: readonly string[]) =>
  knownAmong(trx, chart, behaviorKind.kind, ids)
