import { writeAudit } from '../../lib/audit.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import type { Scope } from '../../lib/scope.ts'
import type { Permission } from '../charts/access-policy.ts'
import * as repository from './api-clients.repository.ts'
import type { RequestTrace } from './authentication-log.ts'
import {
  type Credentials,
  parseClientId,
  proveAssertion,
  readCredentials,
  secretMatches,
} from './client-credentials.ts'
import type { TokenRequest, TokenResponse } from './oauth.schemas.ts'
import { invalidClient, OAuthError } from './oauth-error.ts'
import type { IdentityTools } from './tools.ts'

/**
 * An access token for an API client (RFC 6749 §4.4).
 *
 * @throws OAuthError
 */
export async function issueToken(
  tools: IdentityTools,
  body: TokenRequest,
  authorization: string | undefined,
  request: RequestTrace,
): Promise<TokenResponse> {
  if (body.grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'Only client_credentials is supported.')
  }
  const credentials = await readCredentials(authorization, body)
  const client = credentials && parseClientId(credentials.clientId)
  if (!credentials || !client) throw invalidClient()
  // The id is believed only once the credential fits; until then the transaction reads this one client.
  const result = await inPractice(tools.database, clientScope(client, request), trx =>
    issueWithin(tools, trx, credentials, body.scope),
  )
  if (result instanceof OAuthError) throw result
  return result
}

async function issueWithin(
  tools: IdentityTools,
  trx: PracticeTransaction,
  credentials: Credentials,
  scope: string | undefined,
): Promise<TokenResponse | OAuthError> {
  const id = trx.scope.actor.id
  const row = await repository.findApiClient(trx, id)
  if (!row) return invalidClient()
  trx.audit({ resourceType: 'api-client', resourceId: id })
  if (!isUsable(row, tools.clock.now()) || !(await isProven(tools, trx, row, credentials))) {
    return refuse(trx, invalidClient())
  }
  const scopes = narrowed(row.scopes as Permission[], scope)
  if (!scopes) return refuse(trx, new OAuthError('invalid_scope', 'The client does not have this scope.'))
  repository.touchApiClient(trx, id)
  writeAudit(trx, { decision: 'granted' })
  return {
    access_token: tools.signAccessToken({
      kind: 'api_client',
      pid: trx.practiceId,
      sub: id,
      scopes,
      cv: row.version,
    }),
    token_type: 'Bearer',
    expires_in: limits.tokens.accessSeconds,
    scope: scopes.join(' '),
  }
}

const isUsable = ({ revoked_at, expires_at }: repository.ApiClientRow, now: Date) =>
  revoked_at === null && (expires_at === null || expires_at.getTime() > now.getTime())

async function isProven(
  tools: IdentityTools,
  trx: PracticeTransaction,
  row: repository.ApiClientRow,
  credentials: Credentials,
): Promise<boolean> {
  if (credentials.kind === 'secret') return secretMatches(row, credentials.secret)
  const proven = await proveAssertion(tools, row, credentials.assertion)
  return proven !== undefined && repository.useAssertion(trx, { clientId: row.id, ...proven })
}

/** The refusal is written down, so it is returned and thrown after the commit. */
function refuse(trx: PracticeTransaction, error: OAuthError): OAuthError {
  writeAudit(trx, { decision: 'denied', outcome: error.code })
  return error
}

/** @returns undefined when more is asked for than there is */
function narrowed(held: readonly Permission[], asked: string | undefined): Permission[] | undefined {
  const wanted = new Set((asked ?? '').split(' ').filter(Boolean))
  if (wanted.size === 0) return [...held]
  const scopes = held.filter(scope => wanted.has(scope))
  return scopes.length === wanted.size ? scopes : undefined
}

function clientScope(client: { practiceId: string; id: string }, request: RequestTrace): Scope {
  return {
    practiceId: client.practiceId,
    actor: {
      kind: 'api_client',
      id: client.id,
      staffId: null,
      representativeId: null,
      roles: [],
      permissions: new Set(),
    },
    sessionId: null,
    mfaAt: null,
    requestId: request.requestId,
    operation: 'createToken',
    purpose: 'operations',
    remoteAddress: request.remoteAddress,
    guard: null,
  }
}
