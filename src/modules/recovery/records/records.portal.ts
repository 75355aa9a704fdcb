import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './records.schemas.ts'
import { pageOf, takeStep } from './records.service.ts'
import { openOwn } from './sight.ts'
import { writeRecord } from './writing.service.ts'

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
      'A contact, a meeting, an honesty check-in, a rating of oneself, work on a step, an entry of the cycle, an intimacy practice or an entry toward a goal, of today or earlier. Text that looks like an address is refused. A correction names the own entry it takes the place of.',
    idempotency: 'required',
    body: schemas.NewPortalRecoveryRecord,
    success: { status: 201, schema: schemas.PortalRecoveryRecord, description: 'The record.' },
    problems: ['invalid-state', 'unknown-reference', 'stale-version'],
    handler: async (trx, { body }) =>
      created('/v1/portal/recovery-records', await writeRecord(trx, await openOwn(trx), body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${common.path}/{recordId}/status-changes`,
    operationId: 'stepOwnRecoveryRecord',
    summary: 'Take an own recovery record a step further',
    description:
      'What was given to read was opened or completed, work on a step is done or shared: `clientNext` of the catalog of kinds says which statuses a client may enter. What it led to stays with the clinician.',
    ifMatch: true,
    params: schemas.OwnRecordParams,
    body: schemas.OwnRecordStep,
    success: { status: 200, schema: schemas.PortalRecoveryRecord, description: 'The record as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await takeStep(trx, await openOwn(trx), params.recordId, version, body)),
  }),
]
