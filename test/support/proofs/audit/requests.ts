import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { documentOf, rawOperationsOf } from '../../api-document.ts'
import type { Caller, Reply } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'
import { documentsHeader, type Request } from '../../world/requests.ts'

/** A request that was answered, and who had asked. */
export interface Answered {
  /** What was tried, for people. */
  name: string
  request: Request
  by: Caller | null
  reply: Reply
  requestId: string
}

/** A row of the log, as far as completeness is about it. */
export interface AuditRow {
  practice_id: string
  request_id: string
  actor_id: string
  operation: string
  decision: 'granted' | 'denied'
  outcome: string | null
  resource_type: string | null
  resource_id: string | null
  chart_id: string | null
  client_ids: string[]
  fields: string[]
}

/** Everything the log tells of these requests, by request. */
export async function rowsOf(test: TestApp, answered: readonly Answered[]): Promise<Map<string, AuditRow[]>> {
  const ids = answered.map(({ requestId }) => requestId)
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<AuditRow>('select * from cairn.audit_log where request_id = any($1)', [ids]),
  )
  return Map.groupBy(rows, row => row.request_id)
}

/** Request ids that are in the log of sign-ins, which belongs to no practice. */
export async function signInsOf(test: TestApp, answered: readonly Answered[]): Promise<ReadonlySet<string>> {
  const ids = answered.map(({ requestId }) => requestId)
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ id: string }>(
      'select distinct request_id as id from cairn.authentication_log where request_id = any($1)',
      [ids],
    ),
  )
  return new Set(rows.map(row => row.id))
}

/** The id of the request that was answered last: an answer that is no refusal does not tell its own. */
export async function lastRequestId({ logLines }: TestApp): Promise<string> {
  await setImmediate()
  const line = logLines.findLast(one => one.includes('"msg":"request"'))
  const { reqId } = JSON.parse(line ?? '{}') as { reqId?: string }
  if (!reqId) throw new Error('The log has no line of a request')
  return reqId
}

/** The operations that want a second factor proven just now. */
export function steppingUp({ app }: TestApp): ReadonlySet<string> {
  const operations = rawOperationsOf(documentOf(app)).map(({ operation }) => operation)
  const wants = operations.filter(({ responses }) =>
    JSON.stringify((responses as Record<string, unknown>)['403'] ?? '').includes('`step-up-required`'),
  )
  return new Set(wants.map(({ operationId }) => String(operationId)))
}

/** The same about records that nobody has. */
export const aboutNothing = (request: Request): Request => ({
  ...request,
  params: Object.fromEntries(
    Object.entries(request.params).map(([name, value]) => [name, value.length === 36 ? uuidv7() : value]),
  ),
})

/** The same from a version that never was. */
export const stale = (request: Request): Request => ({
  ...request,
  headers: { ...request.headers, 'if-match': '"v987654321"' },
})

/** The same once more, from the version that the answer has. */
export function goingOn(request: Request, { body }: Reply): Request | undefined {
  if (!documentsHeader(request.operation, 'if-match') || typeof body?.version !== 'number') return undefined
  return { ...request, headers: { ...request.headers, 'if-match': `"v${body.version}"` } }
}

/** Takes away the right to add to the log while the work is done: in this database only. */
export async function withoutLog(test: TestApp, work: () => Promise<void>): Promise<void> {
  const change = (sql: string) => asAdmin(test.adminUrl, admin => admin.query(sql))
  await change('revoke insert on cairn.audit_log from cairn_app')
  try {
    await work()
  } finally {
    await change('grant insert on cairn.audit_log to cairn_app')
  }
}
