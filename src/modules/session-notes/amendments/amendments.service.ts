import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { EventType } from '../../../lib/event-types.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { knockInVain, membersEver, useEmergencyForCharts } from '../../charts/index.ts'
import { findPractice, today } from '../../practice/index.ts'
import { findAddendum } from '../addenda.repository.ts'
import { addAddendum } from '../corrections.service.ts'
import { openRecordWith, openReleasedNote } from '../release/released-notes.service.ts'
import { findNote, type OpenNote } from '../session-notes.repository.ts'
import { openNote } from '../session-notes.service.ts'
import type { NoteAddendum } from '../steps.schemas.ts'
import * as repository from './amendments.repository.ts'
import {
  type AmendmentStep,
  daysAfter,
  deadlineRuleOf,
  type PaperKind,
  requireExtendable,
  requireReceipt,
  requireStep,
} from './amendments.rules.ts'
import type {
  AmendmentAcceptance,
  AmendmentDenial,
  AmendmentQuery,
  AmendmentRequest,
  AmendmentSummary,
  NewAmendmentRequest,
} from './amendments.schemas.ts'
import { place, toSummary, withPapers } from './amendments.view.ts'

/** Clients may ask, and are answered, after the end of treatment too (45 CFR 164.526). */
const evenClosed = { evenClosed: true } as const

/**
 * Enters a client's request to amend a signed note.
 *
 * @throws Problem `not-found`, `unknown-reference` for somebody who is no member of the chart, `invalid-state` for a note
 *   that is not signed and valid, `invalid-request`
 */
export async function enterRequest(
  trx: PracticeTransaction,
  noteId: string,
  { clientId, receivedOn, text }: NewAmendmentRequest,
): Promise<AmendmentRequest> {
  const note = await openNote(trx, noteId, 'notes:write', evenClosed)
  requireAmendable(note)
  // Who left a couple, or was discharged, has left their notes there.
  const { chart } = note
  const mayAsk = chart.status === 'open' ? chart.clientIds : await membersEver(trx, chart)
  if (!mayAsk.includes(clientId)) throw unknownReference('/clientId')
  const { jurisdiction, day } = await frameOf(trx)
  requireReceipt(receivedOn, { sessionDate: note.row.session_date, today: day })
  return receive(trx, note, jurisdiction, { clientId, receivedOn, text })
}

/** The client's own request, about a note that was released to them. @throws Problem `not-found` */
export async function sendRequest(
  trx: PracticeTransaction,
  noteId: string,
  text: string,
): Promise<AmendmentRequest> {
  const note = await openReleasedNote(trx, noteId, evenClosed)
  const { jurisdiction, day: receivedOn } = await frameOf(trx)
  return receive(trx, note, jurisdiction, { clientId: trx.scope.actor.id, receivedOn, text })
}

function requireAmendable({ row }: OpenNote): void {
  if (row.status === 'signed' || row.status === 'cosigned' || row.status === 'locked') return
  throw new Problem('invalid-state', { detail: 'Only a note that is signed and valid can be amended.' })
}

async function receive(
  trx: PracticeTransaction,
  note: OpenNote,
  jurisdiction: string,
  { clientId, receivedOn, text }: NewAmendmentRequest,
): Promise<AmendmentRequest> {
  trx.audit({ fields: ['amendmentRequest'] })
  const { respondWithinDays } = deadlineRuleOf(jurisdiction, receivedOn)
  const id = uuidv7()
  // Sent in this order, in one round trip.
  const [row] = await Promise.all([
    repository.insertRequest(trx, {
      id,
      note_id: note.row.id,
      client_id: clientId,
      received_on: receivedOn,
      due_on: daysAfter(receivedOn, respondWithinDays),
    }),
    addPaper(trx, { id }, 'request', text),
  ])
  return told(trx, note, row, 'session-note.amendment-requested')
}

/** Whose law holds, and today where the practice is. */
async function frameOf(trx: PracticeTransaction): Promise<{ jurisdiction: string; day: string }> {
  const [practice, day] = await Promise.all([findPractice(trx), today(trx)])
  if (!practice) throw notFound()
  return { jurisdiction: practice.jurisdiction, day }
}

