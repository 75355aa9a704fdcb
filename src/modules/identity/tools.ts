import type { FastifyInstance } from 'fastify'
import type { House } from '../../lib/house.ts'
import type { AccessClaims } from './access-tokens.ts'

/** What identity works with besides a transaction. */
export interface IdentityTools extends Pick<House, 'database' | 'keyring' | 'clock'> {
  /** Who makes our tokens, and where assertions for us are addressed to. */
  issuer: string
  signAccessToken(claims: AccessClaims): string
}

export function toolsOf(app: FastifyInstance): IdentityTools {
  const { database, keyring, clock } = app.house
  return { database, keyring, clock, issuer: app.tokenIssuer, signAccessToken: app.signAccessToken }
}
