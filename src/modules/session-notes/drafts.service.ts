import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { findPractice } from '../practice/index.ts'
import { findAppointment } from '../scheduling/index.ts'
import { currentTemplate, templateOf } from './note-templates.ts'
import { openDraft, sealDraft } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import { dateIn, mergeSections, requireKnownSections, sessionTimes } from './session-notes.rules.ts'
import type {
  NewSessionNote,
  SessionNote,
  SessionNoteChange,
  SessionNoteSummary,
} from './session-notes.schemas.ts'
import { openForStep } from './session-notes.service.ts'
import { toNote, toSummary } from './session-notes.view.ts'

/**
 * Starts a note as its author's draft.
 *
 * @throws Problem `not-found`, `already-exists` when the author has a note of this appointment,
 *   `unknown-reference` for an appointment that is not of this chart, `invalid-request`
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
  const template = currentTemplate(input.template)
  requireKnownSections(template, input.sections ?? {})
  const id = uuidv7()
  const { timeZone, bookedDate } = await sessionFrame(trx, chart, input.appointmentId ?? null)
  const times = sessionTimes(input, timeZone, bookedDate ? { sessionDate: bookedDate } : {})
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
  })
  const sections = mergeSections({}, input.sections ?? {})
  const draft = await sealDraft(trx, id, head.version, { format: 1, sections })
  repository.insertDraft(trx, id, head.version, draft)
  emit(trx, { type: 'session-note.created', resourceId: id, resourceVersion: head.version, chartId })
  return toNote(trx, { chart, row: { ...head, draft } })
}

/** The zone a session is counted in, and the day its appointment was booked for. */
async function sessionFrame(trx: PracticeTransaction, chart: OpenChart, appointmentId: string | null) {
  if (appointmentId === null) {
    const practice = await findPractice(trx)
    if (!practice) throw notFound()
    return { timeZone: practice.time_zone, bookedDate: undefined }
  }
  const booked = await findAppointment(trx, appointmentId)
  if (booked?.chartId !== chart.id) throw unknownReference('/appointmentId')
  return { timeZone: booked.timeZone, bookedDate: dateIn(booked.timeZone, booked.startsAt) }
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
  { sections = {}, ...times }: SessionNoteChange,
): Promise<SessionNoteSummary> {
  const note = await openForStep(trx, noteId, version, 'save')
  const { row } = note
  trx.audit({ fields: ['draft'] })
  if (!row.draft) throw new Problem('stale-version')
  requireKnownSections(templateOf(row.template_key, row.template_version), sections)
  const before = await openDraft(trx, noteId, version, row.draft)
  const merged = mergeSections(before.sections, sections)
  const draft = await sealDraft(trx, noteId, version + 1, { format: 1, sections: merged })
  const savedAt = await repository.saveDraft(trx, note, version, draft)
  if (!savedAt) throw new Problem('stale-version')
  const changed = Object.keys(times).length > 0 ? saveTimes(trx, note, times) : {}
  return toSummary({ ...row, ...changed, version: version + 1, updated_at: savedAt })
}

function saveTimes(
  trx: PracticeTransaction,
  note: repository.OpenNote,
  change: Omit<SessionNoteChange, 'sections'>,
) {
  const { row } = note
  const known = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  const times = sessionTimes(change, row.time_zone, known)
  const changes = {
    session_date: times.sessionDate,
    started_at: times.startedAt,
    ended_at: times.endedAt,
  }
  repository.updateHead(trx, note, changes)
  return changes
}