/** @throws Problem `not-found` */
export async function getRequest(trx: PracticeTransaction, id: string): Promise<AmendmentRequest> {
  const { row } = await openRequest(trx, id, 'notes:read')
  return shown(trx, row)
}

/** What is due first. @throws Problem `invalid-cursor` */
export async function listRequests(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: AmendmentQuery,
): Promise<Page<AmendmentSummary>> {
  trx.audit({ resourceType: 'note-amendment-request' })
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const { status, dueBefore } = filter
  const rows = await repository.listRequests(trx, { limit, status, dueBefore, after })
  const shown = rows.slice(0, limit)
  const chartIds = shown.map(row => row.chart_id)
  trx.audit({ chartIds, clientIds: shown.map(row => row.client_id) })
  await useEmergencyForCharts(trx, chartIds, 'clinical', 'notes:read')
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.due_on, row.id]))
}

/**
 * Gives more time to decide, once.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function extend(
  trx: PracticeTransaction,
  id: string,
  version: number,
  text: string,
): Promise<AmendmentRequest> {
  const { note, row } = await openForStep(trx, id, version, 'extend')
  const { jurisdiction, day } = await frameOf(trx)
  requireExtendable(row, day)
  const { extensionDays } = deadlineRuleOf(jurisdiction, row.received_on)
  const changes = { extended: true, due_on: daysAfter(row.due_on, extensionDays) }
  return take(trx, note, row, {
    changes,
    paper: ['extension', text],
    event: 'session-note.amendment-extended',
  })
}

/**
 * Accepts a request: what it changes becomes a signed addendum of the note.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `conflict`
 */
export async function accept(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { text, addendum }: AmendmentAcceptance,
): Promise<AmendmentRequest> {
  const { note, row } = await openForStep(trx, id, version, 'accept')
  const words = { reason: 'Amended at the client’s request', text: addendum }
  const added = await addAddendum(trx, row.note_id, words, evenClosed)
  const changes = { status: 'accepted', addendum_id: added.id }
  return take(trx, note, row, {
    changes,
    addendumStatus: added.status === 'signed' ? 'effective' : 'awaiting_cosignature',
    paper: ['acceptance', text],
    event: 'session-note.amendment-accepted',
  })
}

/**
 * Adds what an accepted request results in once more, where the supervisor returned the first.
 *
 * @throws Problem `not-found`, `unknown-reference` for a request about another note, `invalid-state`, `conflict`
 */
