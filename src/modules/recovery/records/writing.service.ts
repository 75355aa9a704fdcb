import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import { atVersion, changedOrRefused } from '../../../lib/versions.ts'
import { clientToday } from '../../clients/index.ts'
import { notAfter, notFuture } from '../days.ts'
import { lookAtOnce } from './alarm.ts'
import { noticesOf, type RecordKind, type Warning, withdrawn } from './kind.ts'
import { kindNamed } from './kinds/index.ts'
import { toRecord } from './record.view.ts'
import { announce, recordChange } from './record-changes.ts'
import type { DataClass, RecordRow, Sight } from './records.repository.ts'
import * as repository from './records.repository.ts'
import { checkDates, checkReleasable, checkRevisable } from './records.rules.ts'
import type { NewRecoveryRecord, RecoveryRecord } from './records.schemas.ts'
import { sealedContent } from './sealed-places.ts'
import { openToWrite } from './sight.ts'
import {
  checkContent,
  checkPlace,
  checkSame,
  classInContext,
  classOf,
  clockFor,
  requireSession,
  requireTools,
} from './writing.checks.ts'

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
  if (input.released) checkReleasable(kind, input.content)
  const [clock, dataClass, sealer] = await Promise.all([
    clockFor(trx, chart, kind, input),
    classInContext(trx, sight, kind, input),
    trx.sealer(),
    requireTools(trx, chart, kind, input),
    requireSession(trx, chart, input),
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
    appointment_id: input.appointmentId ?? null,
    released: by === 'client' || (input.released ?? false),
    entered_by: by,
    recorded_by: trx.scope.actor.staffId,
    ...columnsOf(kind, { ...input, occurredOn }, dataClass, warnings),
  })
  const content_sealed = sealer.seal(sealedContent(id, 1), JSON.stringify(input.content))
  recordChange(trx, row, { change: 'created', effective_on: occurredOn, content_sealed, warnings })
  announce(trx, row, 'created')
  await lookAtOnce(trx, chart, row, input.content)
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
  await lookAtOnce(trx, sight.chart, row, input.content)
  return toRecord(row, input.content)
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
