import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import type { RecordChange } from './history.schemas.ts'
import type { Warning } from './kind.ts'
import type { RecordRow, RecordWithContent, RevisionRow } from './records.repository.ts'
import type { RecoveryRecord } from './records.schemas.ts'
import { sealedContent, sealedWords } from './sealed-places.ts'

/** What was said about a step. */
export interface StepWords {
  reason: string | null
  overrideReason: string | null
}

export function toRecord(row: RecordRow, content: Record<string, unknown>): RecoveryRecord {
  return {
    id: row.id,
    chartId: row.chart_id,
    kind: row.kind,
    status: row.status,
    dataClass: row.data_class as RecoveryRecord['dataClass'],
    clientId: row.client_id,
    addictionId: row.addiction_id,
    behaviorId: row.behavior_id,
    relatedRecordId: row.related_id,
    correctsRecordId: row.corrects_id,
    appointmentId: row.appointment_id,
    treatmentPlanId: row.plan_id,
    occurredOn: row.occurred_on,
    endsOn: row.ends_on,
    reviewOn: row.review_on,
    released: row.released,
    warnings: row.warnings as Warning[],
    content,
    enteredBy: row.entered_by as RecoveryRecord['enteredBy'],
    recordedById: row.recorded_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** Opens them with one look at the practice's keys, however many they are. */
export async function openRecords(
  trx: PracticeTransaction,
  rows: readonly RecordWithContent[],
): Promise<RecoveryRecord[]> {
  const sealer = await trx.sealer()
  return Promise.all(rows.map(async row => toRecord(row, await openContent(sealer, row))))
}

export async function openRecord(trx: PracticeTransaction, row: RecordWithContent): Promise<RecoveryRecord> {
  return toRecord(row, await contentOf(trx, row))
}

export async function contentOf(
  trx: PracticeTransaction,
  row: RecordWithContent,
): Promise<Record<string, unknown>> {
  return openContent(await trx.sealer(), row)
}

function openContent(sealer: PracticeSealer, { id, content_version, content_sealed }: RecordWithContent) {
  if (!content_sealed) throw new Error('A revision that is in force has no content')
  return opened<Record<string, unknown>>(sealer, sealedContent(id, content_version), content_sealed)
}

export async function openChanges(
  trx: PracticeTransaction,
  rows: readonly RevisionRow[],
): Promise<RecordChange[]> {
  const sealer = await trx.sealer()
  return Promise.all(rows.map(row => openChange(sealer, row)))
}

async function openChange(sealer: PracticeSealer, row: RevisionRow): Promise<RecordChange> {
  const { record_id, version, content_sealed, words_sealed } = row
  const [content, words] = await Promise.all([
    content_sealed &&
      opened<Record<string, unknown>>(sealer, sealedContent(record_id, version), content_sealed),
    words_sealed && opened<StepWords>(sealer, sealedWords(record_id, version), words_sealed),
  ])
  return {
    version,
    change: row.change as RecordChange['change'],
    status: row.status,
    effectiveOn: row.effective_on,
    content,
    reasonKey: row.reason_key,
    reason: words?.reason ?? null,
    overrideReason: words?.overrideReason ?? null,
    warnings: row.warnings as Warning[],
    enteredBy: row.entered_by as RecordChange['enteredBy'],
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}

async function opened<T>(
  sealer: PracticeSealer,
  place: Parameters<PracticeSealer['open']>[0],
  sealed: Buffer,
): Promise<T> {
  return JSON.parse(await sealer.openText(place, sealed)) as T
}