export async function amendAgain(
  trx: PracticeTransaction,
  noteId: string,
  amendmentRequestId: string,
  words: { reason: string; text: string },
): Promise<NoteAddendum> {
  const note = await openNote(trx, noteId, 'notes:write', evenClosed)
  const row = await repository.findRequest(trx, amendmentRequestId)
  if (row?.note_id !== note.row.id) throw unknownReference('/amendmentRequestId')
  const before = row.addendum_id && (await findAddendum(trx, note, row.addendum_id))
  if (!before || before.decision !== 'returned')
    throw new Problem('invalid-state', { detail: 'No addendum of this request was returned.' })
  const added = await addAddendum(trx, noteId, words, evenClosed)
  if (!(await repository.replaceAddendum(trx, row, added.id))) throw new Problem('conflict')
  return added
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function deny(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { reasonCode, text }: AmendmentDenial,
): Promise<AmendmentRequest> {
  const { note, row } = await openForStep(trx, id, version, 'deny')
  const changes = { status: 'denied', denial_reason: reasonCode }
  return take(trx, note, row, { changes, paper: ['denial', text], event: 'session-note.amendment-denied' })
}

/**
 * The client's statement of disagreement with a denial, entered by staff.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function disagree(
  trx: PracticeTransaction,
  id: string,
  version: number,
  text: string,
): Promise<AmendmentRequest> {
  const { note, row } = await openForStep(trx, id, version, 'disagree')
  return takeDisagreement(trx, note, row, text)
}

/**
 * The same, sent by the client. It takes no released note: a right to disagree outlives a hold.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function sendDisagreement(
  trx: PracticeTransaction,
  id: string,
  version: number,
  text: string,
): Promise<AmendmentRequest> {
  trx.audit({ resourceType: 'note-amendment-request', resourceId: id })
  const row = await repository.findRequest(trx, id)
  const note = row && (await findNote(trx, row.note_id))
  if (!row || !note || row.client_id !== trx.scope.actor.id) return knockInVain(trx)
  const chart = await openRecordWith(trx, note)
  requireVersionAndStep(row, version, 'disagree')
  return takeDisagreement(trx, { chart, row: note }, row, text)
}

const takeDisagreement = (
  trx: PracticeTransaction,
  note: OpenNote,
  row: repository.RequestRow,
  text: string,
) =>
  take(trx, note, row, {
    changes: { status: 'disagreed' },
    paper: ['disagreement', text],
    event: 'session-note.amendment-disagreed',
  })

/** The practice's answer to a statement of disagreement. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function rebut(
  trx: PracticeTransaction,
  id: string,
  version: number,
  text: string,
): Promise<AmendmentRequest> {
  const { note, row } = await openForStep(trx, id, version, 'rebut')
  const changes = { status: 'rebutted' }
  return take(trx, note, row, {
    changes,
    paper: ['rebuttal', text],
    event: 'session-note.amendment-rebutted',
  })
}

/** The door to a request: through its note. @throws Problem `not-found` */
async function openRequest(trx: PracticeTransaction, id: string, permission: 'notes:read' | 'notes:write') {
  const record = { resourceType: 'note-amendment-request', resourceId: id }
  trx.audit(record)
  const row = await repository.findRequest(trx, id)
  if (!row) return knockInVain(trx)
  const note = await openNote(trx, row.note_id, permission, evenClosed)
  trx.audit(record)
  return { note, row }
}

async function openForStep(trx: PracticeTransaction, id: string, version: number, step: AmendmentStep) {
  const opened = await openRequest(trx, id, 'notes:write')
  requireVersionAndStep(opened.row, version, step)
  return opened
}

function requireVersionAndStep(row: repository.RequestRow, version: number, step: AmendmentStep): void {
  if (row.version !== version) throw new Problem('stale-version')
  requireStep(row.status, step)
}

interface Taken {
  changes: Parameters<typeof changeAtVersion<'note_amendment_requests'>>[3]
  paper: readonly [PaperKind, string]
  event: EventType
  addendumStatus?: repository.AddendumStanding
}

/** Takes a step: the request moves on and what was said about it is kept. */
async function take(
  trx: PracticeTransaction,
  note: OpenNote,
  row: repository.RequestRow,
  { changes, paper: [kind, text], event, addendumStatus }: Taken,
): Promise<AmendmentRequest> {
  trx.audit({ fields: [kind] })
  const changed = await changeAtVersion(trx, 'note_amendment_requests', row, changes)
  await addPaper(trx, row, kind, text)
  const status = changed.status as repository.RequestRow['status']
  const now = { ...changed, status, addendum_status: addendumStatus ?? null }
  return told(trx, note, now, event)
}

async function addPaper(
  trx: PracticeTransaction,
  { id: requestId }: Pick<repository.RequestRow, 'id'>,
  kind: PaperKind,
  text: string,
): Promise<void> {
  const id = uuidv7()
  const by = enteredBy(trx)
  await repository.insertPaper(trx, {
    id,
    request_id: requestId,
    kind,
    document_sealed: await trx.seal(place(id), text),
    entered_by: by,
    recorded_by: by === 'staff' ? trx.scope.actor.staffId : null,
    representative_id: trx.scope.actor.representativeId,
  })
}

function told(
  trx: PracticeTransaction,
  { row: note }: OpenNote,
  row: repository.RequestRow,
  type: EventType,
): Promise<AmendmentRequest> {
  emit(trx, { type, resourceId: note.id, chartId: note.chart_id })
  return shown(trx, row)
}

async function shown(trx: PracticeTransaction, row: repository.RequestRow): Promise<AmendmentRequest> {
  const [request] = await withPapers(trx, [row])
  if (!request) throw notFound()
  return request
}
