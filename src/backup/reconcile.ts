import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { AnchoredRestore } from '../lib/audit-anchors.ts'
import { firstLink } from '../lib/audit-chain.ts'

// What a restored database may not simply go on with. What was ended after the instant (a session, a secret, an
// invitation) is valid in it again, and readers of events have seen positions that it has not given out yet.

/** More events than a practice writes between an instant and its restore. */
const positionLeap = 1_000_000_000

export interface Reconciliation {
  practices: number
  sessionsEnded: number
  apiClientsRevoked: number
  invitationsRevoked: number
  /** For the anchor file: where each chain stands, so that what was anchored behind it is known to be lost. */
  chains: AnchoredRestore[]
}

export interface RestoreFacts {
  /** RFC 3339: the instant the database was restored to. */
  restoredTo: string
  /** For a rehearsal, or where none was revoked since: secrets of integrations go on working. */
  keepApiClients: boolean
  /** Practices whose keys were destroyed; a backup from before brings their wrapped keys back. */
  destroyedPractices: readonly string[]
}

/**
 * Ends what may have been ended after the instant, tells every practice of the restore in its audit trail and
 * its event feed, and moves the feed past all positions that anybody has seen. One transaction; on a database
 * of any release of ours.
 *
 * @param admin a connection that passes row security
 */
export async function reconcile(admin: pg.ClientBase, facts: RestoreFacts): Promise<Reconciliation> {
  const { restoredTo, keepApiClients, destroyedPractices } = facts
  const changed = async (sql: string, values: unknown[] = []) =>
    (await admin.query(sql, values)).rowCount ?? 0
  await admin.query('begin')
  try {
    // The instant may lie so far back that this month has no partition yet.
    await admin.query('select app.ensure_partitions(6)')
    const sessionsEnded = await changed(
      `update cairn.sessions set ended_at = now(), end_reason = 'revoked' where ended_at is null`,
    )
    await endPortalSessions(admin)
    await endMessages(admin)
    const apiClientsRevoked = keepApiClients
      ? 0
      : await changed(
          'update cairn.api_clients set revoked_at = now(), version = version + 1, updated_at = now() where revoked_at is null',
        )
    const invitationsRevoked = await changed(
      'update cairn.invitations set revoked_at = now() where accepted_at is null and revoked_at is null',
    )
    await admin.query('delete from cairn.user_tokens')
    await changed(
      `update cairn.practice_keys set state = 'destroyed', wrapped = '' where practice_id = any($1::uuid[])`,
      [destroyedPractices],
    )
    const practices = await tellPractices(admin, restoredTo)
    await admin.query('commit')
    return {
      practices,
      sessionsEnded,
      apiClientsRevoked,
      invitationsRevoked,
      chains: await chainsOf(admin, restoredTo),
    }
  } catch (error) {
    await admin.query('rollback')
    throw error
  }
}

async function hasTable(admin: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await admin.query('select to_regclass($1) is not null as made', [`cairn.${name}`])
  return rows[0].made
}

/** What waited to be sent may have been sent after the instant; an address that was revoked may work again. */
async function endMessages(admin: pg.ClientBase): Promise<void> {
  if (!(await hasTable(admin, 'client_messages'))) return
  await admin.query(`update cairn.client_messages set status = 'dropped' where status = 'queued'`)
  await admin.query(`update cairn.client_messages set status = 'uncertain' where status = 'sending'`)
  await admin.query('update cairn.calendar_feeds set revoked_at = now() where revoked_at is null')
}

/** A backup may be of a release that had no portal. */
async function endPortalSessions(admin: pg.ClientBase): Promise<void> {
  if (!(await hasTable(admin, 'portal_sessions'))) return
  await admin.query(
    'update cairn.portal_sessions set ended_at = greatest(now(), created_at) where ended_at is null',
  )
}

async function tellPractices(admin: pg.ClientBase, restoredTo: string): Promise<number> {
  const { rows } = await admin.query<{ practice_id: string }>(
    'select practice_id from cairn.practices order by practice_id',
  )
  await admin.query(
    `insert into cairn.event_counters (practice_id, last_position) select practice_id, $1 from cairn.practices
     on conflict (practice_id) do update set last_position = event_counters.last_position + $1`,
    [positionLeap],
  )
  for (const { practice_id: practiceId } of rows) await tellPractice(admin, practiceId, restoredTo)
  return rows.length
}

async function tellPractice(admin: pg.ClientBase, practiceId: string, restoredTo: string): Promise<void> {
  const [eventId, auditId] = [uuidv7(), uuidv7()]
  await admin.query(
    `insert into cairn.events (practice_id, id, type, resource_type, resource_id)
     values ($1, $2, 'practice.restored', 'practice', $1)`,
    [practiceId, eventId],
  )
  await admin.query('insert into cairn.event_backlog (practice_id, id) values ($1, $2)', [
    practiceId,
    eventId,
  ])
  await admin.query(
    `insert into cairn.audit_log (practice_id, id, actor_kind, actor_id, request_id, operation, decision, purpose,
       resource_type, resource_id)
     values ($1, $2, 'system', $1, $3, 'restoreBackup', 'granted', 'operations', 'practice', $1)`,
    [practiceId, auditId, `restored-to:${restoredTo}`],
  )
}

async function chainsOf(admin: pg.ClientBase, restoredTo: string): Promise<AnchoredRestore[]> {
  const { rows } = await admin.query<{ practice_id: string; sequence: number; hash: Buffer | null }>(
    `select p.practice_id, coalesce(s.sequence, 0)::int as sequence, s.hash from cairn.practices p
     left join lateral (select sequence, hash from cairn.audit_seals s where s.practice_id = p.practice_id
       order by sequence desc limit 1) s on true`,
  )
  return rows.map(({ practice_id, sequence, hash }) => ({
    practiceId: practice_id,
    sequence,
    hash: (hash ?? firstLink).toString('hex'),
    restoredTo,
  }))
}
