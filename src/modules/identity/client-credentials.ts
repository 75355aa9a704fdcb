import { createPublicKey } from 'node:crypto'
import { limits } from '../../lib/limits.ts'
import { decodeToken, sameSecret } from '../../lib/opaque-tokens.ts'
import type { ApiClientRow } from './api-clients.repository.ts'
import type { PublicKey } from './api-clients.schemas.ts'
import { clientIdOf, secretPrefix } from './api-clients.service.ts'
import { assertionType, type TokenRequest } from './oauth.schemas.ts'
import { OAuthError } from './oauth-error.ts'
import type { IdentityTools } from './tools.ts'

/** How a client says who it is; not believed yet. */
export type Credentials =
  | { kind: 'secret'; clientId: string; secret: string }
  | { kind: 'assertion'; clientId: string; assertion: string }

/**
 * Reads the one way in which the client authenticates. The library of assertions is loaded with the first of them.
 *
 * @returns undefined when it shows nothing that could be right
 * @throws OAuthError `invalid_request` for two ways at once (RFC 6749 §2.3)
 */
export async function readCredentials(
  authorization: string | undefined,
  body: TokenRequest,
): Promise<Credentials | undefined> {
  const ways = [authorization, body.client_secret, body.client_assertion].filter(way => way !== undefined)
  if (ways.length > 1) throw new OAuthError('invalid_request', 'Authenticate in one way only.')
  if (authorization !== undefined) return readBasic(authorization)
  if (body.client_assertion !== undefined) return readAssertion(body, body.client_assertion)
  const { client_id: clientId, client_secret: secret } = body
  return clientId !== undefined && secret !== undefined ? { kind: 'secret', clientId, secret } : undefined
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are put together. */
function readBasic(authorization: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]{1,600})$/i.exec(authorization)?.[1]
  const [id, secret, ...rest] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':')
  if (id === undefined || secret === undefined || rest.length > 0) return undefined
  try {
    return { kind: 'secret', clientId: formDecoded(id), secret: formDecoded(secret) }
  } catch {
    return undefined
  }
}

const formDecoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

async function readAssertion(body: TokenRequest, assertion: string): Promise<Credentials | undefined> {
  if (body.client_assertion_type !== assertionType) {
    throw new OAuthError('invalid_request', `client_assertion_type must be ${assertionType}.`)
  }
  const { decodeJwt } = await import('jose')
  try {
    const { sub } = decodeJwt(assertion)
    if (sub === undefined || (body.client_id ?? sub) !== sub) return undefined
    return { kind: 'assertion', clientId: sub, assertion }
  } catch {
    return undefined
  }
}

const clientIdShape =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Practice and client of a `client_id`. */
export function parseClientId(clientId: string): { practiceId: string; id: string } | undefined {
  const [, practiceId, id] = clientIdShape.exec(clientId) ?? []
  return practiceId === undefined || id === undefined ? undefined : { practiceId, id }
}

export function secretMatches(row: ApiClientRow, secret: string): boolean {
  const decoded = decodeToken(secretPrefix, 0, secret)
  return decoded !== undefined && row.secret_hash !== null && sameSecret(decoded.secretHash, row.secret_hash)
}

/** An assertion that is genuine; that it is used once is the database's to decide. */
export interface ProvenAssertion {
  jti: string
  expiresAt: Date
}

const longestJti = 200

/** @returns undefined unless signed by the client's own key, for us, and short-lived */
export async function proveAssertion(
  tools: Pick<IdentityTools, 'clock' | 'issuer'>,
  row: ApiClientRow,
  assertion: string,
): Promise<ProvenAssertion | undefined> {
  const jwk = row.public_jwk as PublicKey | null
  if (!jwk) return undefined
  const clientId = clientIdOf(row.practice_id, row.id)
  const now = tools.clock.now()
  const { jwtVerify } = await import('jose')
  const { payload } = await jwtVerify(assertion, createPublicKey({ key: jwk, format: 'jwk' }), {
    algorithms: algorithmsOf(jwk),
    issuer: clientId,
    subject: clientId,
    audience: [`${tools.issuer}/oauth/token`, tools.issuer],
    requiredClaims: ['jti', 'exp'],
    clockTolerance: limits.tokens.clockToleranceSeconds,
    currentDate: now,
  }).catch(() => ({ payload: undefined }))
  if (payload?.exp === undefined || typeof payload.jti !== 'string') return undefined
  const { assertionSeconds, clockToleranceSeconds } = limits.tokens
  const latest = now.getTime() / 1000 + assertionSeconds + clockToleranceSeconds
  if (payload.exp > latest || payload.jti === '' || payload.jti.length > longestJti) return undefined
  return { jti: payload.jti, expiresAt: new Date((payload.exp + clockToleranceSeconds) * 1000) }
}

/** The key's kind decides; the assertion's header has no say. */
function algorithmsOf({ kty, alg }: PublicKey): string[] {
  const fitting = { OKP: ['EdDSA', 'Ed25519'], EC: ['ES256'], RSA: ['PS256', 'RS256'] }[kty]
  return alg === undefined ? fitting : fitting.filter(known => known === alg || kty === 'OKP')
}
