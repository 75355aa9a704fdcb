import { created, done, ok, operation } from '../../plugins/operations/index.ts'
import { JourneyParams } from './journeys.schemas.ts'
import * as schemas from './stages.schemas.ts'
import * as service from './stages.service.ts'

const base = '/v1/charts/{chartId}/journeys/{journeyId}/stages'
const common = { tag: 'Task programs' } as const

export const stageRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'enterJourneyStage',
    summary: 'Enter a stage',
    description:
      'Says that a stage of the model began, on a day that may be long past. Stages overlap, and come again.',
    permission: 'programs:write',
    params: JourneyParams,
    body: schemas.NewStage,
    success: { status: 201, schema: schemas.JourneyStage, description: 'The stage.' },
    problems: ['already-exists', 'invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const stage = await service.enterStage(trx, params, body)
      return created(`/v1/charts/${params.chartId}/journeys/${params.journeyId}`, stage)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{stageId}/departure`,
    operationId: 'leaveJourneyStage',
    summary: 'Leave a stage',
    description: 'Says that a stage ended.',
    permission: 'programs:write',
    ifMatch: true,
    params: schemas.StageParams,
    body: schemas.StageDeparture,
    success: { status: 200, schema: schemas.JourneyStage, description: 'The stage as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.leaveStage(trx, params, version, body.leftOn)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{stageId}/withdrawal`,
    operationId: 'withdrawJourneyStage',
    summary: 'Withdraw a stage',
    description: 'Takes back what was recorded in error. It stays in the history of the journey.',
    permission: 'programs:write',
    ifMatch: true,
    params: schemas.StageParams,
    success: { status: 204, description: 'It does not count any more.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => {
      await service.withdrawStage(trx, params, version)
      return done()
    },
  }),
]
