import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { knockInVain, type OpenChart, openOwnChart, openOwnRecord } from '../../charts/index.ts'
import { printOpenNote } from '../document/document.service.ts'
import { findNote, type NoteRow, type OpenNote } from '../session-notes.repository.ts'
import type { SessionNote } from '../session-notes.schemas.ts'
import { toNote } from '../session-notes.view.ts'
import { releasedToActorAt } from './partner-releases.repository.ts'
import * as repository from './release.repository.ts'
import { asPartnerReads } from './release.rules.ts'
import type { PortalNote, PortalNoteSummary, PortalNotesQuery } from './released-notes.schemas.ts'

/**
 * The door to one note through the portal: released to the client whose token this is, and kept back by nothing.
 *
 * @param options.evenClosed also of a chart that is closed: to ask for an amendment
 * @throws Problem `not-found`
 */
export async function openReleasedNote(
  trx: PracticeTransaction,
  noteId: string,
  { evenClosed = false }: { evenClosed?: boolean } = {},
): Promise<OpenNote> {
  trx.audit({ resourceType: 'session-note', resourceId: noteId })
  const chart = evenClosed ? await openRecordOf(trx, noteId) : await openOwnChart(trx)
  const row = await repository.findVisible(trx, chart, noteId)
  if (!row) throw notFound()
  trx.audit({ chartId: row.chart_id })
  return { chart, row: { ...row, draft: null, block_ids: [] } }
}

async function openRecordOf(trx: PracticeTransaction, noteId: string): Promise<OpenChart> {
  const note = await findNote(trx, noteId)
  return note ? openRecordWith(trx, note) : knockInVain(trx)
}

/**
 * The client's own chart that a note of theirs is in, closed or not; of a couple's note that is released to them, their
 * own open chart.
 *
 * @throws Problem `not-found`
 */
export async function openRecordWith(
  trx: PracticeTransaction,
  { id, chart_id }: Pick<NoteRow, 'id' | 'chart_id'>,
): Promise<OpenChart> {
  return (await releasedToActorAt(trx, id)) ? openOwnChart(trx) : openOwnRecord(trx, chart_id)
}

/** The newest session first. @throws Problem `not-found`, `invalid-cursor` */
export async function listReleased(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PortalNotesQuery,
): Promise<Page<PortalNoteSummary>> {
  trx.audit({ resourceType: 'session-note' })
  const key = trx.cursorKey({}, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const chart = await openOwnChart(trx)
  const rows = await repository.listVisible(trx, chart, { limit, after })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter({}, [row.session_date, row.id]))
}

/** @throws Problem `not-found` */
export async function getReleased(trx: PracticeTransaction, noteId: string): Promise<PortalNote> {
  const {
    id,
    authorId,
    sessionDate,
    startedAt,
    endedAt,
    timeZone,
    partKinds,
    headings,
    header,
    sections,
    parts,
    signatures,
    addenda,
    amendmentRequests,
  } = await shownReleased(trx, await openReleasedNote(trx, noteId))
  const head = { id, authorId, sessionDate, startedAt, endedAt, timeZone, partKinds }
  return { ...head, headings, header, sections, parts, signatures, addenda, amendmentRequests }
}

/** The same on paper. @throws Problem `not-found` */
export const printReleased = async (trx: PracticeTransaction, noteId: string) =>
  printOpenNote(trx, await openReleasedNote(trx, noteId), shownReleased)

/**
 * Without what the portal never tells, on paper too: a reason given to a warning is the clinician's own, and may hold
 * what one partner must not learn of the other.
 */
async function shownReleased(trx: PracticeTransaction, note: OpenNote): Promise<SessionNote> {
  const shown = { ...(await toNote(trx, note)), overrides: [], returns: [] }
  if (note.row.chart_id === note.chart.id) return shown
  const releasedAt = await releasedToActorAt(trx, note.row.id)
  if (!releasedAt) throw notFound()
  return asPartnerReads(shown, { clientId: trx.scope.actor.id, releasedAt })
}

const toSummary = (row: NoteRow): PortalNoteSummary => ({
  id: row.id,
  authorId: row.author_id,
  sessionDate: row.session_date,
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  timeZone: row.time_zone,
  partKinds: row.part_kinds,
})
