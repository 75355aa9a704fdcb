import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './lapses.schemas.ts'
import * as service from './lapses.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/lapses'
const one = { ...common, path: `${base}/{lapseId}`, params: schemas.LapseParams } as const
const shown = { status: 200, schema: schemas.Lapse, description: 'The lapse.' } as const

export const lapseRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listLapses',
    summary: 'List lapses',
    description: 'What was reported, newest report first, and what was learned from it.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.LapseQuery,
    success: { status: 200, schema: schemas.LapsePage, description: 'A page of lapses.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listLapses(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'reportLapse',
    summary: 'Report a lapse',
    description:
      'Records what happened, on the day it happened, however late it is told: streaks are counted from that day. A concern for safety, and a return to an earlier pattern, alert the clinician.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewLapse,
    success: { status: 201, schema: schemas.Lapse, description: 'The lapse.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const lapse = await service.reportLapse(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/lapses/${lapse.id}`, lapse)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getLapse',
    summary: 'Read a lapse',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getLapse(trx, params.chartId, params.lapseId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeLapse',
    summary: 'Change a lapse',
    description: 'Adds what is learned, or corrects what was told. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.LapseChange,
    success: shown,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeLapse(trx, params.chartId, params.lapseId, version, body)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{lapseId}/status-changes`,
    operationId: 'changeLapseStatus',
    summary: 'Move a lapse on',
    description:
      'From reported to explored, learning captured, plan updated and closed; back as far as one likes; or withdrawn, when it was recorded in error.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.LapseStep,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeLapseStatus(trx, params.chartId, params.lapseId, version, body)),
  }),
]
