import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { findPractice } from '../practice/index.ts'
import { findAppointment } from '../scheduling/index.ts'
import { beginningOf } from './beginning.ts'
import { type DocumentedBlocks, documentedBlocks, tieBlocks } from './blocks.ts'
import type { NewSessionNote, SessionNoteChange } from './drafts.schemas.ts'
import { requireKnownTargets } from './emdr/targets-in-notes.ts'
import { tieToMeeting } from './group/ties.ts'
import { mergePatch, stillCarried } from './note-document.ts'
import { requirePartTies } from './part-ties.ts'
import { changeParts, kindsOf } from './parts/parts.rules.ts'
import { openDraft, sealDraft } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import {
  dateIn,
  type GivenTimes,
  mergeSections,
  requireComplete,
  requireKnownSections,
  requireMembers,
  type SessionTimes,
  sessionTimes,
} from './session-notes.rules.ts'
import type { SessionNote, SessionNoteSummary } from './session-notes.schemas.ts'
import { openForStep } from './session-notes.service.ts'
import { toNote, toSummary } from './session-notes.view.ts'
import { requireTies } from './ties.ts'

/**
 * Starts a note as its author's draft.
 *
 * @throws Problem `not-found`, `already-exists` when the author has a note of this appointment or block,
 *   `unknown-reference` for one that is not of this chart, `invalid-state` for a block that was not given,
 *   `invalid-request`
 */
export async function startNote(
  trx: PracticeTransaction,
  chartId: string,
  input: NewSessionNote,
): Promise<SessionNote> {
  const { staffId } = trx.scope.actor
  if (!staffId) throw notFound()
  const need = { dataClass: 'clinical', write: true, permission: 'notes:write' } as const
  const chart = await openChart(trx, chartId, need)
  const id = uuidv7()
  const blocks = await blocksOf(trx, chart, input)
  const [{ timeZone, known }, beginning] = await Promise.all([
    sessionFrame(trx, chart, input, blocks),
    beginningOf(trx, chart, input, blocks?.header),
  ])
  const { template, document } = beginning
  await Promise.all([
    requireKnownTargets(trx, chart, document.parts),
    requirePartTies(trx, chart, document.parts),
  ])
  const times = sessionTimes(input, timeZone, known)
  if (blocks && times.sessionDate !== blocks.times.sessionDate)
    throw invalidField('/sessionDate', 'date', 'Must be the day of the blocks.')
  trx.audit({ resourceType: 'session-note', resourceId: id, fields: Object.keys(input) })
  const head = await repository.insertNote(trx, chart, {
    id,
    author_id: staffId,
    appointment_id: input.appointmentId ?? null,
    template_key: template.key,
    template_version: template.version,
    session_date: times.sessionDate,
    started_at: times.startedAt,
    ended_at: times.endedAt,
    time_zone: timeZone,
    part_kinds: kindsOf(document.parts),
  })
  if (blocks) await tieBlocks(trx, chart, { id, authorId: staffId }, blocks.ids)
  const draft = await sealDraft(trx, id, head.version, document)
  repository.insertDraft(trx, id, head.version, draft)
  await tieToMeeting(trx, id, document.parts)
  emit(trx, { type: 'session-note.created', resourceId: id, resourceVersion: head.version, chartId })
  return toNote(trx, { chart, row: { ...head, draft, block_ids: blocks?.ids.toSorted() ?? [] } })
}

/** @throws Problem `invalid-request` beside an appointment, and what `documentedBlocks` throws */
async function blocksOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { appointmentId, intensiveBlockIds }: NewSessionNote,
): Promise<DocumentedBlocks | undefined> {
  if (!intensiveBlockIds) return undefined
  if (appointmentId) throw invalidField('/intensiveBlockIds', 'alone', 'Of blocks, or of an appointment.')
  return documentedBlocks(trx, chart, intensiveBlockIds)
}

