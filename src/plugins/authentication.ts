import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problems.ts'
import type { Purpose, Scope } from '../lib/scope.ts'
import { type Permission, permissionsOf, type Role } from '../modules/charts/access-policy.ts'
import type {
  ApiClientClaims,
  PortalClaims,
  TokenClaims,
  UserClaims,
} from '../modules/identity/access-tokens.ts'
import { apiClientGuard, portalGuard, sessionGuard } from '../modules/identity/guards.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, from the verified token alone; null on public routes. */
    scope: Scope | null
  }
}

/** Every route that is an operation and not public needs a token. The scope says who; the operation decides what. */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('scope', null)
    app.addHook('onRequest', async request => {
      const operation = request.routeOptions.config.operation
      if (!operation || operation.permission === 'public') return
      request.scope = scopeOf(await verify(request), request, operation.operationId)
    })
  },
  { name: 'authentication', dependencies: ['access-tokens'] },
)

async function verify(request: FastifyRequest): Promise<TokenClaims> {
  const header = request.headers.authorization
  if (!header || header.length > 4_096) throw new Problem('authentication-required')
  try {
    return await request.jwtVerify<TokenClaims>()
  } catch (cause) {
    throw new Problem('authentication-required', { cause })
  }
}

function scopeOf(claims: TokenClaims, request: FastifyRequest, operation: string): Scope {
  const common = { practiceId: claims.pid, requestId: request.id, operation, remoteAddress: request.ip }
  if (claims.kind === 'user') return { ...common, ...userScope(claims) }
  if (claims.kind === 'client') return { ...common, ...portalScope(claims) }
  return { ...common, ...apiClientScope(claims) }
}

const userScope = (claims: UserClaims) => ({
  actor: {
    kind: 'user' as const,
    id: claims.sub,
    staffId: claims.staff,
    representativeId: null,
    roles: claims.roles,
    permissions: permissionsOf(claims.roles),
  },
  sessionId: claims.sid,
  mfaAt: claims.mfa === undefined ? null : new Date(claims.mfa * 1000),
  purpose: purposeOf(claims.roles),
  guard: sessionGuard(claims),
})

const apiClientScope = (claims: ApiClientClaims) => ({
  actor: {
    kind: 'api_client' as const,
    id: claims.sub,
    staffId: null,
    representativeId: null,
    roles: [],
    permissions: new Set(claims.scopes),
  },
  sessionId: null,
  mfaAt: null,
  purpose: 'operations' as const,
  guard: apiClientGuard(claims),
})

const portalScope = (claims: PortalClaims) => ({
  actor: {
    kind: 'client' as const,
    id: claims.sub,
    staffId: null,
    representativeId: claims.rep ?? null,
    roles: [],
    permissions: portalPermissions,
  },
  sessionId: claims.sid,
  mfaAt: null,
  purpose: 'treatment' as const,
  guard: portalGuard(claims),
})

const portalPermissions: ReadonlySet<Permission> = new Set(['portal:use'])

function purposeOf(roles: readonly Role[]): Purpose {
  if (roles.includes('clinician') || roles.includes('supervisor')) return 'treatment'
  return roles.includes('biller') ? 'payment' : 'operations'
}
