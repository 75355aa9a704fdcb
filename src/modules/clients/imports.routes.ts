import { created, done, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './imports.schemas.ts'
import * as service from './imports.service.ts'

const common = { tag: 'Clients', permission: 'clients:import' } as const

export const importRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/client-imports',
    operationId: 'beginClientImport',
    summary: 'Begin an import of clients',
    description:
      'First send all rows in chunks; each is checked and waits. Then commit: all become clients at once, or none. What is not committed within a day is discarded. `npm run import` does this for a CSV file.',
    body: schemas.NewClientImport,
    success: { status: 201, schema: schemas.ClientImport, description: 'The import, empty.' },
    handler: async (trx, { body }) => {
      const begun = await service.beginImport(trx, body.dryRun ?? true)
      return created(`/v1/client-imports/${begun.id}`, begun)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/client-imports/{importId}',
    operationId: 'getClientImport',
    summary: 'Read an import',
    description: 'How many rows wait, and how many were not valid. Only the one who began it sees it.',
    params: schemas.ImportParams,
    success: { status: 200, schema: schemas.ClientImport, description: 'The import.' },
    handler: async (trx, { params }) => ok(await service.getImport(trx, params.importId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/client-imports/{importId}/rows',
    operationId: 'stageClientImportRows',
    summary: 'Send rows of an import',
    description:
      'Up to 1,000 rows at once and 5,000 in all. The answer names every cell that is not valid by row, column and code. Use an Idempotency-Key: a chunk that is sent twice is otherwise told as `repeated-row`.',
    params: schemas.ImportParams,
    body: schemas.ImportRows,
    success: { status: 200, schema: schemas.ImportReport, description: 'What became of them.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => ok(await service.stageRows(trx, params.importId, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/client-imports/{importId}/commit',
    operationId: 'commitClientImport',
    summary: 'Commit an import',
    description:
      'Makes every row a client with an individual chart, in one transaction. Refused when any row had a problem.',
    idempotency: 'required',
    ifMatch: true,
    params: schemas.ImportParams,
    body: schemas.ImportCommit,
    success: { status: 200, schema: schemas.ClientImport, description: 'The import, committed.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.commitImport(trx, params.importId, version, body.rowCount)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/client-imports/{importId}',
    operationId: 'discardClientImport',
    summary: 'Discard an import',
    description: 'Throws away the rows that wait. No client is touched.',
    params: schemas.ImportParams,
    success: { status: 204, description: 'It is gone.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      await service.discardImport(trx, params.importId)
      return done()
    },
  }),
]
