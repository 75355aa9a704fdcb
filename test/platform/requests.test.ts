import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const json = { 'content-type': 'application/json' }
/** Refused before a route is looked for: bytes that are no text, and a name longer than any id. */
const unreadable = ['/v1/clients/%zz', `/v1/clients/${'a'.repeat(300)}`]

t.test('requests', async t => {
  const test = await createTestApp(t)
  const { owner, staff } = await createTestPractice(test)
  const authorization = `Bearer ${owner.token}`

  t.test('every answer is unstorable, unsniffable and unframed', async t => {
    for (const url of ['/v1/practice', '/v1/nowhere', '/livez', ...unreadable]) {
      const { headers } = await test.app.inject({ url, headers: { authorization } })
      t.equal(headers['cache-control'], 'no-store', url)
      t.equal(headers['x-content-type-options'], 'nosniff', url)
      t.match(headers['content-security-policy'], /frame-ancestors 'none'/, url)
    }
  })

  t.test('without a token nothing is answered but 401, known address or not shown', async t => {
    const reply = await test.app.inject({ url: '/v1/locations' })
    t.equal(reply.statusCode, 401)
    t.equal(reply.json().code, 'authentication-required')
    t.equal(reply.headers['www-authenticate'], 'Bearer')
  })

  t.test('an undeclared method is 405 and says what is allowed', async t => {
    const reply = await test.app.inject({
      method: 'DELETE',
      url: '/v1/locations',
      headers: { authorization },
    })
    t.equal(reply.statusCode, 405)
    t.equal(reply.headers.allow, 'GET, POST')
  })

  t.test('an unknown address is the same 404 as a hidden record', async t => {
    const unknown = (await test.app.inject({ url: '/v1/nothing-here', headers: { authorization } })).json()
    const missing = (await owner.get('/v1/locations/019c0000-0000-7000-8000-00000000dead')).body
    t.same({ ...unknown, requestId: '' }, { ...missing, requestId: '' })
  })

  t.test('an address that cannot be read is such a 404 too, and one line of the log', async t => {
    for (const url of unreadable) {
      const before = test.logLines.length
      const reply = await test.app.inject({ url, headers: { authorization } })
      t.equal(reply.statusCode, 404)
      t.same(reply.json().code, 'not-found')
      t.equal(test.logLines.length, before + 1)
      t.notMatch(test.logLines.at(-1), /clients|zz|aaaa/)
    }
  })

  t.test('only JSON in UTF-8 is taken, however the type is spelled', async t => {
    const payload = '{"name":"x","timeZone":"UTC"}'
    for (const type of [
      'text/plain',
      'application/json ;charset=utf-16',
      ' application/json',
      'application/json\t',
      'application/jsonx',
      'application/x-www-form-urlencoded',
    ]) {
      const reply = await test.app.inject({
        method: 'POST',
        url: '/v1/locations',
        headers: { authorization, 'content-type': type },
        payload,
      })
      t.ok([400, 415].includes(reply.statusCode), `${JSON.stringify(type)} gives ${reply.statusCode}`)
    }
    const latin = await test.app.inject({
      method: 'POST',
      url: '/v1/locations',
      headers: { authorization, ...json },
      payload: Buffer.from([0x7b, 0xff, 0x7d]),
    })
    t.equal(latin.json().code, 'malformed-request')
  })

  t.test('values the database would choke on are refused with our words', async t => {
    const cases: Record<string, unknown> = {
      NUL: { name: 'a\0b', timeZone: 'UTC' },
      'a lone surrogate': { name: '\ud800', timeZone: 'UTC' },
      'a very long name': { name: 'x'.repeat(5000), timeZone: 'UTC' },
    }
    for (const [name, body] of Object.entries(cases)) {
      const { status, body: problem } = await owner.post('/v1/locations', body)
      t.equal(status, 400, name)
      t.match(problem.type, /\/docs\/problems#/)
    }
    t.equal((await owner.get('/v1/locations/not-a-uuid')).status, 400)
    t.equal((await owner.get('/v1/locations?limit=100000')).status, 400)
    t.equal((await owner.get('/v1/locations?unknown=1')).status, 400)
  })

  t.test('a number that has no end is over every limit', async t => {
    for (const limit of ['Infinity', '-Infinity']) {
      const { status, body } = await owner.get(`/v1/locations?limit=${limit}`)
      t.equal(status, 400)
      t.equal(body.errors[0].pointer, 'query/limit')
    }
  })

  t.test('a refusal points as far as the names are ours, and at the choice where no form fits', async t => {
    const client = { legalGivenName: 'Casey', legalFamilyName: 'Example' }
    const proven = await staff(['owner'], { mfa: true })
    const pointerOf = async (url: string, body: object) =>
      (await proven.post(url, body)).body.errors[0].pointer
    t.equal(await pointerOf('/v1/clients', { ...client, externalIds: { 'made-up': 7 } }), '/externalIds')
    t.equal(await pointerOf('/v1/clients', { ...client, externalIds: { 'Made up': 'C-1' } }), '/externalIds')
    t.equal(await pointerOf('/v1/clients', { ...client, birthDate: '2026-02-30' }), '/birthDate')
    const publicKey = { kty: 'RSA', n: 'x', e: 'AQAB' }
    const keyed = { name: 'Follower (fictional)', scopes: ['clients:read'], publicKey }
    t.equal(await pointerOf('/v1/api-clients', keyed), '/publicKey')
  })

  t.test('a body over the limit is 413', async t => {
    const reply = await test.app.inject({
      method: 'POST',
      url: '/v1/locations',
      headers: { authorization, ...json },
      payload: `{"name":"${'x'.repeat(1_100_000)}"}`,
    })
    t.equal(reply.json().code, 'body-too-large')
  })

  t.test('no line of the log holds a body, a query or an address with ids', async t => {
    await owner.post('/v1/locations', { name: 'canary-name', timeZone: 'UTC' })
    await owner.post('/v1/locations', { name: 'canary-name', timeZone: 'canary-zone' })
    await owner.get('/v1/locations?cursor=canary-cursor')
    t.notMatch(test.logLines.join(''), /canary/)
    t.match(test.logLines.at(-1), /"route":"\/v1\/locations"/)
  })

  t.test('each problem type leads to its section of the served page', async t => {
    const { body } = await owner.get('/v1/locations/019c0000-0000-7000-8000-00000000dead')
    const { pathname, hash } = new URL(body.type)
    const page = await test.app.inject({ url: pathname })
    t.match(page.payload, `id="${hash.slice(1)}"`)
  })

  t.test('the rate limit says what is left', async t => {
    const { headers } = await owner.get('/v1/practice')
    t.ok(Number(headers['ratelimit-remaining']) > 0)
  })
})

t.test('over the rate limit the answer is 429 with Retry-After', async t => {
  const test = await createTestApp(t, {
    env: { RATE_LIMIT_PER_MINUTE: '2' },
    alone: 'a limit is that of one process',
  })
  const { owner } = await createTestPractice(test)
  await owner.get('/v1/practice')
  await owner.get('/v1/practice')
  const { status, body, headers } = await owner.get('/v1/practice')
  t.equal(status, 429)
  t.equal(body.code, 'too-many-requests')
  t.ok(Number(headers['retry-after']) > 0)
  const from = async (remoteAddress: string) =>
    (await test.app.inject({ method: 'POST', url: '/v1/sessions', payload: {}, remoteAddress })).statusCode
  const neighbors = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3:4:5:6', '2001:db8:1:3::1']
  const statuses: number[] = []
  for (const address of neighbors) statuses.push(await from(address))
  t.same(statuses, [400, 400, 429, 400], 'the addresses of one network count together')
})

t.test('readiness names what is wrong, liveness does not depend on the database', async t => {
  const test = await createTestApp(t, { alone: 'one process drains' })
  t.equal((await test.app.inject({ url: '/readyz' })).statusCode, 200)
  test.app.draining = true
  const draining = await test.app.inject({ url: '/readyz' })
  t.equal(draining.statusCode, 503)
  t.equal(draining.json().checks.draining, 'draining')
  t.equal((await test.app.inject({ url: '/livez' })).statusCode, 200)
  t.match((await test.app.inject({ url: '/metrics' })).payload, /cairn_request_seconds_bucket/)
})

t.test('front-ends of configured origins may call, others not', async t => {
  const test = await createTestApp(t, { env: { CORS_ORIGINS: 'https://app.practice.example' } })
  const preflight = (origin: string) =>
    test.app.inject({
      method: 'OPTIONS',
      url: '/v1/practice',
      headers: { origin, 'access-control-request-method': 'GET' },
    })
  t.equal(
    (await preflight('https://app.practice.example')).headers['access-control-allow-origin'],
    'https://app.practice.example',
  )
  t.notOk((await preflight('https://evil.example')).headers['access-control-allow-origin'])
})
