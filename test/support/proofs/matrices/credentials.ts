import { randomUUID } from 'node:crypto'
import type { Caller } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'

/** The claims of somebody's access token. */
const claimsOf = ({ token }: Caller) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

/** The same token, validly signed, with other claims: what a mistake in issuing one would give. */
export function withClaims(test: TestApp, caller: Caller, changed: Record<string, unknown>): string {
  const { iat: _, exp: __, iss: ___, aud: ____, ...claims } = claimsOf(caller)
  const wanted = { ...claims, ...changed }
  return claims.kind === 'client'
    ? test.app.signPortalToken(wanted as never, 600)
    : test.app.signAccessToken(wanted as never)
}

/** Which ids a token of this person or API client names. */
export const idClaimsOf = (caller: Caller) =>
  Object.entries(claimsOf(caller)).filter(([name, value]) => name !== 'pid' && isUuid(value)) as [
    string,
    string,
  ][]

const isUuid = (value: unknown) => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)

/** An opaque token whose first id, the practice, is another one. */
export function ofPractice(token: string, practiceId: string = randomUUID()): string {
  const at = token.indexOf('_', token.indexOf('_') + 1) + 1
  const rest = Buffer.from(token.slice(at), 'base64url').subarray(16)
  const id = Buffer.from(practiceId.replaceAll('-', ''), 'hex')
  return `${token.slice(0, at)}${Buffer.concat([id, rest]).toString('base64url')}`
}
