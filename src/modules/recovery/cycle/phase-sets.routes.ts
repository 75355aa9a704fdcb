import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import * as schemas from './phase-sets.schemas.ts'
import * as service from './phase-sets.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/cycle-phase-sets'

export const phaseSetRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCyclePhaseSets',
    summary: 'List versions of the practice’s phases of the cycle',
    description: 'Every version, newest first. They hold nobody’s data.',
    permission: 'library:read',
    query: schemas.PhaseSetQuery,
    success: { status: 200, schema: schemas.PhaseSetPage, description: 'A page of versions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listPhaseSets(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'writeCyclePhaseSet',
    summary: 'Write the next version of the practice’s phases',
    description: 'What charts begin with from now on. Charts keep the phases they have.',
    permission: 'practice:write',
    idempotency: 'required',
    body: schemas.NewCyclePhaseSet,
    success: { status: 201, schema: schemas.CyclePhaseSet, description: 'The version.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) => created(base, await service.writePhaseSet(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/cycle-phase-starts',
    operationId: 'startCyclePhases',
    summary: 'Begin with the practice’s phases',
    description:
      'Gives a chart that has no phase in use those of the newest version, as its own: they can be changed, retired and added to.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ChartParams,
    success: { status: 201, schema: schemas.StartedPhases, description: 'The phases that were made.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params }) =>
      created(`/v1/charts/${params.chartId}/cycle-phases`, await service.startPhases(trx, params.chartId)),
  }),
]
