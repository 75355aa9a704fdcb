import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import { atVersion, changedOrRefused } from '../../../lib/versions.ts'
import { raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import {
  type ClientClock,
  type ClientMoment,
  clientClock,
  clientMoment,
  clientToday,
} from '../../clients/index.ts'
import { notAfter, notFuture } from '../days.ts'
import { canonicalId } from '../documents/ids.ts'
import { type RecordKind, type Warning, withdrawn } from './kind.ts'
import { kindNamed } from './kinds/index.ts'
import { contentOf, openChanges, openRecord, openRecords, type StepWords, toRecord } from './record.view.ts'
import type { DataClass, RecordFilter, RecordRow, Sight } from './records.repository.ts'
import * as repository from './records.repository.ts'
import { checkDates, checkReason, checkRevisable, checkStep, refuseLinks } from './records.rules.ts'
import type {
  HistoryQuery,
  NewRecoveryRecord,
  RecordChange,
  RecordQuery,
  RecordStep,
  RecoveryRecord,
} from './records.schemas.ts'
import { sealedContent, sealedWords } from './sealed-places.ts'
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
  const shown = await openRecords(trx, rows.slice(0, limit))
  const { nextCursor } = toPage(
    rows,
    limit,
    row => row.id,
    row => trx.cursorAfter(place, [row.occurred_on, row.id]),
  )
  return { data: shown, nextCursor }
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
  const shown = await openChanges(trx, rows.slice(0, limit))
  const { nextCursor } = toPage(
    rows,
    limit,
    row => row.version,
    row => trx.cursorAfter(place, [row.version]),
  )
  return { data: shown, nextCursor }
}

/** @throws Problem `not-found`, `invalid-request`, `invalid-state`, `unknown-reference`, `already-exists` */
export async function createRecord(
  trx: PracticeTransaction,
  chartId: string,
  input: NewRecoveryRecord,
): Promise<RecoveryRecord> {
  const kind = kindNamed(input.kind)
  return writeRecord(trx, await openToWrite(trx, chartId, classOf(kind, input)), input)
}

/**
 * Writes a record of a chart whose door was passed, by staff or by the client.
 *
 * @throws Problem `invalid-request`, `invalid-state`, `unknown-reference`, `already-exists`
 */
export async function writeRecord(
  trx: PracticeTransaction,
  sight: Sight,
  input: NewRecoveryRecord,
): Promise<RecoveryRecord> {
  const kind = kindNamed(input.kind)
  const { chart } = sight
  const [by, id] = [enteredBy(trx), uuidv7()]
  trx.audit({ resourceType: 'recovery-record', resourceId: id, fields: fieldsOf(input) })
  checkPlace(kind, sight, input)
  checkContent(kind, input, by)
  const [clock, dataClass, sealer] = await Promise.all([
    clockFor(trx, chart, kind, input),
    classInContext(trx, sight, kind, input),
    trx.sealer(),
    requireTools(trx, chart, kind, input),
  ])
  const { today } = clock
  const occurredOn = notAfter(today, '/occurredOn', input.occurredOn)
  checkDates({ ...input, occurredOn })
  if ('on' in clock && clock.on !== occurredOn)
    throw invalidField(
      '/content/at',
      'other-day',
      'Must be on the day of `occurredOn`, where the client lives.',
    )
  if (input.correctsRecordId) await withdrawCorrected(trx, sight, input.correctsRecordId, kind, today)
  const warnings = noticesOf(kind, input.content)
  const row = await repository.insertRecord(trx, {
    id,
    chart_id: chart.id,
    client_id: input.clientId ?? null,
    kind: kind.kind,
    status: kind.initial,
    related_id: input.relatedRecordId ?? null,
    corrects_id: input.correctsRecordId ?? null,
    released: by === 'client' || (input.released ?? false),
    entered_by: by,
    recorded_by: trx.scope.actor.staffId,
    ...columnsOf(kind, { ...input, occurredOn }, dataClass, warnings),
  })
  const content_sealed = sealer.seal(sealedContent(id, 1), JSON.stringify(input.content))
  recordChange(trx, row, { change: 'created', effective_on: occurredOn, content_sealed, warnings })
  announce(trx, row, 'created')
  return toRecord(row, input.content)
}

