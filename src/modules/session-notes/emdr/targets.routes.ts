import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './targets.schemas.ts'
import * as service from './targets.service.ts'

const common = { tag: 'Session notes' } as const
const base = '/v1/charts/{chartId}/emdr-targets'
const oneTarget = { ...common, params: schemas.TargetParams } as const
const changed = { status: 200, schema: schemas.EmdrTarget, description: 'The target as it is now.' } as const

export const emdrTargetRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listEmdrTargets',
    summary: 'List EMDR targets',
    description:
      'What is worked through with EMDR in a client’s own chart: what was left incomplete first, then what else was begun, then the planned order. Targets are restricted: the care team alone sees them.',
    permission: 'notes:read',
    params: schemas.ChartOfTargets,
    query: schemas.TargetQuery,
    success: { status: 200, schema: schemas.EmdrTargetPage, description: 'A page of targets.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listTargets(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'registerEmdrTarget',
    summary: 'Register an EMDR target',
    description:
      'Takes a memory, trigger, situation to come or urge into the sequence. It begins as `identified`; signed notes with a part `emdr` move it.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.ChartOfTargets,
    body: schemas.NewEmdrTarget,
    success: { status: 201, schema: schemas.EmdrTarget, description: 'The target.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const target = await service.createTarget(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/emdr-targets/${target.id}`, target)
    },
  }),
  operation({
    ...oneTarget,
    method: 'GET',
    path: `${base}/{emdrTargetId}`,
    operationId: 'getEmdrTarget',
    summary: 'Read an EMDR target',
    description: 'Its words, where it stands, and the last measures.',
    permission: 'notes:read',
    success: { status: 200, schema: schemas.EmdrTarget, description: 'The target.' },
    handler: async (trx, { params }) => ok(await service.getTarget(trx, params.chartId, params.emdrTargetId)),
  }),
  operation({
    ...oneTarget,
    method: 'PATCH',
    path: `${base}/{emdrTargetId}`,
    operationId: 'changeEmdrTarget',
    summary: 'Change the words of an EMDR target',
    description: 'Changes its kind, place or words. The words it had stay in its history.',
    permission: 'notes:write',
    ifMatch: true,
    body: schemas.EmdrTargetChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeTarget(trx, params.chartId, params.emdrTargetId, version, body)),
  }),
  operation({
    ...oneTarget,
    method: 'POST',
    path: `${base}/{emdrTargetId}/status-changes`,
    operationId: 'setEmdrTargetStatus',
    summary: 'Set the status of an EMDR target by hand',
    description:
      'The clinician decides, with a reason: every status may follow every other. A session after this moves it on from there; a note of an earlier session that is signed later does not.',
    permission: 'notes:write',
    ifMatch: true,
    body: schemas.EmdrTargetStep,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.setStatus(trx, params.chartId, params.emdrTargetId, version, body)),
  }),
  operation({
    ...oneTarget,
    method: 'GET',
    path: `${base}/{emdrTargetId}/history`,
    operationId: 'listEmdrTargetHistory',
    summary: 'Read the history of an EMDR target',
    description:
      'Every change of its words and every move, oldest first. Nothing of it is ever overwritten: a move that was taken back is followed by the entry that says so.',
    permission: 'notes:read',
    query: schemas.TargetHistoryQuery,
    success: { status: 200, schema: schemas.EmdrTargetHistoryPage, description: 'A page of the history.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listHistory(trx, params.chartId, params.emdrTargetId, query)),
  }),
  operation({
    ...oneTarget,
    method: 'GET',
    path: `${base}/{emdrTargetId}/curve`,
    operationId: 'getEmdrTargetCurve',
    summary: 'Read SUD and VOC over the sessions of an EMDR target',
    description: 'From notes that are final: signed, with no co-signature missing, and not entered in error.',
    permission: 'notes:read',
    success: { status: 200, schema: schemas.EmdrCurve, description: 'The curve.' },
    handler: async (trx, { params }) => ok(await service.getCurve(trx, params.chartId, params.emdrTargetId)),
  }),
]
