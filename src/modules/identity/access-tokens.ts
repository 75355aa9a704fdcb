import type { KeyObject } from 'node:crypto'
import jwt, { type TokenOrHeader } from '@fastify/jwt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { limits } from '../../lib/limits.ts'
import type { LocalKeyring } from '../../lib/sealing/keyring.ts'
import type { Permission, Role } from '../charts/access-policy.ts'

export const audience = 'cairn-api'

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

export type AccessClaims = UserClaims | ApiClientClaims

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessClaims
    user: AccessClaims
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The `iss` of our tokens. */
    tokenIssuer: string
    /** Signs a short-lived access token with the current key. */
    signAccessToken(claims: AccessClaims): string
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
        allowedAud: audience,
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
  },
  { name: 'access-tokens' },
)

const tokenType = 'at+jwt'

/**
 * What verifiers let pass although no token of ours is like it: one from the future, one that lives longer than
 * ours do, one of neither kind. It bounds what somebody can do who got hold of a signing key for a moment.
 */
function isAsWeWrite({ iat, exp, kind }: Record<string, unknown>): boolean {
  const { accessSeconds, clockToleranceSeconds } = limits.tokens
  const [from, until] = [Number(iat), Number(exp)]
  const hasBegun = from <= Date.now() / 1000 + clockToleranceSeconds
  return hasBegun && until - from <= accessSeconds && (kind === 'user' || kind === 'api_client')
}

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
