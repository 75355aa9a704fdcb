import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { OpenChart } from '../../charts/index.ts'
import { getPolicies } from '../../practice/index.ts'
import type { NoteRow, OpenNote } from '../session-notes.repository.ts'
import { openNote } from '../session-notes.service.ts'
import { listPartnerReleases, type PartnerReleaseRow } from './partner-releases.repository.ts'
import * as repository from './release.repository.ts'
import {
  isHeld,
  isVisible,
  releasable,
  requireExpiry,
  requireHoldable,
  requireReleasable,
} from './release.rules.ts'
import type { NewReleaseHold, NoteRelease, PartnerRelease, ReleaseHold } from './release.schemas.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** Where a hold's basis stands. */
const place = (holdId: string) => ({
  table: 'note_release_holds',
  column: 'basis_sealed',
  rowId: holdId,
  rowVersion: 1,
})

/** @throws Problem `not-found`; `invalid-state` for a draft */
export async function getRelease(trx: PracticeTransaction, noteId: string): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:read')
  requireHoldable(note.row, note.chart)
  return toRelease(trx, note)
}

/** Releases a note now. Doing it twice changes nothing. @throws Problem `not-found`, `invalid-state` */
export async function releaseNote(trx: PracticeTransaction, noteId: string): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:write')
  requireReleasable(note.row, note.chart)
  const [now, before] = await Promise.all([repository.instant(trx), repository.findRelease(trx, note)])
  if (before && before.visible_from <= now) return toRelease(trx, note)
  trx.audit({ fields: ['release'] })
  await repository.release(trx, noteId, { visibleFrom: now, releasedBy: recorder(trx), told: true })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.released', resourceId: noteId, chartId })
  return toRelease(trx, note)
}

/** With an author's signature: releases the note when the practice's policy says so, if it says so. */
export async function releaseByPolicy(
  trx: PracticeTransaction,
  { chart, note: row }: { chart: OpenChart; note: NoteRow },
): Promise<void> {
  if (chart.kind !== 'individual' || row.signed_at === null) return
  const { noteReleaseAfterHours: hours } = await getPolicies(trx)
  if (hours === null) return
  const visibleFrom = new Date(row.signed_at.getTime() + hours * hourMs)
  const told = hours === 0 && releasable.includes(row.status)
  await repository.release(trx, row.id, { visibleFrom, releasedBy: null, told })
  if (told) emit(trx, { type: 'session-note.released', resourceId: row.id, chartId: chart.id })
  else if (hours > 0) enqueue(trx, 'note-release', row.id, { minutes: hours * 60 })
}

/**
 * Tells once that a client can read a note by policy: when its time has come, and when the co-signature comes after it.
 *
 * @param note as it is now
 */
export async function tellOfRelease(
  trx: PracticeTransaction,
  { id: resourceId, chart_id: chartId, status }: Pick<NoteRow, 'id' | 'chart_id' | 'status'>,
): Promise<void> {
  if (!releasable.includes(status) || !(await repository.takeTelling(trx, resourceId))) return
  trx.audit({ fields: ['release'] })
  emit(trx, { type: 'session-note.released', resourceId, chartId })
}

/**
 * Keeps one note from the client for a time.
 *
 * @throws Problem `not-found`, `invalid-state` for a draft, `already-exists` while another hold is in effect,
 *   `invalid-request`
 */
export async function placeHold(
  trx: PracticeTransaction,
  noteId: string,
  { reasonCode, basis, expiresAt }: NewReleaseHold,
): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:write')
  requireHoldable(note.row, note.chart)
  const now = await repository.instant(trx)
  const end = requireExpiry(expiresAt, now, limits.noteHoldDays)
  trx.audit({ fields: ['hold', reasonCode] })
  tellOfEnds(trx, note, await repository.endExpired(trx, { noteId }))
  const id = uuidv7()
  await repository.insertHold(trx, note, {
    id,
    reason_code: reasonCode,
    basis_sealed: await trx.seal(place(id), basis),
    determined_by: recorder(trx),
    expires_at: end,
  })
  enqueue(trx, 'release-hold-expiry', id, {
    minutes: Math.ceil((end.getTime() - now.getTime()) / minuteMs),
  })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.release-held', resourceId: noteId, chartId })
  return toRelease(trx, note)
}

/** Ends a hold before its time. @throws Problem `not-found`, `invalid-state` when it ended already */
export async function endHold(
  trx: PracticeTransaction,
  noteId: string,
  holdId: string,
): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:write')
  const holds = await repository.listHolds(trx, note)
  if (!holds.some(({ id }) => id === holdId)) throw notFound()
  const ended = await repository.endHold(trx, note, holdId, recorder(trx))
  if (!ended) throw new Problem('invalid-state', { detail: 'This hold has ended.' })
  trx.audit({ fields: ['holdEnd'] })
  tellOfEnds(trx, note, [ended])
  return toRelease(trx, note)
}

function tellOfEnds(trx: PracticeTransaction, { row }: OpenNote, ended: readonly unknown[]): void {
  if (ended.length === 0) return
  const { id: resourceId, chart_id: chartId } = row
  emit(trx, { type: 'session-note.release-hold-ended', resourceId, chartId })
}

/** Where the release of a note stands, of one whose door was passed. */
export async function toRelease(trx: PracticeTransaction, note: OpenNote): Promise<NoteRelease> {
  const [now, release, holds, partnerReleases] = await Promise.all([
    repository.instant(trx),
    repository.findRelease(trx, note),
    repository.listHolds(trx, note),
    note.chart.kind === 'couple' ? listPartnerReleases(trx, note) : [],
  ])
  const visibleFrom = release?.visible_from ?? null
  return {
    noteId: note.row.id,
    visibleFrom: visibleFrom?.toISOString() ?? null,
    releasedById: release?.released_by ?? null,
    visible: note.row.status !== 'pending_cosign' && isVisible(visibleFrom, holds, now),
    holds: await Promise.all(holds.map(hold => toHold(trx, hold, now))),
    partnerReleases: partnerReleases.map(toPartnerRelease),
  }
}

const toPartnerRelease = (row: PartnerReleaseRow): PartnerRelease => ({
  id: row.id,
  clientId: row.client_id,
  agreedById: row.agreed_by_id,
  signedOn: row.signed_on,
  releasedById: row.released_by,
  releasedAt: row.released_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  revokedById: row.revoked_by,
})

async function toHold(trx: PracticeTransaction, row: repository.HoldRow, now: Date): Promise<ReleaseHold> {
  const isExpired = row.ended_at === null && row.expires_at <= now
  return {
    id: row.id,
    reasonCode: row.reason_code as ReleaseHold['reasonCode'],
    basis: (await trx.open(place(row.id), row.basis_sealed)).toString(),
    determinedById: row.determined_by,
    placedAt: row.placed_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    endedAt: (isExpired ? row.expires_at : row.ended_at)?.toISOString() ?? null,
    endedById: row.ended_by,
    inEffect: isHeld(row, now),
  }
}
