import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { RecordKindList } from './catalog.schemas.ts'
import { insightRoutes } from './figures/insights.routes.ts'
import { HistoryQuery, RecordChangePage } from './history.schemas.ts'
import { kinds } from './kinds/index.ts'
import * as schemas from './records.schemas.ts'
import * as service from './records.service.ts'
import * as writing from './writing.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/recovery-records'
const oneRecord = { ...common, params: schemas.RecordParams } as const
const changed = {
  status: 200,
  schema: schemas.RecoveryRecord,
  description: 'The record as it is now.',
} as const

const catalog = kinds.map(kind => ({
  kind: kind.kind,
  title: kind.title,
  description: kind.about,
  dataClass: kind.dataClass,
  chartKinds: [...kind.charts],
  log: kind.log ?? false,
  subject: kind.subject ?? ('none' as const),
  relatedKinds: [...(kind.related?.kinds ?? [])],
  portal: kind.portal ?? ('none' as const),
  initialStatus: kind.initial,
  statuses: kind.statuses.map(status => ({
    status,
    next: [...(kind.steps[status] ?? [])],
    clientNext: [...(kind.clientSteps?.[status] ?? [])],
    reasonKeys: [...(kind.reasons?.[status] ?? [])],
  })),
}))

export const recordRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/recovery-record-kinds',
    operationId: 'listRecoveryRecordKinds',
    summary: 'List the kinds of records',
    description:
      'Every kind of recovery record: what it is for, whom it may be shown to, its states and what may follow.',
    permission: 'recovery:read',
    success: { status: 200, schema: RecordKindList, description: 'The kinds.' },
    handler: async trx => {
      trx.audit({ resourceType: 'recovery-record-kind' })
      return ok({ kinds: catalog })
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listRecoveryRecords',
    summary: 'List recovery records',
    description:
      'Records of one chart, of the latest days first. What is restricted is shown to the care team alone; for everybody else it is not there.',
    permission: 'recovery:read',
    params: schemas.ChartOfRecords,
    query: schemas.RecordQuery,
    success: { status: 200, schema: schemas.RecordPage, description: 'A page of records.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listRecords(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'createRecoveryRecord',
    summary: 'Write a recovery record',
    description:
      'One of the kinds, which says what `content` holds. An entry of a log that corrects another one names it in `correctsRecordId`: that one is withdrawn, and both stay.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: schemas.ChartOfRecords,
    body: schemas.NewRecoveryRecord,
    success: { status: 201, schema: schemas.RecoveryRecord, description: 'The record.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists', 'stale-version'],
    handler: async (trx, { params, body }) => {
      const record = await writing.createRecord(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/recovery-records/${record.id}`, record)
    },
  }),
  operation({
    ...oneRecord,
    method: 'GET',
    path: `${base}/{recordId}`,
    operationId: 'getRecoveryRecord',
    summary: 'Read a recovery record',
    description: 'The record with the content in force.',
    permission: 'recovery:read',
    success: { status: 200, schema: schemas.RecoveryRecord, description: 'The record.' },
    handler: async (trx, { params }) => ok(await service.getRecord(trx, params.chartId, params.recordId)),
  }),
  operation({
    ...oneRecord,
    method: 'PUT',
    path: `${base}/{recordId}`,
    operationId: 'reviseRecoveryRecord',
    summary: 'Revise a recovery record',
    description:
      'Writes a new revision beside the old one. What the record is about and belongs to never changes; entries of a log are corrected by another one instead.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.NewRecoveryRecord,
    success: changed,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await writing.reviseRecord(trx, params.chartId, params.recordId, version, body)),
  }),
  operation({
    ...oneRecord,
    method: 'POST',
    path: `${base}/{recordId}/status-changes`,
    operationId: 'changeRecoveryRecordStatus',
    summary: 'Take a recovery record a step further',
    description:
      'Enters another status, in any direction its kind allows, or reviews a record where it stands. Where something is missing for a step, each error says what; with an `overrideReason` it is taken and answered with `warnings`. A report of a legal matter goes out only on a release of information.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.RecordStep,
    success: changed,
    problems: ['invalid-state', 'already-exists', 'not-released', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.stepRecord(trx, params.chartId, params.recordId, version, body)),
  }),
  operation({
    ...oneRecord,
    method: 'PUT',
    path: `${base}/{recordId}/release`,
    operationId: 'releaseRecoveryRecord',
    summary: 'Show a recovery record to the client, or no longer',
    description:
      'Decides whether the client sees the record in the portal. Not every kind may be shown there.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.RecordRelease,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.releaseRecord(trx, params.chartId, params.recordId, version, body)),
  }),
  operation({
    ...oneRecord,
    method: 'GET',
    path: `${base}/{recordId}/history`,
    operationId: 'listRecoveryRecordHistory',
    summary: "Read a recovery record's history",
    description: 'Every revision and every step, oldest first.',
    permission: 'recovery:read',
    query: HistoryQuery,
    success: { status: 200, schema: RecordChangePage, description: 'A page of the history.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listHistory(trx, params.chartId, params.recordId, query)),
  }),
  ...insightRoutes,
]