/**
 * Writes new content beside the old. What it belongs to never changes.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state`, `unknown-reference`
 */
export async function reviseRecord(
  trx: PracticeTransaction,
  chartId: string,
  recordId: string,
  version: number,
  input: NewRecoveryRecord,
): Promise<RecoveryRecord> {
  const kind = kindNamed(input.kind)
  const sight = await openToWrite(trx, chartId, classOf(kind, input))
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId, fields: fieldsOf(input) })
  const [found, today, sealer] = await Promise.all([
    repository.findHead(trx, sight, recordId),
    clientToday(trx, sight.chart),
    trx.sealer(),
    requireTools(trx, sight.chart, kind, input),
  ])
  const before = atVersion(found, version)
  checkSame(before, input)
  checkRevisable(kind, before.status)
  checkContent(kind, input, 'staff')
  const occurredOn = input.occurredOn ?? before.occurred_on
  if (occurredOn > today) throw notFuture('/occurredOn')
  checkDates({ ...input, occurredOn })
  const dataClass = await classInContext(trx, sight, kind, { ...input, ...belongingsOf(before) })
  const warnings = noticesOf(kind, input.content)
  const changed = await repository.updateRecord(trx, recordId, version, {
    ...columnsOf(kind, { ...input, occurredOn }, dataClass, warnings),
    ...given({ released: input.released }),
    content_version: version + 1,
  })
  const row = await changedOrRefused(changed, () => repository.findHead(trx, sight, recordId))
  const content_sealed = sealer.seal(sealedContent(recordId, row.version), JSON.stringify(input.content))
  recordChange(trx, row, { change: 'revised', effective_on: today, content_sealed, warnings })
  announce(trx, row, 'revised')
  return toRecord(row, input.content)
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
  const sight = await openToWrite(trx, chartId)
  trx.audit({ resourceType: 'recovery-record', resourceId: recordId, fields: Object.keys(step) })
  const [found, today] = await Promise.all([
    repository.findRecord(trx, sight, recordId),
    clientToday(trx, sight.chart),
    trx.sealer(),
  ])
  const before = atVersion(found, version)
  const kind = kindNamed(before.kind)
  checkStep(kind, before.status, step.status)
  checkReason(kind, step)
  if (step.reviewOn && !kind.reviewOn)
    throw invalidField('/reviewOn', 'unknown', 'Records of this kind have no review.')
  const content = await contentOf(trx, before)
  const missing = await warningsOfStep(trx, sight, before, step)
  const effective_on = step.effectiveOn ?? today
  if (effective_on > today) throw notFuture('/effectiveOn')
  if (effective_on < before.occurred_on)
    throw invalidField('/effectiveOn', 'order', 'Must not be before the record’s `occurredOn`.')
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
  announce(trx, row, step.status === before.status ? 'reviewed' : 'status-changed')
  if (row.kind === 'containment_plan' && row.status === 'breached') await alertBreach(trx, sight, row, step)
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
  if (!kindNamed(before.kind).portal)
    throw new Problem('invalid-state', { detail: 'Records of this kind are never shown in the portal.' })
  const content = await contentOf(trx, before)
  const changed = await repository.updateRecord(trx, recordId, version, { released })
  const row = await changedOrRefused(changed, () => repository.findHead(trx, sight, recordId))
  const change = released ? 'released' : 'unreleased'
  recordChange(trx, row, { change, effective_on: today })
  announce(trx, row, change)
  return toRecord(row, content)
}

