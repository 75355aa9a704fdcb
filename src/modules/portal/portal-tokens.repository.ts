import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { PortalSessions } from '../../lib/database/schema.ts'
import { ownChartOf } from '../charts/index.ts'

/** A client whose record is in use and whose individual chart is open, and the version of this front-end. */
export async function findSubject(
  trx: PracticeTransaction,
  clientId: string,
): Promise<{ chart_id: string; api_client_version: number } | undefined> {
  const { rows } = await sql<{ chart_id: string; api_client_version: number }>`
    select own.chart_id, a.version as api_client_version
    from clients k
    join (select ${ownChartOf(trx, clientId)} as chart_id) own on own.chart_id is not null
    join api_clients a on a.practice_id = k.practice_id and a.id = ${trx.scope.actor.id}
    where k.practice_id = ${trx.practiceId} and k.id = ${clientId}
      and k.status not in ('merged', 'deceased')`.execute(trx)
  return rows[0]
}

/** Whether there is such a client, in use or not. */
export async function isClient(trx: PracticeTransaction, clientId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('clients')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', clientId)
    .executeTakeFirst()
  return row !== undefined
}

export function insertSession(
  trx: PracticeTransaction,
  {
    ttlMinutes,
    ...values
  }: Omit<Insertable<PortalSessions>, 'practice_id' | 'expires_at'> & { ttlMinutes: number },
): Promise<Selectable<PortalSessions>> {
  return trx
    .insertInto('portal_sessions')
    .values({
      ...values,
      practice_id: trx.practiceId,
      expires_at: sql<Date>`now() + make_interval(mins => ${ttlMinutes})`,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** One that this front-end got, and that was not ended. */
export function findSession(
  trx: PracticeTransaction,
  id: string,
): Promise<{ client_id: string } | undefined> {
  return trx
    .selectFrom('portal_sessions')
    .select('client_id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('api_client_id', '=', trx.scope.actor.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

/** Leaves with COMMIT. Ending what has ended changes nothing. */
export function endSession(trx: PracticeTransaction, id: string): void {
  trx.later(running(trx).where('id', '=', id))
}

/** All of a client's that still hold, or of those only the ones that one front-end got. Leaves with COMMIT. */
export function endSessionsOf(trx: PracticeTransaction, clientId: string, apiClientId?: string): void {
  const ofClient = running(trx).where('client_id', '=', clientId)
  trx.later(apiClientId ? ofClient.where('api_client_id', '=', apiClientId) : ofClient)
}

const running = (trx: PracticeTransaction) =>
  trx
    .updateTable('portal_sessions')
    .set({ ended_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
