import type { KeyObject } from 'node:crypto'
import jwt, { type TokenOrHeader } from '@fastify/jwt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { limits } from '../../lib/limits.ts'
import type { LocalKeyring } from '../../lib/sealing/keyring.ts'
import type { Permission, Role } from '../charts/access-policy.ts'

export const audience = 'cairn-api'
export const portalAudience = 'cairn-portal'

interface CommonClaims {
  /** The practice. */
  pid: string
  sub: string
}

/** A person's access token. `rv` is the version of its roles: a change ends the token on its next use. */
export interface UserClaims extends CommonClaims {
  kind: 'user'
  sid: string
  staff: string
  roles: Role[]
  rv: number
  /** Seconds since the epoch at which a second factor was proven. */
  mfa?: number
}

/** An API client's access token. `cv` is the client's version: a change ends it. */
export interface ApiClientClaims extends CommonClaims {
  kind: 'api_client'
  scopes: Permission[]
  cv: number
}

/**
 * A client's portal token: another audience than staff's, so that whoever checks one takes it for nothing else. `cv` is
 * the version of the front-end that got it.
 */
export interface PortalClaims extends CommonClaims {
  kind: 'client'
  /** The portal session. */
  sid: string
  /** The related person who uses it in the client's name. */
  rep?: string
  cv: number
}

export type AccessClaims = UserClaims | ApiClientClaims
export type TokenClaims = AccessClaims | PortalClaims

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: TokenClaims
    user: TokenClaims
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The `iss` of our tokens. */
    tokenIssuer: string
    /** Signs a short-lived access token with the current key. */
    signAccessToken(claims: AccessClaims): string
    /** Signs a portal token that ends after so many seconds. */
    signPortalToken(claims: PortalClaims, seconds: number): string
  }
}

/**
 * Access tokens: EdDSA only, our issuer and audience only, the `at+jwt` type, keys looked up by `kid` in
 * our own keyring: nothing in a token's header can name a key or an algorithm of its own.
 */
export default fp(
  async (app: FastifyInstance, { keyring, issuer }: { keyring: LocalKeyring; issuer: string }) => {
    const pem = createPemCache()
    const findKey = async (_request: FastifyRequest, token: TokenOrHeader) => {
      const { kid } = 'header' in token ? token.header : token
      const key = typeof kid === 'string' ? await keyring.verificationKey(kid) : undefined
      if (!key) throw new Error('The token names a key that is not ours')
      return pem(key)
    }
    await app.register(jwt, {
      secret: { private: pem(keyring.signingKey().key), public: findKey },
      sign: { algorithm: 'EdDSA', iss: issuer, aud: audience, expiresIn: limits.tokens.accessSeconds },
      // The key is looked up by the header, so the finder needs the whole token.
      decode: { complete: true },
      verify: {
        algorithms: ['EdDSA'],
        allowedIss: issuer,
        allowedAud: [audience, portalAudience],
        checkTyp: tokenType,
        requiredClaims: ['iss', 'aud', 'exp', 'iat', 'sub', 'pid', 'kind'],
        clockTolerance: limits.tokens.clockToleranceSeconds * 1000,
        // The library's own, by the token's hash: checking a signature costs as much as the rest of a short request.
        // Whether the key is still ours (`findKey`), expiry and what we trust are looked at each time all the same.
        cache: limits.tokens.verifiedInMemory,
        // It would remember refusals for as long as the tolerance: one of a clock that was wrong should end with it.
        errorCacheTTL: () => -limits.tokens.clockToleranceSeconds * 1000 - 1,
      },
      trusted: (_request, claims) => isAsWeWrite(claims),
    })
    app.decorate('tokenIssuer', issuer)
    app.decorate('signAccessToken', (claims: AccessClaims) => {
      const { kid, key } = keyring.signingKey()
      return app.jwt.sign(claims, { key: pem(key), kid, header: { alg: 'EdDSA', typ: tokenType } })
    })
    app.decorate('signPortalToken', (claims: PortalClaims, expiresIn: number) => {
      const { kid, key } = keyring.signingKey()
      const header = { alg: 'EdDSA', typ: tokenType }
      return app.jwt.sign(claims, { key: pem(key), kid, header, aud: portalAudience, expiresIn })
    })
  },
  { name: 'access-tokens' },
)

const tokenType = 'at+jwt'

/**
 * What verifiers let pass although no token of ours is like it: one from the future, one that lives longer than
 * ours do, one of no kind or for an audience that is not its kind's. It bounds what somebody can do who got hold of a
 * signing key for a moment.
 */
function isAsWeWrite({ iat, exp, aud, kind }: Record<string, unknown>): boolean {
  const ours = kinds.get(kind)
  if (!ours || aud !== ours.audience) return false
  const [from, until] = [Number(iat), Number(exp)]
  return from <= Date.now() / 1000 + limits.tokens.clockToleranceSeconds && until - from <= ours.seconds
}

const staffToken = { audience, seconds: limits.tokens.accessSeconds }
const kinds: ReadonlyMap<unknown, { audience: string; seconds: number }> = new Map([
  ['user', staffToken],
  ['api_client', staffToken],
  ['client', { audience: portalAudience, seconds: limits.tokens.portalMinutes * 60 }],
])

/** The JWT library takes PEM; exporting a key for each token would cost more than signing it. */
function createPemCache(): (key: KeyObject) => string {
  const exported = new WeakMap<KeyObject, string>()
  return key => {
    const known = exported.get(key)
    if (known) return known
    const type = key.type === 'private' ? 'pkcs8' : 'spki'
    const text = key.export({ type, format: 'pem' }).toString()
    exported.set(key, text)
    return text
  }
}