/** What of the input decides how guarded the record is, before anything was looked up. */
function classOf(kind: RecordKind, { behaviorId, content }: NewRecoveryRecord): DataClass {
  const restricted = kind.dataClass === 'restricted' || behaviorId || kind.restrictedWhen?.(content)
  return restricted ? 'restricted' : 'clinical'
}

/**
 * Checks what the record is about and belongs to. What belongs to something restricted is so too.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
async function classInContext(
  trx: PracticeTransaction,
  sight: Sight,
  kind: RecordKind,
  { addictionId, behaviorId, relatedRecordId, ...input }: NewRecoveryRecord,
): Promise<DataClass> {
  const [related, hasAddiction, hasBehavior] = await Promise.all([
    relatedRecordId ? repository.findHead(trx, sight, relatedRecordId) : undefined,
    !addictionId || repository.hasSubject(trx, sight.chart, 'addiction', addictionId),
    !behaviorId || repository.hasSubject(trx, sight.chart, 'behavior', behaviorId),
  ])
  if (!hasAddiction) throw unknownReference('/addictionId')
  if (!hasBehavior) throw unknownReference('/behaviorId')
  const fits = related && kind.related?.kinds.includes(related.kind) && related.status !== withdrawn
  if (relatedRecordId && !fits) throw unknownReference('/relatedRecordId')
  const own = classOf(kind, { ...input, ...given({ behaviorId }) })
  return related?.data_class === 'restricted' ? 'restricted' : own
}

/**
 * The kind has to be one of this chart's, and what is about one partner names a present one.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
function checkPlace(
  kind: RecordKind,
  { chart }: Sight,
  { clientId, addictionId, behaviorId }: NewRecoveryRecord,
) {
  if (chart.kind === 'group' || !kind.charts.includes(chart.kind))
    throw invalidField('/kind', 'chart-kind', 'Records of this kind are not kept in a chart of this kind.')
  if (clientId && chart.kind !== 'couple')
    throw invalidField(
      '/clientId',
      'chart-kind',
      'Only in the chart of a couple a record names whom it is about.',
    )
  if (clientId && !chart.clientIds.includes(clientId)) throw unknownReference('/clientId')
  if (addictionId && behaviorId)
    throw invalidField('/behaviorId', 'one-of', 'It is about an addiction or about a behavior, not both.')
  if (kind.subject === 'required' && !addictionId && !behaviorId)
    throw invalidField('/addictionId', 'required', 'Say which addiction or behavior it is about.')
}

/** What day it is where the client lives, and on which day there the time of day lay that the content says. */
function clockFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: RecordKind,
  { content }: NewRecoveryRecord,
): Promise<ClientClock | ClientMoment> {
  const at = kind.moment?.(content)
  return at === undefined ? clientClock(trx, chart) : clientMoment(trx, chart, at)
}

/** @throws Problem `unknown-reference` where the content names what is no such document of the chart, or is not in use */
async function requireTools(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: RecordKind,
  { content }: NewRecoveryRecord,
): Promise<void> {
  const named = (kind.tools?.(content) ?? []).filter(({ id }) => id !== undefined)
  if (named.length === 0) return
  const known = await repository.toolsInUse(
    trx,
    chart,
    named.flatMap(({ id }) => id ?? []),
  )
  for (const { kind: tool, field, id } of named)
    if (!known.has(`${tool} ${canonicalId(id ?? '')}`)) throw unknownReference(`/content/${field}`)
}

/** @throws Problem `invalid-request` */
function checkContent(kind: RecordKind, { content }: NewRecoveryRecord, by: 'staff' | 'client'): void {
  if (kind.noLinks || by === 'client') refuseLinks(content)
  kind.check?.(content)
}

