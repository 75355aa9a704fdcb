import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import type { NoteRow } from '../session-notes.repository.ts'
import { emdrParts, type WorkInNote, worksIn } from './emdr-parts.ts'
import * as repository from './targets.repository.ts'
import {
  type Finding,
  findingsOf,
  type HistoryStep,
  lastSud,
  lastVoc,
  type Standing,
  sessionInstant,
  standingAfter,
  type TargetStatus,
} from './targets.rules.ts'
import { announce } from './targets.service.ts'

/**
 * What a signature does to the targets that its note worked on, in the same transaction. Each part that worked on a
 * target is a step of its history.
 *
 * @throws Problem `unknown-reference` for a target that is not of this chart
 */
export async function moveTargets(
  trx: PracticeTransaction,
  chart: OpenChart,
  note: NoteRow,
  parts: readonly NotePart[],
): Promise<void> {
  const works = worksIn(emdrParts(parts))
  if (works.length === 0) return
  const held = await holdTargets(
    trx,
    chart,
    works.map(({ targetId }) => targetId),
  )
  const unknown = works.find(({ targetId }) => !held.some(({ row }) => row.id === targetId))
  if (unknown) throw unknownReference(`${unknown.pointer}/targetId`)
  const { started_at: startedAt, session_date: sessionDate, time_zone: timeZone } = note
  const occurredAt = sessionInstant({ startedAt, sessionDate, timeZone }, note.signed_at ?? note.updated_at)
  trx.audit({ fields: ['emdrTargets'] })
  for (const { row, history } of held) {
    const steps = works
      .filter(({ targetId }) => targetId === row.id)
      .map((work, index) => stepOf(work, note, occurredAt, row.version + index + 1))
    advance(trx, row, history, steps)
  }
}

/** What a note moved it moves no longer. What came after it is told anew, and nothing of the history is overwritten. */
export async function takeMovesBack(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id: noteId, revision }: Pick<NoteRow, 'id' | 'revision'>,
): Promise<void> {
  const moved = await repository.movedBy(trx, noteId, revision)
  if (moved.length === 0) return
  trx.audit({ fields: ['emdrTargets'] })
  for (const { row, history } of await holdTargets(trx, chart, moved)) {
    advance(trx, row, history, [
      {
        version: row.version + 1,
        change: 'taken_back',
        occurredAt: null,
        findings: [],
        noteId,
        noteRevision: revision,
        partId: null,
        sessionOn: null,
        sud: null,
        voc: null,
      },
    ])
  }
}

/** A step before it is known where it leads. One without an instant is now. */
type Step = Omit<HistoryStep, 'toStatus' | 'occurredAt'> & { occurredAt: Date | null; partId: string | null }

const stepOf = (
  { work, goesOn, partId }: WorkInNote,
  note: NoteRow,
  occurredAt: Date,
  version: number,
): Step => ({
  version,
  change: 'moved_by_note',
  occurredAt,
  findings: findingsOf(work, goesOn),
  noteId: note.id,
  noteRevision: note.revision,
  partId,
  sessionOn: note.session_date,
  sud: lastSud(work) ?? null,
  voc: lastVoc(work) ?? null,
})

/** Adds the steps to the history of a target that is held, and tells where it stands now. */
function advance(
  trx: PracticeTransaction,
  row: repository.TargetRow,
  history: readonly HistoryStep[],
  steps: readonly Step[],
): void {
  const told: HistoryStep[] = [...history]
  let standing: Standing | undefined
  let from = row.status as TargetStatus
  const rows = steps.map(step => {
    told.push({ ...step, occurredAt: step.occurredAt ?? row.updated_at, toStatus: from })
    standing = standingAfter(told)
    const moved = toRow(trx, row.id, step, from, standing.status)
    from = standing.status
    return moved
  })
  if (!standing) return
  repository.addHistory(trx, rows)
  const version = row.version + steps.length
  repository.updateHeld(trx, row.id, {
    status: standing.status,
    last_sud: standing.lastSud,
    last_voc: standing.lastVoc,
    last_session_on: standing.lastSessionOn,
    incomplete_sessions: standing.incompleteSessions,
    version,
  })
  if (standing.status !== row.status) announce(trx, { ...row, version }, 'status-changed')
}

const toRow = (
  trx: PracticeTransaction,
  targetId: string,
  step: Step,
  from: TargetStatus,
  to: TargetStatus,
) => ({
  target_id: targetId,
  version: step.version,
  change: step.change,
  from_status: from,
  to_status: to,
  ...(step.occurredAt ? { occurred_at: step.occurredAt } : {}),
  session_on: step.sessionOn,
  note_id: step.noteId,
  note_revision: step.noteRevision,
  part_id: step.partId,
  findings: [...step.findings],
  sud: step.sud,
  voc: step.voc,
  recorded_by: recorder(trx),
})

/** Holds targets of a chart, then reads their history: nobody adds to it meanwhile. */
async function holdTargets(trx: PracticeTransaction, chart: OpenChart, ids: readonly string[]) {
  const rows = await repository.lockTargets(trx, chart, [...new Set(ids)])
  const history = await repository.historyOf(
    trx,
    rows.map(({ id }) => id),
  )
  return rows.map(row => ({
    row,
    history: history.filter(({ target_id }) => target_id === row.id).map(toStep),
  }))
}

const toStep = (row: repository.HistoryRow): HistoryStep => ({
  version: row.version,
  change: row.change as HistoryStep['change'],
  occurredAt: row.occurred_at,
  toStatus: row.to_status as TargetStatus,
  findings: row.findings as Finding[],
  noteId: row.note_id,
  noteRevision: row.note_revision,
  sessionOn: row.session_on,
  sud: row.sud,
  voc: row.voc,
})
