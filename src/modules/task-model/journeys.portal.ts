import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './journeys.portal.schemas.ts'
import * as service from './journeys.portal.service.ts'

const base = '/v1/portal/journeys'
const common = { tag: 'Portal', permission: 'portal:use' } as const
const changed = {
  status: 200,
  schema: schemas.PortalJourney,
  description: 'The journey as it is now.',
} as const

export const journeyPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnJourneys',
    summary: 'List my journeys',
    description: 'The programs that the clinician has released to the client, oldest first.',
    query: schemas.PortalJourneyQuery,
    success: { status: 200, schema: schemas.PortalJourneyPage, description: 'A page of journeys.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnJourneys(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{journeyId}`,
    operationId: 'getOwnJourney',
    summary: 'Read my journey',
    description: 'What there is to do, how far it is, and what was written when something was given back.',
    params: schemas.PortalJourneyParams,
    success: { status: 200, schema: schemas.PortalJourney, description: 'The journey.' },
    handler: async (trx, { params }) => ok(await service.getOwnJourney(trx, params.journeyId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{journeyId}/tasks/{taskId}/submission`,
    operationId: 'submitOwnTask',
    summary: 'Submit my task',
    description: 'Says that a task in work is done. A clinician looks at it; only a clinician signs off.',
    params: schemas.PortalTaskParams,
    ifMatch: true,
    body: schemas.PortalTaskSubmission,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.submitOwnTask(trx, params, version, body.note ?? null)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{journeyId}/tasks/{taskId}/reopen-request`,
    operationId: 'requestOwnTaskReopening',
    summary: 'Ask to reopen my task',
    description: 'The wish to work on a task again that was signed off. A clinician decides.',
    params: schemas.PortalTaskParams,
    ifMatch: true,
    body: schemas.PortalReopenRequest,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.requestReopening(trx, params, version, body.note ?? null)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{journeyId}/performables/{performableId}/submission`,
    operationId: 'submitOwnPerformable',
    summary: 'Submit my performable',
    description: 'Hands in what was done, with the day and, as it asks for, a note or a number.',
    params: schemas.PortalPerformableParams,
    ifMatch: true,
    body: schemas.PortalPerformableSubmission,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.submitOwnPerformable(trx, params, version, body)),
  }),
]
