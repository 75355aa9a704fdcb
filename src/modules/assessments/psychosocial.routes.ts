import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ChartParams } from './assignments.schemas.ts'
import * as schemas from './psychosocial.schemas.ts'
import * as service from './psychosocial.service.ts'

const common = { tag: 'Assessments' } as const
const base = '/v1/charts/{chartId}/psychosocial-assessments'
const path = `${base}/{psychosocialId}`
const step = {
  ...common,
  permission: 'assessments:write',
  ifMatch: true,
  params: schemas.PsychosocialParams,
  problems: ['invalid-state'],
} as const
const changed = { status: 200, schema: schemas.Psychosocial, description: 'It as it is now.' } as const

const at = (params: { chartId: string; psychosocialId: string }, version: number) => ({
  chartId: params.chartId,
  id: params.psychosocialId,
  version,
})

export const psychosocialRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listPsychosocialAssessments',
    summary: 'List psychosocial assessments',
    description:
      'Of a person’s own chart, newest first. They are restricted: only the care team comes to know of them.',
    permission: 'assessments:read',
    params: ChartParams,
    query: schemas.PsychosocialQuery,
    success: { status: 200, schema: schemas.PsychosocialPage, description: 'A page of them.' },
    problems: ['invalid-cursor', 'invalid-state'],
    handler: async (trx, { params, query }) => ok(await service.listPsychosocial(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'beginPsychosocialAssessment',
    summary: 'Begin a psychosocial assessment',
    description: 'An intake, a psychosexual assessment or an update; it names the signed one before it.',
    permission: 'assessments:write',
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewPsychosocial,
    success: { status: 201, schema: schemas.Psychosocial, description: 'The draft.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const made = await service.begin(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/psychosocial-assessments/${made.id}`, made)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path,
    operationId: 'getPsychosocialAssessment',
    summary: 'Read a psychosocial assessment',
    description: 'Its sections with their sources, who signed it, and what was added since.',
    permission: 'assessments:read',
    params: schemas.PsychosocialParams,
    success: { status: 200, schema: schemas.Psychosocial, description: 'The psychosocial assessment.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await service.getPsychosocial(trx, params.chartId, params.psychosocialId)),
  }),
  operation({
    ...step,
    method: 'PATCH',
    path: `${path}/sections`,
    operationId: 'savePsychosocialSections',
    summary: 'Save sections of a psychosocial assessment',
    description:
      'Made to be called while somebody writes. When somebody else saved meanwhile the answer is 412 and nothing is overwritten.',
    audit: 'first-of-sitting',
    body: schemas.PsychosocialChange,
    success: { status: 200, schema: schemas.PsychosocialSummary, description: 'They are saved.' },
    handler: async (trx, { params, body, version }) =>
      ok(await service.saveSections(trx, at(params, version), body.sections)),
  }),
  operation({
    ...step,
    method: 'POST',
    path: `${path}/signature`,
    operationId: 'signPsychosocialAssessment',
    summary: 'Sign a psychosocial assessment',
    description:
      'For good: from now on there are addenda only. It needs a presenting problem and a formulation.',
    idempotency: 'required',
    success: changed,
    handler: async (trx, { params, version }) => ok(await service.sign(trx, at(params, version))),
  }),
  operation({
    ...step,
    method: 'POST',
    path: `${path}/addenda`,
    operationId: 'addPsychosocialAddendum',
    summary: 'Add to a signed psychosocial assessment',
    description: 'What was signed stays as it is.',
    idempotency: 'required',
    body: schemas.NewPsychosocialAddendum,
    success: changed,
    handler: async (trx, { params, body, version }) =>
      ok(await service.addAddendum(trx, at(params, version), body.text)),
  }),
]
