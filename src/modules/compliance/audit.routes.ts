import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './audit.schemas.ts'
import { listAudit } from './audit.service.ts'

export const auditRoutes = [
  operation({
    method: 'GET',
    path: '/v1/audit',
    operationId: 'listAudit',
    tag: 'Compliance',
    summary: 'Read the audit trail',
    description:
      'Who did or was refused what, newest first: ids and field names, never values. Reading it is itself an entry. A page may be short, or empty, and still have a next one: follow `nextCursor` until it is null. `npm run audit -- verify` proves that nothing was changed afterwards.',
    permission: 'audit:read',
    query: schemas.AuditQuery,
    success: { status: 200, schema: schemas.AuditPage, description: 'A page of entries.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await listAudit(trx, query)),
  }),
]
