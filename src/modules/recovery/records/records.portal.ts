import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './records.schemas.ts'
import { pageOf, writeRecord } from './records.service.ts'
import { openOwn } from './sight.ts'

const common = { tag: 'Portal', permission: 'portal:use', path: '/v1/portal/recovery-records' } as const

/** What a client sees and writes of their own recovery work. */
export const recordPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    operationId: 'listOwnRecoveryRecords',
    summary: 'List own recovery records',
    description: 'What was released to the client and what they wrote themselves, of the latest days first.',
    query: schemas.PortalRecordQuery,
    success: { status: 200, schema: schemas.PortalRecordPage, description: 'A page of records.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await pageOf(trx, await openOwn(trx), query)),
  }),
  operation({
    ...common,
    method: 'POST',
    operationId: 'writeOwnRecoveryRecord',
    summary: 'Write an own recovery record',
    description:
      'A contact, a meeting, an honesty check-in, an entry of the cycle, an intimacy practice or an entry toward a goal, of today or earlier. Text that looks like an address is refused. A correction names the own entry it takes the place of.',
    idempotency: 'required',
    body: schemas.NewPortalRecoveryRecord,
    success: { status: 201, schema: schemas.PortalRecoveryRecord, description: 'The record.' },
    problems: ['invalid-state', 'unknown-reference', 'stale-version'],
    handler: async (trx, { body }) =>
      created('/v1/portal/recovery-records', await writeRecord(trx, await openOwn(trx), body)),
  }),
]
