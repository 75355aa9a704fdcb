import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { type ChartNeed, knockInVain, openChart, useEmergencyForCharts } from '../charts/index.ts'
import { getPolicies, isSupervisorOf } from '../practice/index.ts'
import * as repository from './session-notes.repository.ts'
import { isUnsigned, mayRead, type NoteStep, requireStep } from './session-notes.rules.ts'
import type {
  ChartNotesQuery,
  NoteRevision,
  SessionNote,
  SessionNoteSummary,
  WorklistQuery,
} from './session-notes.schemas.ts'
import { toNote, toRevision, toSummary } from './session-notes.view.ts'
import * as signed from './signed-notes.repository.ts'

type Verb = 'notes:read' | 'notes:write' | 'notes:cosign'

/** What each step needs of the chart: writing needs an open chart, and never emergency access. */
const needOf = (permission: Verb, { evenClosed = false }: DoorOptions = {}): ChartNeed => ({
  dataClass: 'clinical',
  permission,
  ...(permission === 'notes:read' ? {} : { write: true, evenClosed }),
})

/** `evenClosed`: to write in a closed chart too, for amendments and nothing else. */
type DoorOptions = Pick<ChartNeed, 'evenClosed'>

/**
 * The door to one note: through its chart, and then past the rule of who may read what.
 *
 * @throws Problem `not-found`, `invalid-state` to write in a closed chart
 */
export async function openNote(
  trx: PracticeTransaction,
  noteId: string,
  permission: Verb | ((row: repository.NoteRow) => Verb),
  options: DoorOptions = {},
): Promise<repository.OpenNote> {
  trx.audit({ resourceType: 'session-note', resourceId: noteId })
  const row = await repository.findNote(trx, noteId)
  if (!row) return knockInVain(trx)
  const chart = await openChart(
    trx,
    row.chart_id,
    needOf(typeof permission === 'string' ? permission : permission(row), options),
  )
  if (!mayRead(trx.scope.actor, { authorId: row.author_id, status: row.status })) throw notFound()
  return { chart, row }
}

/**
 * The note as the caller read it, for a step that is possible in its state.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function openForStep(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  step: NoteStep,
): Promise<repository.OpenNote> {
  const isSupervisors = step === 'cosign' || step === 'return'
  const note = await openNote(trx, noteId, isSupervisors ? 'notes:cosign' : 'notes:write')
  if (isSupervisors && !(await isSupervisorOf(trx, note.row.author_id))) throw notFound()
  if (note.row.version !== version) throw new Problem('stale-version')
  requireStep(note.row.status, step)
  return note
}

/** @throws Problem `not-found` */
export async function getNote(trx: PracticeTransaction, noteId: string): Promise<SessionNote> {
  return toNote(trx, await openNote(trx, noteId, 'notes:read'))
}

/**
 * One signed revision, as it was signed. The current one for all who may read the note; an earlier one,
 * which was returned, for the author and their supervisor.
 *
 * @throws Problem `not-found`
 */
export async function getRevision(
  trx: PracticeTransaction,
  noteId: string,
  revision: number,
): Promise<NoteRevision> {
  const note = await openNote(trx, noteId, 'notes:read')
  const { row } = note
  const isCurrent = row.revision === revision && !isUnsigned(row.status)
  if (!isCurrent && !(await isAuthorOrSupervisor(trx, row.author_id))) throw notFound()
  const [content, signatures] = await Promise.all([
    signed.findContent(trx, note, revision),
    signed.listSignatures(trx, note, revision),
  ])
  if (!content) throw notFound()
  return toRevision(trx, content, signatures)
}

const isAuthorOrSupervisor = async (trx: PracticeTransaction, authorId: string) =>
  trx.scope.actor.staffId === authorId || isSupervisorOf(trx, authorId)

/** The newest session first. @throws Problem `not-found`, `invalid-cursor` */
export async function listChartNotes(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, ...by }: ChartNotesQuery,
): Promise<Page<SessionNoteSummary>> {
  trx.audit({ resourceType: 'session-note' })
  if (by.objectiveKey && !by.planId)
    throw invalidField('query/planId', 'required', 'An objective is named together with its plan.')
  const filter = { chartId, ...by }
  const after = sortKey(trx.cursorKey(filter, cursor))
  const chart = await openChart(trx, chartId, needOf('notes:read'))
  const rows = await repository.listChartNotes(trx, chart, { ...by, limit, after })
  return toNotePage(trx, filter, limit, rows)
}

/** The newest session first. @throws Problem `invalid-cursor` */
export async function listWorklist(
  trx: PracticeTransaction,
  { view, cursor, limit = limits.page.default }: WorklistQuery,
): Promise<Page<SessionNoteSummary>> {
  trx.audit({ resourceType: 'session-note' })
  const after = sortKey(trx.cursorKey({ view }, cursor))
  const { staffId } = trx.scope.actor
  const rows = staffId ? await worklistRows(trx, staffId, view, { limit, after }) : []
  const shown = rows.slice(0, limit).map(row => row.chart_id)
  trx.audit({ chartIds: shown })
  const permission = view === 'awaiting_cosign' ? 'notes:cosign' : 'notes:read'
  await useEmergencyForCharts(trx, shown, 'clinical', permission)
  return toNotePage(trx, { view }, limit, rows)
}

async function worklistRows(
  trx: PracticeTransaction,
  staffId: string,
  view: WorklistQuery['view'],
  page: repository.NotePage,
): Promise<repository.NoteRow[]> {
  if (view === 'awaiting_cosign') return repository.listAwaitingCosign(trx, staffId, page)
  return repository.listOwnNotes(trx, staffId, { ...page, which: await whichOwn(trx, view) })
}

async function whichOwn(
  trx: PracticeTransaction,
  view: 'mine' | 'unsigned' | 'overdue',
): Promise<repository.OwnNotes> {
  if (view === 'overdue') return { unsignedForHours: (await getPolicies(trx)).lateEntryAfterHours }
  return view === 'mine' ? 'all' : 'unsigned'
}

const toNotePage = (
  trx: PracticeTransaction,
  filter: unknown,
  limit: number,
  rows: repository.NoteRow[],
): Page<SessionNoteSummary> =>
  toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.session_date, row.id]))

function sortKey(key: readonly (string | number)[] | undefined): repository.NotePage['after'] {
  return key && [String(key[0]), String(key[1])]
}
