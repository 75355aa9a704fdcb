import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { seesEveryAppointment, sightOf } from './appointments.access.ts'
import type { Rival } from './reservations.repository.ts'

/**
 * Which of these rivals the caller could list, in full. Whoever sees every appointment also sees what else takes time;
 * to others a hold, a block of an intensive or a group is no more than an hour that does not work.
 */
export async function visibleRivals(
  trx: PracticeTransaction,
  rivals: readonly Rival[],
): Promise<(rival: Rival) => boolean> {
  const { kind, permissions } = trx.scope.actor
  if (kind !== 'system' && !permissions.has('appointments:read')) return () => false
  if (seesEveryAppointment(trx)) return () => true
  const ids = rivals.filter(isAppointment).map(rival => rival.holder_id)
  if (ids.length === 0) return () => false
  const { seenAs, visible } = sightOf(trx, true)
  const { rows } = await sql<{ id: string; seen_as: string }>`
    select a.id, ${seenAs} as seen_as from appointments a
    where a.practice_id = ${trx.practiceId} and a.id = any(${ids}::uuid[])
      and ${visible ?? sql`true`}`.execute(trx)
  const seen = new Set(rows.filter(row => row.seen_as !== 'part').map(row => row.id))
  return rival => isAppointment(rival) && seen.has(rival.holder_id)
}

const isAppointment = (rival: Rival) => rival.holder_kind === 'appointment'
