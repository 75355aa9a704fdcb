import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AuditDetails, writeAudit, writeAuditOfSitting } from '../../lib/audit.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import { toProblem } from '../problem-details.ts'
import { claimKey, storeAnswer } from './idempotency.ts'
import type { Answer, AnyOperation, OperationConfig } from './operation.ts'
import { sendAnswer } from './send-answer.ts'

interface Run {
  config: OperationConfig
  readsOnly: boolean
  audit: 'each' | 'first-of-sitting'
  success: number
  handler: AnyOperation['handler']
}

/**
 * One request, one transaction: authorize, claim the Idempotency-Key, work, store the answer, audit,
 * commit. A refusal is audited in a transaction of its own, because its work was rolled back.
 */
export async function runOperation(request: FastifyRequest, reply: FastifyReply, run: Run) {
  const scope = request.scope
  if (!scope) throw new Problem('authentication-required')
  let touched: AuditDetails | undefined
  try {
    authorize(scope, run.config, request.server.house.clock.now())
    const key = idempotencyKey(request, run.config)
    const version = run.config.ifMatch ? ifMatchVersion(request) : 0
    const work = async (trx: PracticeTransaction) => {
      touched = trx.auditDetails
      const answer = await perform(trx, request, run, key, version)
      if (run.audit === 'first-of-sitting') writeAuditOfSitting(trx)
      else writeAudit(trx, { decision: 'granted' })
      return answer
    }
    const answer = await inPractice(request.server.house.database, scope, work, { readsOnly: run.readsOnly })
    return sendAnswer(request, reply, answer)
  } catch (error) {
    await auditDenial(request, scope, error, touched)
    throw error
  }
}

async function perform(
  trx: PracticeTransaction,
  request: FastifyRequest,
  run: Run,
  key: string | undefined,
  version: number,
): Promise<Answer<unknown>> {
  if (key !== undefined) {
    const before = await claimKey(trx, request, key, request.server.passDoorAgain)
    if (before) return before
  }
  const input = { params: request.params, query: request.query, body: request.body, version }
  const answer = await run.handler(trx, input as never)
  if (key !== undefined) await storeAnswer(trx, key, answer)
  return answer
}

function authorize(scope: Scope, config: OperationConfig, now: Date): void {
  const { permission } = config
  if (permission !== 'any' && permission !== 'public' && !scope.actor.permissions.has(permission)) {
    throw new Problem('not-permitted')
  }
  if (config.stepUp && !isRecent(scope.mfaAt, now)) throw new Problem('step-up-required')
}

const isRecent = (at: Date | null, now: Date) =>
  at !== null && now.getTime() - at.getTime() < limits.tokens.stepUpMinutes * 60_000

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
  const match = /^"v(\d{1,9})"$/.exec(header)
  if (!match) throw new Problem('stale-version')
  return Number(match[1])
}

async function auditDenial(
  request: FastifyRequest,
  scope: Scope,
  error: unknown,
  touched: AuditDetails | undefined,
) {
  const problem = toProblem(error)
  if (problem.status !== 403 && problem.status !== 404) return
  await inPractice(request.server.house.database, { ...scope, guard: null }, async trx => {
    if (touched) trx.audit(touched)
    writeAudit(trx, { decision: 'denied', outcome: problem.code })
  })
}