/** @throws Problem `invalid-request` */
function checkSame(row: RecordRow, input: NewRecoveryRecord): void {
  const fixed = [
    ['/kind', row.kind, input.kind],
    ['/clientId', row.client_id, input.clientId ?? row.client_id],
    ['/addictionId', row.addiction_id, input.addictionId ?? row.addiction_id],
    ['/behaviorId', row.behavior_id, input.behaviorId ?? row.behavior_id],
    ['/relatedRecordId', row.related_id, input.relatedRecordId ?? row.related_id],
    ['/correctsRecordId', row.corrects_id, input.correctsRecordId ?? row.corrects_id],
  ] as const
  for (const [pointer, was, is] of fixed) {
    if (was !== is) throw invalidField(pointer, 'fixed', 'This never changes: write another record instead.')
  }
}

/** What a record is about and belongs to, as an input has it. */
const belongingsOf = (row: RecordRow) =>
  given({
    addictionId: row.addiction_id ?? undefined,
    behaviorId: row.behavior_id ?? undefined,
    relatedRecordId: row.related_id ?? undefined,
  })

/** An entry is corrected once; who is second meets the unique index. @throws Problem */
async function withdrawCorrected(
  trx: PracticeTransaction,
  sight: Sight,
  id: string,
  kind: RecordKind,
  today: string,
): Promise<void> {
  const old = await repository.findHead(trx, sight, id)
  const theirOwn = trx.scope.actor.kind !== 'client' || old?.entered_by === 'client'
  if (!old || old.kind !== kind.kind || !theirOwn) throw unknownReference('/correctsRecordId')
  if (old.status === withdrawn)
    throw new Problem('invalid-state', { detail: 'The entry to correct was withdrawn before.' })
  const changed = await repository.updateRecord(trx, id, old.version, { status: withdrawn })
  const row = await changedOrRefused(changed, () => repository.findHead(trx, sight, id))
  recordChange(trx, row, { change: 'corrected', effective_on: today })
  announce(trx, row, 'status-changed')
}

const noticesOf = (kind: RecordKind, content: Record<string, unknown>): Warning[] => [
  ...(kind.notices?.(content) ?? []),
]

function columnsOf(
  kind: RecordKind,
  {
    content,
    occurredOn,
    endsOn,
    reviewOn,
    addictionId,
    behaviorId,
  }: NewRecoveryRecord & { occurredOn: string },
  data_class: DataClass,
  warnings: Warning[],
) {
  const { keys = [], measures = [] } = kind.indexed?.(content) ?? {}
  return {
    data_class,
    occurred_on: occurredOn,
    ends_on: endsOn ?? null,
    review_on: reviewOn ?? null,
    // PostgreSQL keeps a null inside an array, which its types for us do not say.
    keys: [...keys] as string[],
    measures: [...measures] as number[],
    warnings,
    ...given({ addiction_id: addictionId, behavior_id: behaviorId }),
  }
}

/** Names of fields, but not of those inside a content: they would tell the kind of what is restricted. */
const fieldsOf = (input: NewRecoveryRecord) => Object.keys(input).filter(name => name !== 'kind')

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

interface Change {
  change: RecordChange['change']
  effective_on: string
  content_sealed?: Buffer
  words_sealed?: Buffer | null
  reason_key?: string | null
  warnings?: Warning[]
}

function recordChange(trx: PracticeTransaction, row: RecordRow, change: Change): void {
  repository.recordRevision(trx, {
    record_id: row.id,
    version: row.version,
    status: row.status,
    entered_by: enteredBy(trx),
    recorded_by: trx.scope.actor.staffId,
    ...change,
  })
}

type Verb = 'created' | 'revised' | 'status-changed' | 'reviewed' | 'released' | 'unreleased'

/** Of a restricted record another type tells, which only the care team is shown. */
function announce(trx: PracticeTransaction, row: RecordRow, verb: Verb): void {
  const prefix = row.data_class === 'restricted' ? 'restricted-recovery-record' : 'recovery-record'
  emit(trx, {
    type: `${prefix}.${verb}`,
    resourceId: row.id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
}
