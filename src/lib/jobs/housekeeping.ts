import { sql } from 'kysely'
import type pg from 'pg'
import { inPractice } from '../database/in-practice.ts'
import type { PracticeTransaction } from '../database/practice-transaction.ts'
import type { House } from '../house.ts'
import { limits } from '../limits.ts'
import { systemScope } from '../scope.ts'

const monthsAhead = 6
const days = limits.retentionDays

/** What is thrown away, and when. Nothing clinical, no audit row and no event is ever among it. */
export async function keepHouse(house: House, relay: pg.Pool): Promise<void> {
  await relay.query('select app.ensure_partitions($1)', [monthsAhead])
  await relay.query('delete from outbox where done_at < now() - make_interval(days => $1)', [days.outbox])
  await clearSignIns(house.database.pool)
  for (const practiceId of await practicesOf(relay)) {
    await inPractice(house.database, systemScope(practiceId, 'housekeeping'), async trx =>
      clearPractice(trx),
    ).catch(error => {
      // One practice's trouble must not keep the others from their turn.
      house.outage.failed(error, 'housekeeping failed for a practice', { practiceId })
    })
  }
}

/** Rows of people who sign in; they belong to no practice. */
async function clearSignIns(app: pg.Pool): Promise<void> {
  const old = 'now() - make_interval(days => $1)'
  await app.query(`delete from sign_in_attempts where occurred_at < ${old}`, [days.signInAttempts])
  await app.query(`delete from sign_in_addresses where last_seen_at < ${old}`, [days.signInAddresses])
  await app.query(`delete from user_tokens where expires_at < ${old}`, [days.userTokens])
}

function clearPractice(trx: PracticeTransaction): void {
  const { practiceId } = trx
  const before = (keptDays: number) => sql<Date>`now() - make_interval(days => ${keptDays})`
  const keys = trx.deleteFrom('idempotency_keys').where('practice_id', '=', practiceId)
  trx.later(keys.where('expires_at', '<', before(0)))
  const assertions = trx.deleteFrom('api_client_assertions').where('practice_id', '=', practiceId)
  trx.later(assertions.where('expires_at', '<', before(0)))
  const sessions = trx.deleteFrom('sessions').where('practice_id', '=', practiceId)
  trx.later(sessions.where('absolute_expires_at', '<', before(days.sessions)))
  const mails = trx.deleteFrom('mails').where('practice_id', '=', practiceId)
  trx.later(mails.where('created_at', '<', before(days.mails)))
  const pastHolds = sql`practice_id = ${practiceId} and expires_at < ${before(days.slotHolds)}`
  trx.later(
    sql`delete from reservations where practice_id = ${practiceId} and holder_kind = 'hold'
      and holder_id in (select id from slot_holds where ${pastHolds})`.compile(trx),
  )
  trx.later(sql`delete from slot_holds where ${pastHolds}`.compile(trx))
}

export async function practicesOf(relay: pg.Pool): Promise<string[]> {
  const { rows } = await relay.query<{ practice_id: string }>(
    'select practice_id from practice_directory order by practice_id',
  )
  return rows.map(row => row.practice_id)
}
