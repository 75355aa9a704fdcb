import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { openedPage, type Page } from '../../../lib/pages.ts'
import { invalidField, notFound } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import { atVersion, changedOrRefused } from '../../../lib/versions.ts'
import { raiseAlert } from '../../alerts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { disclose } from '../../releases/index.ts'
import { notFuture } from '../days.ts'
import { settleAlarm } from './alarm.ts'
import type { HistoryQuery, RecordChange } from './history.schemas.ts'
import { noticesOf } from './kind.ts'
import { kindNamed } from './kinds/index.ts'
import { contentOf, openChanges, openRecord, openRecords, type StepWords, toRecord } from './record.view.ts'
import { announce, recordChange } from './record-changes.ts'
import type { RecordFilter, RecordRow, Sight } from './records.repository.ts'
import * as repository from './records.repository.ts'
import { checkReason, checkReleasable, checkStep } from './records.rules.ts'
import type { RecordQuery, RecordStep, RecoveryRecord } from './records.schemas.ts'
import { basisOfStep } from './report-release.ts'
import { sealedWords } from './sealed-places.ts'
import { openToRead, openToWrite } from './sight.ts'
import { warningsOfStep } from './trauma-gate.ts'

/** @throws Problem `not-found` */
export async function getRecord(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
): Promise<RecoveryRecord> {
  const sight = await openToRead(trx, chartId)
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId })
  const row = await repository.findRecord(trx, sight, recordId)
  if (!row) throw notFound()
  return openRecord(trx, row)
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listRecords(
  trx: PracticeTransaction,
  chartId: string,
  query: RecordQuery,
): Promise<Page<RecoveryRecord>> {
  return pageOf(trx, await openToRead(trx, chartId), query)
}

/** A page of what somebody may see. */
export async function pageOf(
  trx: PracticeTransaction,
  sight: Sight,
  { cursor, limit = limits.page.default, ...wanted }: RecordQuery,
): Promise<Page<RecoveryRecord>> {
  trx.audit({ resourceType: 'recovery-record' })
  const filter: RecordFilter = wanted
  const place = { chartId: sight.chart.id, ...filter }
  const key = trx.cursorKey(place, cursor)
  const after = key && { occurredOn: String(key[0]), id: String(key[1]) }
  const rows = await repository.listRecords(trx, sight, filter, { limit, after })
  return openedPage(
    rows,
    limit,
    shown => openRecords(trx, shown),
    row => trx.cursorAfter(place, [row.occurred_on, row.id]),
  )
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listHistory(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
  { cursor, limit = limits.page.default }: HistoryQuery,
): Promise<Page<RecordChange>> {
  const sight = await openToRead(trx, chartId)
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId })
  if (!(await repository.findHead(trx, sight, recordId))) throw notFound()
  const place = { chartId, recordId }
  const after = Number(trx.cursorKey(place, cursor)?.[0] ?? 0)
  const rows = await repository.listRevisions(trx, recordId, { limit, after })
  return openedPage(
    rows,
    limit,
    shown => openChanges(trx, shown),
    row => trx.cursorAfter(place, [row.version]),
  )
}

/**
 * Takes a record to another status, or reviews it where it stands.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state`, `already-exists`
 */
export async function stepRecord(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
  version: number,
  step: RecordStep,
): Promise<RecoveryRecord> {
  return takeStep(trx, await openToWrite(trx, chartId), recordId, version, step)
}

/**
 * Takes a record that somebody may see to another status, by staff or by the client.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state`, `already-exists`; `not-released` and
 *   `unknown-reference` for a report that goes out
 */
export async function takeStep(
  trx: PracticeTransaction,
  sight: Sight,
  recordId: string,
  version: number,
  step: RecordStep,
): Promise<RecoveryRecord> {
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId, fields: Object.keys(step) })
  const [found, today] = await Promise.all([
    repository.findRecord(trx, sight, recordId),
    clientToday(trx, sight.chart),
    trx.sealer(),
  ])
  const before = atVersion(found, version)
  const kind = kindNamed(before.kind)
  checkStep(kind, before.status, step.status, enteredBy(trx))
  checkReason(kind, step)
  if (step.reviewOn && !kind.reviewOn)
    throw invalidField('/reviewOn', 'unknown', 'Records of this kind have no review.')
  const content = await contentOf(trx, before)
  const missing = await warningsOfStep(trx, sight, before, step)
  const effective_on = step.effectiveOn ?? today
  if (effective_on > today) throw notFuture('/effectiveOn')
  if (effective_on < before.occurred_on)
    throw invalidField('/effectiveOn', 'order', 'Must not be before the record’s `occurredOn`.')
  const basis = await basisOfStep(trx, sight, { kind, content, on: effective_on }, step)
  const warnings = [...missing, ...noticesOf(kind, content)]
  const changed = await repository.updateRecord(trx, recordId, version, {
    status: step.status,
    warnings,
    ...given({ review_on: step.reviewOn }),
  })
  const row = await changedOrRefused(changed, () => repository.findHead(trx, sight, recordId))
  recordChange(trx, row, {
    change: step.status === before.status ? 'reviewed' : 'status_changed',
    effective_on,
    reason_key: step.reasonKey ?? null,
    words_sealed: await sealWords(trx, row, step),
    warnings: missing,
  })
  if (basis) await disclose(trx, sight.chart, basis, { recordId, dataClass: kind.dataClass })
  announce(trx, row, step.status === before.status ? 'reviewed' : 'status-changed')
  if (row.kind === 'containment_plan' && row.status === 'breached') await alertBreach(trx, sight, row, step)
  await settleAlarm(trx, sight.chart, row)
  return toRecord(row, content)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function releaseRecord(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
  version: number,
  { released }: { released: boolean },
): Promise<RecoveryRecord> {
  const sight = await openToWrite(trx, chartId)
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId, fields: ['released'] })
  const [found, today] = await Promise.all([
    repository.findRecord(trx, sight, recordId),
    clientToday(trx, sight.chart),
    trx.sealer(),
  ])
  const before = atVersion(found, version)
  const content = await contentOf(trx, before)
  checkReleasable(kindNamed(before.kind), content)
  const changed = await repository.updateRecord(trx, recordId, version, { released })
  const row = await changedOrRefused(changed, () => repository.findHead(trx, sight, recordId))
  const change = released ? 'released' : 'unreleased'
  recordChange(trx, row, { change, effective_on: today })
  announce(trx, row, change)
  return toRecord(row, content)
}

function sealWords(
  trx: PracticeTransaction,
  { id, version }: RecordRow,
  { reason, overrideReason }: { reason?: string; overrideReason?: string },
): Promise<Buffer> | null {
  if (reason === undefined && overrideReason === undefined) return null
  const words: StepWords = { reason: reason ?? null, overrideReason: overrideReason ?? null }
  return trx.seal(sealedWords(id, version), JSON.stringify(words))
}

/** A breach asks for a look, whoever recorded it. */
async function alertBreach(
  trx: PracticeTransaction,
  { chart }: Sight,
  { id, version }: RecordRow,
  { reasonKey = 'other' }: RecordStep,
): Promise<void> {
  await raiseAlert(trx, chart, {
    rule: 'containment_breached',
    severity: 'attention',
    key: `${id}:${version}`,
    evidence: { recordId: id, reasonKey },
  })
}
