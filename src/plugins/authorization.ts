import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { auditDenial } from '../lib/audit-denial.ts'
import { limits } from '../lib/limits.ts'
import { Problem } from '../lib/problems.ts'
import type { Scope } from '../lib/scope.ts'
import type { OperationConfig } from './operations/types.ts'

/**
 * Who may call an operation is decided before its input is looked at: whoever may not learns nothing of it.
 * What they may see of a record is decided at the record's door. The refusal is audited, in a transaction
 * that also looks whether the session still holds.
 */
export default fp(
  async (app: FastifyInstance) => {
    // After the rate limit (a hook of each route's onRequest), because a refusal writes a row.
    app.addHook('preParsing', async request => {
      const { scope } = request
      const operation = request.routeOptions.config.operation
      if (!scope || !operation) return
      const refusal = refusalOf(scope, operation, app.house.clock.now())
      if (!refusal) return
      await auditDenial(app.house.database, scope, refusal)
      throw refusal
    })
  },
  { name: 'authorization', dependencies: ['authentication'] },
)

function refusalOf(
  scope: Scope,
  { permission, hidden, stepUp }: OperationConfig,
  now: Date,
): Problem | undefined {
  // What is for everybody is for everybody who works here: a client's token opens the portal and nothing else.
  const forEverybody = permission === 'public' || (permission === 'any' && scope.actor.kind !== 'client')
  const mayCall = forEverybody || (permission !== 'any' && scope.actor.permissions.has(permission))
  if (!mayCall) return new Problem(hidden ? 'not-found' : 'not-permitted')
  if (stepUp && !isRecent(scope.mfaAt, now)) return new Problem('step-up-required')
  return undefined
}

const isRecent = (at: Date | null, now: Date) =>
  at !== null && now.getTime() - at.getTime() < limits.tokens.stepUpMinutes * 60_000
