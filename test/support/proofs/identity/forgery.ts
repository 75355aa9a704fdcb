import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto'

type Json = Record<string, unknown>

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export const decodePart = (part: string | undefined): Json =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString())

/** Writes tokens like a good one, but for what is changed. */
export interface Forge {
  head: string
  body: string
  signature: string
  header: Json
  claims: Json
  /** Undefined leaves a member out. Signed with the service's own key unless another one is given. */
  (header: Json, claims: Json, key?: KeyObject): string
}

export function createForge(token: string, signingKey: KeyObject): Forge {
  const [head = '', body = '', signature = ''] = token.split('.')
  const [header, claims] = [decodePart(head), decodePart(body)]
  const forge = (changedHeader: Json, changedClaims: Json, key: KeyObject = signingKey) => {
    const text = `${encode({ ...header, ...changedHeader })}.${encode({ ...claims, ...changedClaims })}`
    const algorithm = key.asymmetricKeyType?.startsWith('ed') ? null : 'sha256'
    return `${text}.${sign(algorithm, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  return Object.assign(forge, { head, body, signature, header, claims })
}

/** What an attacker tries who has no key of ours but has seen a token and the published keys. */
export function forgeries(forge: Forge, signingKey: KeyObject, otherToken: string): Record<string, string> {
  const { head, body, signature, header, claims } = forge
  const unsigned = (alg: unknown) => `${encode({ ...header, alg })}.${body}.`
  const publicKey = createPublicKey(signingKey)
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const jwk = publicKey.export({ format: 'jwk' })
  const hmac = (secret: string | Buffer, alg = 'HS256', more: Json = {}) => {
    const text = `${encode({ ...header, ...more, alg })}.${body}`
    return `${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`
  }
  const stranger = generateKeyPairSync('ed25519').privateKey
  const strange = createPublicKey(stranger).export({ format: 'jwk' })
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const own = { sub: claims.sid ?? claims.sub, roles: ['owner'] }
  return {
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg nOnE': unsigned('nOnE'),
    'alg NONE with a signature': `${unsigned('NONE')}${signature}`,
    'alg empty': unsigned(''),
    'alg missing': unsigned(undefined),
    'alg a list': unsigned(['none', 'EdDSA']),
    'alg null': unsigned(null),
    'signature empty': `${head}.${body}.`,
    'signature missing': `${head}.${body}`,
    'signature of zeros': `${head}.${body}.${encode('\0'.repeat(64))}`,
    'signature of another token': `${head}.${body}.${otherToken.split('.')[2]}`,
    'signature cut': `${head}.${body}.${signature.slice(0, -4)}`,
    'signature twice': `${head}.${body}.${signature}.${signature}`,
    'HS256 with the public key as PEM': hmac(pem),
    'HS256 with a newline before it': hmac(`\n${pem}`),
    'HS256 with the PEM without its last newline': hmac(pem.trim()),
    'HS256 with the public key as DER': hmac(der),
    'HS256 with the public key as JWK': hmac(JSON.stringify(jwk)),
    'HS256 with the raw public key': hmac(Buffer.from(String(jwk.x), 'base64url')),
    'HS256 with nothing': hmac(''),
    'HS384 with the public key as PEM': hmac(pem, 'HS384'),
    'HS512 with the public key as PEM': hmac(pem, 'HS512'),
    'HS256 with a kid of /dev/null': hmac('', 'HS256', { kid: '/dev/null' }),
    'a strange key under our kid': forge({}, {}, stranger),
    'a strange key under its own kid': forge({ kid: 'stranger' }, {}, stranger),
    'a kid that is a path': forge({ kid: '../../../../etc/passwd' }, {}, stranger),
    'a kid that is SQL': forge({ kid: "x' union select 'key' --" }, {}, stranger),
    'a kid that is a number': forge({ kid: 5 }, {}, stranger),
    'a kid that is an object': forge({ kid: { toString: 'x' } }, {}, stranger),
    'a kid that is __proto__': forge({ kid: '__proto__' }, {}, stranger),
    'a kid that is missing': forge({ kid: undefined }, {}, stranger),
    'its own jwk': forge({ jwk: strange, kid: undefined }, {}, stranger),
    'its own jwk under our kid': forge({ jwk: strange }, {}, stranger),
    'its own jku': forge({ jku: 'https://attacker.example/jwks.json' }, {}, stranger),
    'its own x5u': forge({ x5u: 'https://attacker.example/chain.pem' }, {}, stranger),
    'its own x5c': forge({ x5c: [encode('not a certificate')] }, {}, stranger),
    'another curve under EdDSA': forge({}, {}, generateKeyPairSync('ed448').privateKey),
    'ES256 of its own': forge({ alg: 'ES256' }, {}, p256),
    'an EC signature under EdDSA': forge({}, {}, p256),
    'RS256 of its own': forge({ alg: 'RS256' }, {}, rsa),
    'an RSA signature under EdDSA': forge({}, {}, rsa),
    'a changed body': `${head}.${encode({ ...claims, ...own })}.${signature}`,
    'a changed header': `${encode({ ...header, typ: 'JWT' })}.${body}.${signature}`,
    'claims given twice': `${head}.${encode(`${JSON.stringify(claims).slice(0, -1)},"roles":["owner"]}`)}.${signature}`,
    'alg given twice': `${encode(`{"alg":"none",${JSON.stringify(header).slice(1)}`)}.${body}.${signature}`,
    '64 KB': `${head}.${encode({ ...claims, padding: 'x'.repeat(48_000) })}.${signature}`,
    'a JWE': `${encode({ ...header, alg: 'dir', enc: 'A256GCM' })}..${encode('iv')}.${encode('text')}.${encode('tag')}`,
    'no JSON inside': `${encode('nonsense')}.${encode('nonsense')}.${signature}`,
    'null inside': `${encode('null')}.${encode('null')}.${signature}`,
    'an RSA-encrypted nothing': `${head}.${body}.${privateEncrypt({ key: rsa, padding: constants.RSA_PKCS1_PADDING }, Buffer.from('x')).toString('base64url')}`,
    'only dots': '..',
    'a word': 'nonsense',
  }
}

/** Tokens that our key did sign, which are not good here, now, or for this. */
export function misuses(forge: Forge): Record<string, string> {
  const now = Math.floor(Date.now() / 1000)
  const without = (claim: string) => forge({}, { [claim]: undefined })
  return {
    'another issuer': forge({}, { iss: 'https://attacker.example' }),
    'an issuer that begins like ours': forge({}, { iss: `${forge.claims.iss}.attacker.example` }),
    'another audience': forge({}, { aud: 'other-api' }),
    'another type': forge({ typ: 'JWT' }, {}),
    'the type of a logout token': forge({ typ: 'logout+jwt' }, {}),
    'no type': forge({ typ: undefined }, {}),
    'an unknown crit': forge({ crit: ['exp2'], exp2: true }, {}),
    'an empty crit': forge({ crit: [] }, {}),
    expired: forge({}, { iat: now - 900, exp: now - 90 }),
    'expired long ago': forge({}, { iat: 1, exp: 2 }),
    'an expiry that is text': forge({}, { exp: String(now + 600) }),
    'not yet valid': forge({}, { nbf: now + 300 }),
    'issued in the future': forge({}, { iat: now + 900, exp: now + 1_500 }),
    'a life of a day': forge({}, { exp: now + 86_400 }),
    ...Object.fromEntries(
      ['iss', 'aud', 'exp', 'iat', 'sub', 'pid', 'kind'].map(claim => [`no ${claim}`, without(claim)]),
    ),
    'a kind there is not': forge({}, { kind: 'admin' }),
  }
}
