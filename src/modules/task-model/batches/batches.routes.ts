import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './batches.schemas.ts'
import * as service from './batches.service.ts'

const common = { tag: 'Task programs' } as const
const ofVersion = '/v1/program-templates/{programTemplateId}/versions/{templateNumber}'
const one = '/v1/journey-migration-batches/{journeyBatchId}'

export const batchRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: `${ofVersion}/migration-preview`,
    operationId: 'previewJourneyBatch',
    summary: 'Preview the migration of a version',
    description:
      'Says what would become of each key, how many journeys of the practice would go on by themselves, and which need a person first, of charts that are open to the caller. Nothing is changed.',
    permission: 'library:write',
    readsOnly: true,
    params: schemas.TemplateVersionParams,
    query: schemas.BatchQuery,
    body: schemas.BatchPlan,
    success: { status: 200, schema: schemas.BatchPreview, description: 'What would happen.' },
    problems: ['invalid-state', 'unknown-reference', 'invalid-cursor'],
    handler: async (trx, { params, query, body }) => ok(await service.previewBatch(trx, params, body, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${ofVersion}/migration-batches`,
    operationId: 'startJourneyBatch',
    summary: 'Migrate the journeys of a version',
    description:
      'Lets every journey that follows this version go on under another, in the background and each once. A key that is in neither the mapping nor the other version is left behind where it was not begun; where it was, the journey is left for a person, and listed.',
    permission: 'library:write',
    idempotency: 'required',
    params: schemas.TemplateVersionParams,
    body: schemas.BatchPlan,
    success: { status: 201, schema: schemas.JourneyBatch, description: 'The batch.' },
    problems: ['invalid-state', 'unknown-reference', 'conflict'],
    handler: async (trx, { params, body }) => {
      const batch = await service.startBatch(trx, params, body)
      return created(`/v1/journey-migration-batches/${batch.id}`, batch)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${ofVersion}/migration-batches`,
    operationId: 'listJourneyBatches',
    summary: 'List the batches of a version',
    description: 'With how far each is, newest first.',
    permission: 'library:write',
    params: schemas.TemplateVersionParams,
    query: schemas.BatchQuery,
    success: { status: 200, schema: schemas.BatchPage, description: 'A page of batches.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listBatches(trx, params, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: one,
    operationId: 'getJourneyBatch',
    summary: 'Read how far a batch is',
    description: 'How many journeys wait, went on, and were left for a person, without names.',
    permission: 'library:write',
    params: schemas.BatchParams,
    success: { status: 200, schema: schemas.JourneyBatch, description: 'The batch.' },
    handler: async (trx, { params }) => ok(await service.getBatch(trx, params.journeyBatchId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${one}/journeys`,
    operationId: 'listJourneyBatchMembers',
    summary: 'List the journeys of a batch',
    description:
      'What became of each, of charts that are open to the caller; those that were left, with why.',
    permission: 'programs:read',
    params: schemas.BatchParams,
    query: schemas.BatchJourneyQuery,
    success: { status: 200, schema: schemas.BatchJourneyPage, description: 'A page of journeys.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listBatchJourneys(trx, params.journeyBatchId, query)),
  }),
]
