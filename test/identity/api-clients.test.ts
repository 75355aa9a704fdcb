import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import t from 'tap'
import { createCairnClient } from '../../openapi/client/index.ts'
import { type Caller, callerOf, createTestPractice, type Reply, toReply } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const scopes = ['clients:read', 'events:read', 'practice:read']
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

async function token(
  test: TestApp,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return toReply(
    await test.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    }),
  )
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})

t.test('API clients', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const owner = await practice.staff(['owner'], { mfa: true })
  const create = async (more: object = {}) =>
    (await owner.post('/v1/api-clients', { name: 'Test (fictional)', scopes, ...more })).body
  const asClient = (reply: Reply): Caller => callerOf(test, reply.body.access_token, '', '')
  const withSecret = (
    client: { clientId: string; clientSecret: string },
    form: Record<string, string> = {},
  ) => token(test, { client_id: client.clientId, client_secret: client.clientSecret, ...form })

  t.test('the secret is shown once; with it the client gets a token and knows itself', async t => {
    const client = await create()
    t.match(client.clientSecret, /^cairn_cs_/)
    t.notOk('clientSecret' in (await owner.get(`/v1/api-clients/${client.id}`)).body)
    const inHeader = await token(test, {}, basic(client.clientId, client.clientSecret))
    const inBody = await withSecret(client)
    for (const reply of [inHeader, inBody]) {
      t.equal(reply.status, 200)
      t.match(reply.body, { token_type: 'Bearer', expires_in: 600, scope: scopes.join(' ') })
      t.equal(reply.headers['cache-control'], 'no-store')
    }
    const me = await asClient(inBody).get('/v1/me')
    t.match(me.body, { kind: 'api_client', user: null, apiClient: { id: client.id }, permissions: scopes })
    t.equal((await asClient(inBody).get('/v1/practice')).status, 200)
    t.equal((await asClient(inBody).get('/v1/staff-members')).body.code, 'not-permitted')
    t.equal((await asClient(inBody).get('/v1/sessions')).body.code, 'not-permitted')
    t.ok((await owner.get(`/v1/api-clients/${client.id}`)).body.lastUsedAt)
  })

  t.test('with the typed client a token can be had and renewed, in every way to show who one is', async t => {
    const { clientId, clientSecret } = await create()
    const baseUrl = await test.app.listen({ host: '127.0.0.1', port: 0 })
    let current: string | undefined
    const api = createCairnClient({ baseUrl, token: () => current })
    const grant_type = 'client_credentials'
    const secret = { grant_type, client_id: clientId, client_secret: clientSecret }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const ways = [
      { body: { ...secret, scope: 'events:read practice:read' } },
      { body: secret, headers: form },
      { body: secret, bodySerializer: (body: object) => new URLSearchParams({ ...body }) },
      { body: { grant_type }, headers: basic(clientId, clientSecret) },
      { body: { grant_type }, headers: { ...form, ...basic(clientId, clientSecret) } },
    ]
    for (const way of ways) {
      const { data, error } = await api.POST('/oauth/token', way)
      t.equal(error, undefined)
      current = data?.access_token
      t.ok((await api.GET('/v1/practice')).data, 'the new token works')
    }
    const asNobody = await api.GET('/v1/practice', { headers: { authorization: 'Bearer none' } })
    t.equal(asNobody.response.status, 401, 'what a request brings itself is kept')
  })

  t.test('a token may do less than its client, never more', async t => {
    const client = await create()
    const narrow = await withSecret(client, { scope: 'events:read' })
    t.equal(narrow.body.scope, 'events:read')
    t.equal((await asClient(narrow).get('/v1/practice')).body.code, 'not-permitted')
    const wide = await withSecret(client, { scope: 'events:read notes:read' })
    t.equal(wide.status, 400)
    t.equal(wide.body.error, 'invalid_scope')
  })

  t.test('refusals are OAuth’s, and tell nothing of what exists', async t => {
    const client = await create()
    const wrong = await token(test, {}, basic(client.clientId, client.clientSecret.replace(/.$/, 'B')))
    const unknown = await token(test, {}, basic(`${practice.id}.${randomUUID()}`, client.clientSecret))
    const nowhere = await token(test, {}, basic(`${randomUUID()}.${randomUUID()}`, client.clientSecret))
    for (const reply of [
      wrong,
      unknown,
      nowhere,
      await token(test, {}),
      await token(test, {}, basic('x', 'y')),
    ]) {
      t.equal(reply.status, 401)
      t.same(reply.body, wrong.body)
      t.match(reply.headers['www-authenticate'], /^Basic /)
    }
    t.equal((await withSecret(client, { grant_type: 'password' })).body.error, 'unsupported_grant_type')
    const twice = await token(
      test,
      { client_id: client.clientId, client_secret: client.clientSecret },
      basic(client.clientId, client.clientSecret),
    )
    t.equal(twice.body.error, 'invalid_request')
    t.equal((await withSecret(client, { resource: 'ignored' })).status, 200, 'unknown parameters are ignored')
    const repeated = await test.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'grant_type=client_credentials&grant_type=client_credentials',
    })
    t.equal(repeated.json().error, 'invalid_request')
    const json = await test.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/json' },
      payload: '{"grant_type":"client_credentials"}',
    })
    t.equal(json.statusCode, 415)
    t.equal(json.json().detail, 'Send `Content-Type: application/x-www-form-urlencoded`.')
  })

  t.test('a revoked, changed or expired client is refused from the next request on', async t => {
    const revoked = await create()
    const before = asClient(await withSecret(revoked))
    t.equal((await owner.delete(`/v1/api-clients/${revoked.id}`)).status, 204)
    t.equal((await before.get('/v1/practice')).status, 401)
    t.equal((await withSecret(revoked)).body.error, 'invalid_client')
    t.equal((await owner.delete(`/v1/api-clients/${revoked.id}`)).status, 404)
    t.equal((await owner.get(`/v1/api-clients/${revoked.id}`)).body.status, 'revoked')
    t.equal(
      (await owner.patch(`/v1/api-clients/${revoked.id}`, { name: 'X' }, { ifMatch: 2 })).body.code,
      'invalid-state',
    )

    const changed = await create()
    const wide = asClient(await withSecret(changed))
    const narrowed = await owner.patch(
      `/v1/api-clients/${changed.id}`,
      { scopes: ['events:read'] },
      { ifMatch: 1 },
    )
    t.equal(narrowed.status, 200)
    t.equal((await wide.get('/v1/practice')).status, 401)
    t.equal((await withSecret(changed)).body.scope, 'events:read')
    t.equal((await owner.patch(`/v1/api-clients/${changed.id}`, { name: 'X' }, { ifMatch: 1 })).status, 412)

    const expired = await create({ expiresAt: '2020-01-01T00:00:00Z' })
    t.equal(expired.status, 'expired')
    t.equal((await withSecret(expired)).body.error, 'invalid_client')
    const ending = await create()
    const last = asClient(await withSecret(ending))
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.api_clients set expires_at = now() where id = $1`, [ending.id]),
    )
    t.equal((await last.get('/v1/practice')).status, 401)
  })

  t.test('a new secret replaces the old one', async t => {
    const client = await create()
    const rotated = await owner.post(`/v1/api-clients/${client.id}/secret`, undefined, { ifMatch: 1 })
    t.equal(rotated.status, 200)
    t.equal((await withSecret(client)).status, 401)
    t.equal((await withSecret(rotated.body)).status, 200)
  })

  t.test(
    'private_key_jwt: each assertion once, only by the client’s own key, for us and for a short time',
    async t => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const client = await create({ publicKey: await exportJWK(publicKey) })
      t.equal(client.clientSecret, null)
      t.equal(client.authentication, 'private_key_jwt')
      const now = Math.floor(Date.now() / 1000)
      const good = {
        iss: client.clientId,
        sub: client.clientId,
        aud: 'http://127.0.0.1:3000/oauth/token',
        exp: now + 60,
        jti: randomUUID(),
      }
      const assertion = (claims: object, key: KeyObject = privateKey, alg = 'EdDSA') =>
        new SignJWT({ ...good, jti: randomUUID(), ...claims }).setProtectedHeader({ alg }).sign(key)
      const send = async (jwt: string) =>
        token(test, { client_assertion_type: jwtBearer, client_assertion: jwt })
      const first = await assertion({})
      t.equal((await send(first)).status, 200)
      t.equal((await send(first)).body.error, 'invalid_client', 'not twice')
      const one = await assertion({})
      const both = await Promise.all([send(one), send(one)])
      t.same(both.map(reply => reply.status).sort(), [200, 401])
      t.equal((await send(await assertion({ aud: 'http://127.0.0.1:3000' }))).status, 200)
      const refused = {
        'another key': await assertion({}, generateKeyPairSync('ed25519').privateKey),
        'another audience': await assertion({ aud: 'https://other.example' }),
        'another issuer': await assertion({ iss: 'other' }),
        expired: await assertion({ exp: now - 120 }),
        'for a whole day': await assertion({ exp: now + 86_400 }),
        'without jti': await assertion({ jti: undefined }),
        'without expiry': await assertion({ exp: undefined }),
        'another algorithm': await assertion(
          {},
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
          'ES256',
        ),
        'no assertion': 'nonsense',
      }
      for (const [name, jwt] of Object.entries(refused))
        t.equal((await send(jwt)).body.error, 'invalid_client', name)
      t.equal((await withSecret({ ...client, clientSecret: `cairn_cs_${'A'.repeat(43)}` })).status, 401)
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const other = await create({ publicKey: await exportJWK(ec.publicKey) })
      const ids = { iss: other.clientId, sub: other.clientId }
      t.equal((await send(await assertion(ids, ec.privateKey, 'ES256'))).status, 200)
    },
  )

  t.test('keys that are none, private or weak are refused', async t => {
    const post = (publicKey: unknown) =>
      owner.post('/v1/api-clients', { name: 'Key (fictional)', scopes, publicKey })
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    t.equal((await post(await exportJWK(weak.publicKey))).body.errors[0].code, 'too-weak')
    t.equal((await post({ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' })).body.errors[0].code, 'not-a-key')
    t.equal((await post(weak.privateKey.export({ format: 'jwk' }))).status, 400)
  })

  t.test('only owners manage clients, with a recent second factor, within their practice', async t => {
    const client = await create()
    const admin = await practice.staff(['admin'], { mfa: true })
    t.equal((await admin.get('/v1/api-clients')).body.code, 'not-permitted')
    t.equal(
      (await practice.owner.post('/v1/api-clients', { name: 'X', scopes })).body.code,
      'step-up-required',
    )
    t.equal(
      (await practice.owner.patch(`/v1/api-clients/${client.id}`, { name: 'X' }, { ifMatch: 1 })).body.code,
      'step-up-required',
    )
    t.equal((await owner.post('/v1/api-clients', { name: 'X', scopes: ['notes:write'] })).status, 400)
    const stranger = await createTestPractice(test)
    t.equal((await stranger.owner.get(`/v1/api-clients/${client.id}`)).status, 404)
    t.equal((await stranger.owner.delete(`/v1/api-clients/${client.id}`)).status, 404)
    const page = await owner.get('/v1/api-clients?limit=2')
    t.equal(page.body.data.length, 2)
    t.ok(page.body.nextCursor)
    t.equal((await owner.get(`/v1/api-clients?limit=2&cursor=${page.body.nextCursor}`)).status, 200)
    t.same((await stranger.owner.get('/v1/api-clients')).body.data, [])
  })
})
