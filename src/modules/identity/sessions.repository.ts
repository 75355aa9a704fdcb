import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Sessions } from '../../lib/database/schema.ts'
import { limits } from '../../lib/limits.ts'

export type SessionRow = Selectable<Sessions>
export type EndReason = 'signed_out' | 'revoked' | 'reused' | 'disabled' | 'expired'

const absoluteExpiry = sql<Date>`now() + make_interval(days => ${limits.tokens.refreshAbsoluteDays})`
const idleExpiry = sql<Date>`now() + make_interval(days => ${limits.tokens.refreshIdleDays})`

type NewSession = Pick<
  Insertable<Sessions>,
  'id' | 'user_id' | 'staff_id' | 'refresh_hash' | 'credentials_version'
>

export function insertSession(
  trx: PracticeTransaction,
  { withFactor, ...values }: NewSession & { withFactor: boolean },
): Promise<SessionRow> {
  return trx
    .insertInto('sessions')
    .values({
      ...values,
      practice_id: trx.practiceId,
      mfa_at: withFactor ? sql<Date>`now()` : null,
      idle_expires_at: idleExpiry,
      absolute_expires_at: absoluteExpiry,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The session of a refresh token, locked: of two refreshes at once the second sees what the first did. */
export function lockSession(trx: PracticeTransaction, key: { sessionId: string; userId: string }) {
  return trx
    .selectFrom('sessions')
    .selectAll()
    .select([
      sql<boolean>`idle_expires_at > now() and absolute_expires_at > now()`.as('is_alive'),
      sql<boolean>`rotated_at > now() - make_interval(secs => ${limits.tokens.refreshGraceSeconds})`.as(
        'is_fresh',
      ),
    ])
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', key.sessionId)
    .where('user_id', '=', key.userId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

/** Makes another token the newest and remembers the one before as given out. */
export function rotateSession(
  trx: PracticeTransaction,
  before: SessionRow,
  next: { hash: Buffer; successor: Buffer },
): Promise<SessionRow> {
  trx.later(
    trx.insertInto('session_past_tokens').values({
      practice_id: trx.practiceId,
      session_id: before.id,
      secret_hash: before.refresh_hash,
    }),
  )
  return trx
    .updateTable('sessions')
    .set({
      refresh_hash: next.hash,
      refresh_generation: before.refresh_generation + 1,
      previous_hash: before.refresh_hash,
      successor: next.successor,
      rotated_at: sql<Date>`now()`,
      idle_expires_at: sql<Date>`least(${idleExpiry}, absolute_expires_at)`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function wasGivenOut(
  trx: PracticeTransaction,
  sessionId: string,
  secretHash: Buffer,
): Promise<boolean> {
  const row = await trx
    .selectFrom('session_past_tokens')
    .select('session_id')
    .where('practice_id', '=', trx.practiceId)
    .where('session_id', '=', sessionId)
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  return row !== undefined
}

/** Sessions of a person that can still be used, newest first. */
export function listSessions(trx: PracticeTransaction, userId: string): Promise<SessionRow[]> {
  return trx
    .selectFrom('sessions as s')
    .innerJoin('users as u', join =>
      join.onRef('u.id', '=', 's.user_id').onRef('u.credentials_version', '=', 's.credentials_version'),
    )
    .selectAll('s')
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.user_id', '=', userId)
    .where('s.ended_at', 'is', null)
    .where('s.idle_expires_at', '>', sql<Date>`now()`)
    .where('s.absolute_expires_at', '>', sql<Date>`now()`)
    .orderBy('s.id', 'desc')
    .limit(200)
    .execute()
}

/** Ends one session of a person. @returns whether there was one to end */
export async function endSession(
  trx: PracticeTransaction,
  { sessionId, userId, reason }: { sessionId: string; userId: string; reason: EndReason },
): Promise<boolean> {
  const row = await trx
    .updateTable('sessions')
    .set({ ...ended, end_reason: reason })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends every session of a member of staff. */
export async function endSessionsOfStaff(
  trx: PracticeTransaction,
  staffId: string,
  reason: EndReason,
): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ ...ended, end_reason: reason })
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .execute()
}

/** The successor is no longer needed, and a token that works is no thing to keep. */
const ended = { ended_at: sql<Date>`now()`, successor: null }

/** What happened in a session: new credentials that it outlives, or a second factor that was proven or removed. */
export interface SessionChange {
  credentialsVersion?: number
  factor?: 'proven' | 'none'
}

export async function changeSession(
  trx: PracticeTransaction,
  id: string,
  { credentialsVersion, factor }: SessionChange,
): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({
      ...(credentialsVersion === undefined ? {} : { credentials_version: credentialsVersion }),
      ...(factor === undefined ? {} : { mfa_at: factor === 'proven' ? sql<Date>`now()` : null }),
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .execute()
}