/** The zone a session is counted in, and what is known of its time: the booked day, or what was given of blocks. */
async function sessionFrame(
  trx: PracticeTransaction,
  chart: OpenChart,
  { appointmentId, startedAt, endedAt }: NewSessionNote,
  blocks: DocumentedBlocks | undefined,
): Promise<{ timeZone: string; known: Partial<SessionTimes> }> {
  if (blocks) {
    const { timeZone, times } = blocks
    const saysTimes = startedAt !== undefined || endedAt !== undefined
    return { timeZone, known: saysTimes ? { sessionDate: times.sessionDate } : times }
  }
  if (!appointmentId) {
    const practice = await findPractice(trx)
    if (!practice) throw notFound()
    return { timeZone: practice.time_zone, known: {} }
  }
  const booked = await findAppointment(trx, appointmentId)
  if (booked?.chartId !== chart.id) throw unknownReference('/appointmentId')
  return { timeZone: booked.timeZone, known: { sessionDate: dateIn(booked.timeZone, booked.startsAt) } }
}

/**
 * Saves what changed in a draft. Made to be called every few seconds: it writes one small row, plus the
 * head when the times changed, and no event.
 *
 * @throws Problem `not-found`, `stale-version` when another device saved meanwhile, `invalid-state` once
 *   it is signed, `invalid-request`
 */
export async function saveNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  { sections = {}, header = {}, parts = {}, ...times }: SessionNoteChange,
): Promise<SessionNoteSummary> {
  const note = await openForStep(trx, noteId, version, 'save')
  const { row, chart } = note
  trx.audit({ fields: ['draft'] })
  if (!row.draft) throw new Problem('stale-version')
  const before = await openDraft(trx, row, row.draft)
  const { headings } = before
  requireKnownSections(headings, sections)
  requireMembers(chart, header)
  await requireTies(trx, chart, header)
  const after = {
    headings,
    header: mergePatch(before.header, header, 1),
    sections: mergeSections(before.sections, sections),
    parts: changeParts(before.parts, parts, chart.kind),
  }
  const carried = stillCarried(before, after)
  const draft = await sealDraft(trx, noteId, version + 1, { format: 2, ...after, carried })
  const savedAt = await repository.saveDraft(trx, note, version, draft)
  const changed = saveHead(trx, note, times, kindsOf(after.parts))
  return toSummary({ ...row, ...changed, version: version + 1, updated_at: savedAt })
}

/** What of a save the head shows too. Most saves change nothing there. */
function saveHead(
  trx: PracticeTransaction,
  note: repository.OpenNote,
  change: GivenTimes,
  kinds: string[],
): Partial<repository.NoteRow> {
  const { row } = note
  const changes = {
    ...(Object.keys(change).length > 0 ? changedTimes(row, change) : {}),
    ...(kinds.join() === row.part_kinds.join() ? {} : { part_kinds: kinds }),
  }
  if (Object.keys(changes).length > 0) repository.updateHead(trx, note, changes)
  return changes
}

function changedTimes(row: repository.NoteRow, change: GivenTimes) {
  const known = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  const times = sessionTimes(change, row.time_zone, known)
  return { session_date: times.sessionDate, started_at: times.startedAt, ended_at: times.endedAt }
}

/**
 * Marks a draft as ready to be signed, which keeps its text as it is, or makes a draft of it again.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` also for a note that lacks something
 */
export async function setReadiness(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  ready: boolean,
): Promise<SessionNoteSummary> {
  const note = await openForStep(trx, noteId, version, ready ? 'ready' : 'reopen')
  const { row, chart } = note
  if (!row.draft) throw new Problem('stale-version')
  const document = await openDraft(trx, row, row.draft)
  if (ready) requireComplete(document, chart.kind)
  const draft = await sealDraft(trx, noteId, version + 1, document)
  const savedAt = await repository.saveDraft(trx, note, version, draft)
  const status = ready ? 'ready' : 'draft'
  repository.updateHead(trx, note, { status })
  trx.audit({ fields: ['status'] })
  return toSummary({ ...row, status, version: version + 1, updated_at: savedAt })
}
