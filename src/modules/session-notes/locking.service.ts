import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit, emitAll } from '../../lib/events.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { getPolicies, isSupervisorOf } from '../practice/index.ts'
import { tellFinalFacts } from './billing/announce.ts'
import { sealOf } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import { requireStep } from './session-notes.rules.ts'
import type { SessionNote } from './session-notes.schemas.ts'
import { openNote } from './session-notes.service.ts'
import { toNote } from './session-notes.view.ts'
import * as signed from './signed-notes.repository.ts'

/**
 * Locks a signed note, as its author or as the author's present supervisor. There is no way back.
 *
 * @throws Problem `not-found`, also for anybody else; `stale-version`, `invalid-state`
 */
export async function lockNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
): Promise<SessionNote> {
  const { staffId } = trx.scope.actor
  const isAuthor = ({ author_id }: repository.NoteRow) => author_id === staffId
  const note = await openNote(trx, noteId, row => (isAuthor(row) ? 'notes:write' : 'notes:cosign'))
  const { row } = note
  if (!isAuthor(row) && !(await isSupervisorOf(trx, row.author_id))) throw notFound()
  if (row.version !== version) throw new Problem('stale-version')
  requireStep(row.status, 'lock')
  const lockedAt = await repository.moveOn(trx, note, version, 'locked')
  const lockedBy = recorder(trx)
  const { revision, chart_id: chartId } = row
  const seal = await sealOf(trx, { lock: { noteId, revision, lockedBy, lockedAt } })
  await Promise.all([
    signed.insertLock(trx, note, { revision, locked_by: lockedBy, locked_at: lockedAt, seal }),
    tellFinalFacts(trx, [{ id: noteId, chartId, revision }]),
  ])
  trx.audit({ fields: ['lock'] })
  emit(trx, { type: 'session-note.locked', resourceId: noteId, resourceVersion: version + 1, chartId })
  const locked = { ...row, status: 'locked' as const, version: version + 1, updated_at: lockedAt }
  return toNote(trx, { ...note, row: locked })
}

interface Locked {
  id: string
  chartId: string
  revision: number
  version: number
  lockedAt: Date
}

/** Most notes of one round and practice: what is left waits an hour. */
const most = 500

/**
 * Locks what nothing happened to for as long as the practice's policy says. Whoever changes a note meanwhile is
 * waited for, and then it is not due.
 */
export async function lockDueNotes(trx: PracticeTransaction): Promise<void> {
  const { lockNotesAfterHours } = await getPolicies(trx)
  if (lockNotesAfterHours === null) return
  const isDue = sql`n.practice_id = ${trx.practiceId} and n.status in ('signed', 'cosigned')
    and n.updated_at < now() - make_interval(hours => ${lockNotesAfterHours}::int)`
  const { rows } = await sql<Locked>`
    update session_notes n set status = 'locked', version = n.version + 1, updated_at = now()
    where ${isDue} and n.id = any(array(
      select n.id from session_notes n where ${isDue} order by n.updated_at, n.id limit ${most}::int for update skip locked))
    returning n.id, n.chart_id as "chartId", n.revision, n.version, n.updated_at as "lockedAt"`.execute(trx)
  await keepLocks(trx, rows)
}

async function keepLocks(trx: PracticeTransaction, rows: readonly Locked[]): Promise<void> {
  if (rows.length === 0) return
  const seals = await Promise.all(
    rows.map(({ id: noteId, revision, lockedAt }) =>
      sealOf(trx, { lock: { noteId, revision, lockedBy: null, lockedAt } }),
    ),
  )
  await tellFinalFacts(trx, rows)
  const first = rows[0]?.lockedAt
  trx.later(
    sql`
    insert into session_note_locks (practice_id, note_id, revision, locked_at, seal)
    select ${trx.practiceId}, l.note_id, l.revision, ${first}, l.seal
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ revision }) => revision)}::int[], ${seals}::bytea[])
      as l (note_id, revision, seal)`.compile(trx),
  )
  emitAll(
    trx,
    rows.map(({ id, version, chartId }) => ({
      type: 'session-note.locked',
      resourceId: id,
      resourceVersion: version,
      chartId,
    })),
  )
}
