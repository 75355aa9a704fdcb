import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { ToldKind } from './due.rules.ts'

/**
 * Notes that these were booked, moved, canceled or offered, so that their clients are told of how they stand once the change
 * has settled. Whoever changes what people come to calls it, once for each in a transaction. It leaves with COMMIT.
 *
 * @param options.isNew they were booked just now
 */
export function tellOf(
  trx: PracticeTransaction,
  kind: ToldKind,
  ids: readonly string[],
  { isNew = false }: { isNew?: boolean } = {},
): void {
  if (ids.length === 0) return
  // Sorted: two who note the same ones never wait for each other in turn.
  trx.record(
    sql`insert into untold_changes (practice_id, subject_id, subject_kind, is_new)
      select ${trx.practiceId}, id, ${kind}, ${isNew} from unnest(${ids.toSorted()}::uuid[]) as id
      on conflict on constraint untold_changes_pkey do update set noted_at = now()`.compile(trx),
  )
}
