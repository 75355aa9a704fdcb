import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { sealedReason, sealedWords } from './sealed-places.ts'
import type { CurveRow, HistoryRow, TargetRow, TargetWithWords } from './targets.repository.ts'
import type { Finding, TargetKind, TargetStatus } from './targets.rules.ts'
import type {
  CurvePoint,
  EmdrTarget,
  EmdrTargetHistoryEntry,
  OpenEmdrTarget,
  TargetWords,
} from './targets.schemas.ts'

/** What stands in `position` where none was planned: it sorts last. */
export const unplanned = 1_000

const standingOf = (row: TargetRow) => ({
  status: row.status as TargetStatus,
  lastSud: row.last_sud,
  lastVoc: row.last_voc,
  lastSessionOn: row.last_session_on,
  incompleteSessions: row.incomplete_sessions,
})

export const toTarget = (row: TargetRow, words: TargetWords): EmdrTarget => ({
  id: row.id,
  chartId: row.chart_id,
  kind: row.kind as TargetKind,
  position: row.position === unplanned ? null : row.position,
  ...words,
  ...standingOf(row),
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

/** Opens them with one look at the practice's keys, however many they are. */
export async function openEach(
  trx: PracticeTransaction,
  rows: readonly TargetWithWords[],
): Promise<EmdrTarget[]> {
  const sealer = await trx.sealer()
  return Promise.all(rows.map(async row => toTarget(row, await wordsIn(sealer, row))))
}

export const toOpenTarget = ({ id, kind, label, ...target }: EmdrTarget): OpenEmdrTarget => ({
  id,
  kind,
  label,
  status: target.status as OpenEmdrTarget['status'],
  lastSud: target.lastSud,
  lastVoc: target.lastVoc,
  lastSessionOn: target.lastSessionOn,
  incompleteSessions: target.incompleteSessions,
})

export const wordsOf = async (trx: PracticeTransaction, row: TargetWithWords) =>
  wordsIn(await trx.sealer(), row)

async function wordsIn(
  sealer: PracticeSealer,
  { id, content_version, content_sealed }: TargetWithWords,
): Promise<TargetWords> {
  if (!content_sealed) throw new Error('A target has no words')
  return JSON.parse(await sealer.openText(sealedWords(id, content_version), content_sealed)) as TargetWords
}

export async function openHistory(
  trx: PracticeTransaction,
  rows: readonly HistoryRow[],
): Promise<EmdrTargetHistoryEntry[]> {
  const sealer = await trx.sealer()
  return Promise.all(rows.map(row => openEntry(sealer, row)))
}

async function openEntry(sealer: PracticeSealer, row: HistoryRow): Promise<EmdrTargetHistoryEntry> {
  const { target_id: id, version, content_sealed, reason_sealed } = row
  const [words, reason] = await Promise.all([
    content_sealed && sealer.openText(sealedWords(id, version), content_sealed),
    reason_sealed && sealer.openText(sealedReason(id, version), reason_sealed),
  ])
  return {
    version,
    change: row.change as EmdrTargetHistoryEntry['change'],
    fromStatus: row.from_status as TargetStatus | null,
    toStatus: row.to_status as TargetStatus,
    findings: row.findings as Finding[],
    sud: row.sud,
    voc: row.voc,
    noteId: row.note_id,
    noteRevision: row.note_revision,
    partId: row.part_id,
    sessionOn: row.session_on,
    words: words === null ? null : (JSON.parse(words) as TargetWords),
    reason,
    recordedById: row.recorded_by,
    recordedAt: row.recorded_at.toISOString(),
  }
}

export const toPoint = (row: CurveRow): CurvePoint => ({
  noteId: row.note_id,
  partId: row.part_id,
  sessionDate: row.session_date,
  sudStart: row.sud_start,
  sudEnd: row.sud_end,
  vocStart: row.voc_start,
  vocEnd: row.voc_end,
  sets: row.sets,
  bodyScanClear: row.body_scan_clear === null ? null : row.body_scan_clear === 1,
})
