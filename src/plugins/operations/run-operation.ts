import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeAudit, writeAuditOfSitting } from '../../lib/audit.ts'
import { auditDenial } from '../../lib/audit-denial.ts'
import type { AuditDetails } from '../../lib/audit-details.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import { toProblem } from '../problem-details.ts'
import { claimKey, storeAnswer } from './idempotency.ts'
import { Pause } from './pause.ts'
import { sendAnswer, versionInEtag } from './send-answer.ts'
import type { Answer, AnyOperation, OperationConfig } from './types.ts'

interface Run {
  config: OperationConfig
  readsOnly: boolean
  secondConnection: boolean
  audit: 'each' | 'first-of-sitting'
  success: number
  handler: AnyOperation['handler']
}

/**
 * One request, one transaction: claim the Idempotency-Key, work, store the answer, audit,
 * commit. A refusal is audited in a transaction of its own, because its work was rolled back.
 */
export async function runOperation(request: FastifyRequest, reply: FastifyReply, run: Run) {
  const scope = request.scope
  if (!scope) throw new Problem('authentication-required')
  let touched: AuditDetails | undefined
  try {
    const key = idempotencyKey(request, run.config)
    const version = run.config.ifMatch ? ifMatchVersion(request) : 0
    const answer = await untilAnswered(reply, waitedMs => {
      const work = async (trx: PracticeTransaction) => {
        touched = trx.auditDetails
        const answer = await perform(trx, request, run, { key, version, waitedMs })
        if (answer instanceof Pause) return answer
        auditGranted(trx, run)
        return { ...answer, headers: { ...trx.answerHeaders, ...answer.headers } }
      }
      const { readsOnly, secondConnection } = run
      return inPractice(request.server.house.database, scope, work, { readsOnly, secondConnection })
    })
    return sendAnswer(reply, answer)
  } catch (error) {
    const problem = toProblem(error)
    if (isDenial(problem)) {
      await auditDenial(request.server.house.database, { ...scope, guard: null }, problem, touched)
    }
    throw error
  }
}

/**
 * Refused access; a wrong password or code of somebody who is signed in is one too. So are conflicts: what is refused
 * because of a record that is there tells of it.
 */
const isDenial = ({ status, code }: Problem) => deniedStatuses.has(status) || code === 'sign-in-failed'
const deniedStatuses: ReadonlySet<number> = new Set([403, 404, 409, 412, 422])

function auditGranted(trx: PracticeTransaction, run: Run): void {
  if (run.audit === 'first-of-sitting') writeAuditOfSitting(trx)
  else writeAudit(trx, { decision: 'granted' })
}

/** Repeats the attempt after each pause, in a transaction of its own, until it answers. */
async function untilAnswered(
  reply: FastifyReply,
  attempt: (waitedMs: number) => Promise<Answer<unknown> | Pause>,
): Promise<Answer<unknown>> {
  const startedAt = performance.now()
  let result = await attempt(0)
  if (!(result instanceof Pause)) return result
  const gone = new AbortController()
  const leave = () => gone.abort()
  reply.raw.once('close', leave)
  try {
    while (result instanceof Pause) {
      const mayPause = await result.until(gone.signal)
      result = await attempt(mayPause ? performance.now() - startedAt : Infinity)
    }
    return result
  } finally {
    reply.raw.off('close', leave)
  }
}

async function perform(
  trx: PracticeTransaction,
  request: FastifyRequest,
  run: Run,
  { key, version, waitedMs }: { key: string | undefined; version: number; waitedMs: number },
): Promise<Answer<unknown> | Pause> {
  if (key !== undefined) {
    const before = await claimKey(trx, request, key, request.server.passDoorAgain)
    if (before) return before
  }
  const input = { params: request.params, query: request.query, body: request.body, version, waitedMs }
  const answer = await run.handler(trx, input as never)
  if (key !== undefined && !(answer instanceof Pause)) await storeAnswer(trx, key, answer)
  return answer
}

function idempotencyKey(request: FastifyRequest, config: OperationConfig): string | undefined {
  if (config.idempotency === 'none') return undefined
  const key = request.headers['idempotency-key']
  if (typeof key === 'string') return key
  if (config.idempotency === 'required') throw new Problem('idempotency-key-required')
  return undefined
}

/** A version we never gave (or a weak or foreign tag) cannot be current: it is stale, not malformed. */
function ifMatchVersion(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (header === undefined) throw new Problem('precondition-required')
  const version = versionInEtag(header)
  if (version === undefined) throw new Problem('stale-version')
  return version
}
