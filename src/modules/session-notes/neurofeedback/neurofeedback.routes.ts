import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as bands from './bands.schemas.ts'
import { listBands, setBand } from './bands.service.ts'
import * as baselines from './baselines.schemas.ts'
import { listBaselines, recordBaseline } from './baselines.service.ts'
import * as protocols from './protocols.schemas.ts'
import * as service from './protocols.service.ts'

const common = { tag: 'Session notes' } as const
const baselineBase = '/v1/charts/{chartId}/neurofeedback-baselines'
const base = '/v1/charts/{chartId}/neurofeedback-protocols'
const changed = {
  status: 200,
  schema: protocols.Protocol,
  description: 'The protocol as it is now.',
} as const

export const neurofeedbackRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/neurofeedback-bands',
    operationId: 'listNeurofeedbackBands',
    summary: 'List frequency bands',
    description:
      'The ranges this practice takes the bands of the EEG for: the usual ones, or its own, each with its source.',
    permission: 'library:read',
    success: { status: 200, schema: bands.BandList, description: 'Every band.' },
    handler: async trx => ok(await listBands(trx)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/neurofeedback-bands',
    operationId: 'setNeurofeedbackBand',
    summary: 'Set a frequency band',
    description:
      'From now on new settings of protocols take the band for this range where they say no other. Those that are written keep theirs.',
    permission: 'library:write',
    idempotency: 'required',
    body: bands.NewBandRange,
    success: { status: 201, schema: bands.NeurofeedbackBand, description: 'The band.' },
    problems: ['conflict'],
    handler: async (trx, { body }) => created('/v1/neurofeedback-bands', await setBand(trx, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: baselineBase,
    operationId: 'listNeurofeedbackBaselines',
    summary: 'List neurofeedback baselines',
    description: 'The newest first, with those that another one took the place of.',
    permission: 'notes:read',
    params: baselines.ChartParams,
    query: baselines.BaselineQuery,
    success: { status: 200, schema: baselines.BaselinePage, description: 'A page of baselines.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await listBaselines(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: baselineBase,
    operationId: 'recordNeurofeedbackBaseline',
    summary: 'Record a neurofeedback baseline',
    description:
      'What the EEG showed, and what has to be known before training: medication, seizures, head injuries, consent.',
    permission: 'notes:write',
    idempotency: 'required',
    params: baselines.ChartParams,
    body: baselines.NewNeurofeedbackBaseline,
    success: { status: 201, schema: baselines.NeurofeedbackBaseline, description: 'The baseline.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/charts/${params.chartId}/neurofeedback-baselines`,
        await recordBaseline(trx, params.chartId, body),
      ),
  }),
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listNeurofeedbackProtocols',
    summary: 'List neurofeedback protocols',
    description: 'The newest first, each with the settings in force.',
    permission: 'notes:read',
    params: baselines.ChartParams,
    query: protocols.ProtocolQuery,
    success: { status: 200, schema: protocols.ProtocolPage, description: 'A page of protocols.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listProtocols(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'startNeurofeedbackProtocol',
    summary: 'Start a neurofeedback protocol',
    description: 'What is to be trained, where and how. Sessions name it, and the settings they used.',
    permission: 'notes:write',
    idempotency: 'required',
    params: baselines.ChartParams,
    body: protocols.NewProtocol,
    success: { status: 201, schema: protocols.Protocol, description: 'The protocol.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const protocol = await service.startProtocol(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/neurofeedback-protocols/${protocol.id}`, protocol)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{protocolId}`,
    operationId: 'getNeurofeedbackProtocol',
    summary: 'Read a neurofeedback protocol',
    description: 'With every change, its settings then, and why.',
    permission: 'notes:read',
    params: protocols.ProtocolParams,
    success: { status: 200, schema: protocols.Protocol, description: 'The protocol.' },
    handler: async (trx, { params }) => ok(await service.getProtocol(trx, params.chartId, params.protocolId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{protocolId}/revisions`,
    operationId: 'reviseNeurofeedbackProtocol',
    summary: 'Change the settings of a neurofeedback protocol',
    description: 'The settings as a whole, and why. The earlier ones are kept.',
    permission: 'notes:write',
    ifMatch: true,
    params: protocols.ProtocolParams,
    body: protocols.ProtocolRevision,
    success: changed,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params: { chartId, protocolId: id }, body, version }) =>
      ok(await service.reviseProtocol(trx, { chartId, id, version }, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{protocolId}/status-changes`,
    operationId: 'changeNeurofeedbackProtocolStatus',
    summary: 'Pause, resume or end a neurofeedback protocol',
    description: 'With the reason. One that ended stays, and does not begin again.',
    permission: 'notes:write',
    ifMatch: true,
    params: protocols.ProtocolParams,
    body: protocols.ProtocolStep,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params: { chartId, protocolId: id }, body, version }) =>
      ok(await service.changeProtocolStatus(trx, { chartId, id, version }, body)),
  }),
]
