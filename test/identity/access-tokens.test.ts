import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { updateKeyring } from '../../src/lib/sealing/keyring-file.ts'
import { rotateSigningKey } from '../../src/lib/sealing/keyring-rotation.ts'
import { openHouse } from '../../src/open-house.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

type Json = Record<string, unknown>

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Json

async function statusWith(test: Pick<TestApp, 'app'>, token: string): Promise<number> {
  const { statusCode } = await test.app.inject({
    url: '/v1/practice',
    headers: { authorization: `Bearer ${token}` },
  })
  return statusCode
}

t.test('access tokens', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const [head, body] = owner.token.split('.')
  const [header, claims] = [decode(head), decode(body)]
  const signingKey = test.house.keyring.signingKey().key
  const forge = (changedHeader: Json, changedClaims: Json, key: KeyObject = signingKey) => {
    const text = `${encode({ ...header, ...changedHeader })}.${encode({ ...claims, ...changedClaims })}`
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
  }

  t.test('a token lives ten minutes, names its key, issuer and audience, and is of its own type', async t => {
    t.equal(Number(claims.exp) - Number(claims.iat), 600)
    t.match(header, { alg: 'EdDSA', typ: 'at+jwt', kid: test.house.keyring.signingKey().kid })
    t.match(claims, { aud: 'cairn-api', iss: 'http://127.0.0.1:3000', sub: owner.actorId })
    t.equal(await statusWith(test, owner.token), 200)
    t.equal(await statusWith(test, forge({}, {})), 200, 'the forge below is right but for what it changes')
  })

  t.test('no other algorithm, key or header is believed', async t => {
    const unsigned = (alg: string) => `${encode({ ...header, alg })}.${body}.`
    const publicPem = createPublicKey(signingKey).export({ type: 'spki', format: 'pem' }).toString()
    const hmac = (secret: string) => {
      const text = `${encode({ ...header, alg: 'HS256' })}.${body}`
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    }
    const stranger = generateKeyPairSync('ed25519').privateKey
    const jwk = createPublicKey(stranger).export({ format: 'jwk' })
    const attacks: Record<string, string> = {
      none: unsigned('none'),
      None: unsigned('None'),
      nOnE: unsigned('nOnE'),
      'no signature': `${head}.${body}.`,
      'HS256 with the public key': hmac(publicPem),
      'HS256 with a newline before it': hmac(`\n${publicPem}`),
      'a strange key': forge({}, {}, stranger),
      'an unknown kid': forge({ kid: 'unknown' }, {}),
      'a path as kid': forge({ kid: '../../etc/passwd' }, {}),
      'SQL as kid': forge({ kid: "' or 1=1 --" }, {}),
      'a number as kid': forge({ kid: 5 }, {}),
      'its own jwk': forge({ jwk, kid: 'unknown' }, {}, stranger),
      'a jku': forge({ jku: 'https://attacker.example/jwks.json', kid: 'unknown' }, {}, stranger),
      'an unknown crit': forge({ crit: ['exp2'], exp2: true }, {}),
      'a changed body': `${head}.${encode({ ...claims, roles: ['owner'], pid: owner.staffId })}.${owner.token.split('.')[2]}`,
      '64 KB': forge({}, { padding: 'x'.repeat(48_000) }),
      nothing: '',
    }
    for (const [name, token] of Object.entries(attacks)) t.equal(await statusWith(test, token), 401, name)
  })

  t.test('every claim that a token needs must be right', async t => {
    const now = Math.floor(Date.now() / 1000)
    const wrong: Record<string, string> = {
      'another issuer': forge({}, { iss: 'https://attacker.example' }),
      'another audience': forge({}, { aud: 'other-api' }),
      'another type': forge({ typ: 'JWT' }, {}),
      'no type': forge({ typ: undefined }, {}),
      expired: forge({}, { iat: now - 900, exp: now - 300 }),
      'no expiry': forge({}, { exp: undefined }),
      'not yet valid': forge({}, { nbf: now + 300 }),
      'no practice': forge({}, { pid: undefined }),
      'no kind': forge({}, { kind: undefined }),
      'older roles': forge({}, { rv: 0 }),
      'another session': forge({}, { sid: owner.staffId }),
      'another practice': forge({}, { pid: owner.staffId }),
    }
    for (const [name, token] of Object.entries(wrong)) t.equal(await statusWith(test, token), 401, name)
  })

  t.test('the published keys verify what is signed, and hold nothing private', async t => {
    const { keys } = (await test.app.inject({ url: '/.well-known/jwks.json' })).json()
    const kids = keys.map((key: Json) => key.kid)
    t.ok(kids.includes(header.kid))
    for (const key of keys) t.same(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })
})

t.test('the signing key rotates without a failed request', async t => {
  const test = await createTestApp(t)
  const folder = await mkdtemp(join(tmpdir(), 'cairn-keys-'))
  const file = join(folder, 'keyring.json')
  const keyring = await createLocalKeyring(file, { pollMs: 20 })
  const house = await openHouse({
    ...test.house,
    keyring,
    appUrl: test.appUrl,
    log: pino({ level: 'silent' }),
  })
  const app = await buildApp(house)
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await house.database.pool.end()
    keyring.close()
    await rm(folder, { recursive: true })
  })
  const own = { ...test, app, house }
  const { owner } = await createTestPractice(own)
  const first = keyring.signingKey().kid
  const statuses = new Set<number>()
  const kids = new Set<unknown>()
  let tokens = [owner]
  const call = async () => {
    const fresh = await createTestPractice(own)
    tokens = [...tokens, fresh.owner]
    kids.add(decode(fresh.owner.token.split('.')[0]).kid)
    for (const { token } of tokens) statuses.add(await statusWith(own, token))
  }
  await call()
  await updateKeyring(file, data => rotateSigningKey(data, new Date(), 0))
  await call()
  await updateKeyring(file, data => rotateSigningKey(data, new Date(), 0))
  await keyring.refresh()
  await call()
  t.same([...statuses], [200], 'old and new tokens are good throughout')
  t.equal(kids.size, 2)
  t.not(keyring.signingKey().kid, first)
  const { keys } = (await app.inject({ url: '/.well-known/jwks.json' })).json()
  t.ok(
    keys.some((key: Json) => key.kid === first),
    'the old key is published while its tokens live',
  )
})
