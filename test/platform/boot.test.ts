import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type RouteOptions } from 'fastify'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { loadConfig } from '../../src/config.ts'
import { explaining } from '../../src/explain-database.ts'
import { assertKeyringFits, assertOwnKeyring, recordKeyring } from '../../src/keyring-check.ts'
import { createLogger, errorForLog } from '../../src/lib/log.ts'
import { component, Id, strictObject } from '../../src/lib/schemas.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { readKeyring } from '../../src/lib/sealing/keyring-file.ts'
import bootCheck from '../../src/plugins/boot-check.ts'
import { operation } from '../../src/plugins/operations/index.ts'
import validation from '../../src/plugins/validation.ts'
import { createTestPractice } from '../support/practice.ts'
import { startService } from '../support/service.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin, databaseUrl, testServer } from '../support/test-server.ts'

// It starts the service as a process several times, one after the other.
t.setTimeout(90_000)

const Thing = component(
  'Thing',
  strictObject(
    { id: Id('The thing.') },
    { description: 'A thing.', examples: [{ id: '019c0000-0000-7000-8000-000000000001' }] },
  ),
)

const complete = operation({
  method: 'POST',
  path: '/v1/things/{thingId}',
  operationId: 'makeThing',
  tag: 'Practice',
  summary: 'Make a thing',
  description: 'Makes it.',
  permission: 'any',
  params: strictObject({ thingId: Id('The thing.') }),
  body: Thing,
  success: { status: 201, schema: Thing, description: 'The thing.' },
  handler: async (_trx, { body }) => ({ status: 201, body }),
})

async function bootWith(route: RouteOptions): Promise<string> {
  const app = fastify()
  try {
    await app.register(validation)
    await app.register(bootCheck)
    app.route(route)
    await app.ready()
    return 'booted'
  } catch (error) {
    return error instanceof Error ? error.message : 'refused'
  } finally {
    await app.close()
  }
}

const schemaOf = (route: RouteOptions) => route.schema as Record<string, object>
const withSchema = (change: Record<string, unknown>): RouteOptions => ({
  ...complete,
  schema: { ...schemaOf(complete), ...change } as object,
})

t.test(
  'a route that does not declare everything keeps the service from starting, and is told what to add',
  async t => {
    t.equal(await bootWith(complete), 'booted')
    const cases: [string, RouteOptions, RegExp][] = [
      [
        'permission and operationId',
        { method: 'GET', url: '/v1/things', handler: async () => ({}) },
        /has no permission and no operationId/,
      ],
      ['a summary', withSchema({ summary: '' }), /lacks a summary/],
      ['a schema of its parameters', withSchema({ params: undefined }), /without a schema/],
      [
        'an example of a parameter',
        withSchema({ params: strictObject({ thingId: Type.String() }) }),
        /lacks an example of the path parameter thingId/,
      ],
      [
        'an example of its body',
        withSchema({ body: strictObject({ id: Type.String() }) }),
        /lacks an example of its body/,
      ],
      [
        'a body that refuses unknown fields',
        withSchema({ body: Type.Object({}, { examples: [{}] }) }),
        /accepts unknown fields/,
      ],
      ['a schema of its success', withSchema({ response: {} }), /lacks a schema of its success/],
      [
        'an example of its success',
        withSchema({
          response: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } },
        }),
        /lacks an example of its success/,
      ],
    ]
    for (const [what, route, message] of cases) {
      const answer = await bootWith(route)
      t.match(answer, message, what)
      t.match(answer, /CONTRIBUTING\.md/, what)
    }
  },
)

async function dataDirFor(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-boot-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** An empty database of the test server, with its keyring: the runtime roles are the server's, for all databases. */
async function emptyDatabase(t: Test): Promise<{ DATABASE_URL: string; CAIRN_KEYRING_FILE: string }> {
  const { server, keyringFile } = await testServer()
  const name = `boot_${randomBytes(6).toString('hex')}`
  await asAdmin(server.adminUrl, admin => admin.query(`create database ${name}`))
  t.teardown(() => asAdmin(server.adminUrl, admin => admin.query(`drop database ${name} with (force)`)))
  return { DATABASE_URL: databaseUrl(server.adminUrl, name), CAIRN_KEYRING_FILE: keyringFile }
}

t.test('a wrong or missing setting is named, and the process ends with 1', async t => {
  const dataDir = await dataDirFor(t)
  await t.rejects(startService(dataDir, { PORT: 'many' }), /ended with 1.*PORT/s)
  await t.rejects(startService(dataDir, { PROCESS_ROLE: 'everything' }), /ended with 1.*PROCESS_ROLE/s)
  const relayMissing = { DATABASE_APP_URL: 'postgres://cairn_app:x@127.0.0.1:1/none' }
  await t.rejects(startService(dataDir, relayMissing), /ended with 1.*DATABASE_RELAY_URL is missing/s)
})

t.test('a keyring or a secret that cannot be read is said in words, without a stack', async t => {
  const dataDir = await dataDirFor(t)
  const damaged = join(dataDir, 'damaged.json')
  await writeFile(damaged, '{"format":"cairn-keyring-1"', { mode: 0o600 })
  const started = startService(dataDir, { CAIRN_KEYRING_FILE: damaged })
  const error: unknown = await started.catch(reason => reason)
  const said = error instanceof Error ? error.message : ''
  t.match(said, /ended with 1.*The keyring .* is not JSON\. Restore it from its backup/s)
  t.notMatch(said, /^\s+at /m)
  await t.rejects(readKeyring(dataDir), { name: 'KeyringProblem', message: /cannot be read \(EISDIR\)/ })
  const nowhere = { DATABASE_URL_FILE: join(dataDir, 'nowhere') }
  t.throws(() => loadConfig(nowhere), {
    name: 'ConfigError',
    message: /DATABASE_URL_FILE names .* \(ENOENT\)/,
  })
  const noFolder = startService(join(damaged, 'data'))
  await t.rejects(noFolder, /ended with 1.*cannot write a keyring to .*\(ENOTDIR\)\. Set CAIRN_DATA_DIR/s)
  const empty = join(dataDir, 'empty')
  await writeFile(empty, '\n')
  // Taken for "none" it would start the embedded database, with its demo and its inbox.
  t.throws(() => loadConfig({ DATABASE_URL_FILE: empty }), {
    name: 'ConfigError',
    message: /DATABASE_URL_FILE names .*, which is empty/,
  })
  t.throws(() => loadConfig({ LOG_LEVEL: 'loud' }), { name: 'ConfigError', message: /LOG_LEVEL/ })
})

t.test('a port that is taken is named, and the process ends with 1', async t => {
  const holder = createServer()
  await new Promise<void>(done => holder.listen(0, '127.0.0.1', done))
  t.teardown(() => new Promise(done => holder.close(done)))
  const { port } = holder.address() as AddressInfo
  const { adminUrl } = await createTestApp(t)
  const { keyringFile } = await testServer()
  const started = startService(await dataDirFor(t), {
    DATABASE_URL: adminUrl,
    MIGRATE_ON_START: 'false',
    PROCESS_ROLE: 'api',
    CAIRN_KEYRING_FILE: keyringFile,
    PORT: String(port),
  })
  await t.rejects(started, new RegExp(`ended with 1.*Port ${port} of 127.0.0.1 is in use`, 's'))
})

t.test('what is wrong with a database is said in words, without its address', async t => {
  const refused = async (url: string) => {
    const error: unknown = await explaining('DATABASE_URL', () => asAdmin(url, async () => {})).catch(e => e)
    return error instanceof Error ? error.message : ''
  }
  const { DATABASE_URL } = await emptyDatabase(t)
  const wrongPassword = new URL(DATABASE_URL)
  wrongPassword.password = 'canary'
  const cases: [string, RegExp][] = [
    ['postgres://admin:canary@127.0.0.1:1/none', /no PostgreSQL answers there/],
    [wrongPassword.href, /refuses the sign-in/],
    [databaseUrl(DATABASE_URL, 'canary'), /no such database/],
  ]
  for (const [url, message] of cases) {
    t.match(await refused(url), message)
    t.notMatch(await refused(url), /canary/)
  }
})

t.test('a keyring that does not open what the database holds is refused, the right one is not', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  await owner.post('/v1/locations', { name: 'Sealed', timeZone: 'UTC' }, { key: 'sealed-answer-1' })
  const file = join(await dataDirFor(t), 'keyring.json')
  const other = await createLocalKeyring(file)
  t.teardown(() => other.close())
  await t.rejects(assertKeyringFits(test.adminUrl, other, file), /does not open what this database holds/)
  const { keyringFile } = await testServer()
  const right = await createLocalKeyring(keyringFile)
  t.teardown(() => right.close())
  await t.resolves(assertKeyringFits(test.adminUrl, right, keyringFile))

  await recordKeyring(test.adminUrl, right)
  await recordKeyring(test.adminUrl, other)
  await t.resolves(assertOwnKeyring(test.house.database.pool, right, keyringFile), 'the runtime role sees it')
  await t.rejects(assertOwnKeyring(test.house.database.pool, other, file), {
    message: new RegExp(`belongs to the keyring with fingerprint ${right.fingerprint}`),
  })
})

t.test('while it drains, connections end with their answer', async t => {
  const test = await createTestApp(t, { alone: 'one process drains' })
  t.not((await test.app.inject('/livez')).headers.connection, 'close')
  test.app.draining = true
  const answer = await test.app.inject('/readyz')
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers.connection, 'close')
})

t.test('an error shows its code in the log, described by us or by the serializer', t => {
  const lines: string[] = []
  const log = createLogger('info', { write: line => void lines.push(line) })
  const error = Object.assign(new Error('canary'), { code: 'ECONNREFUSED', severity: 'ERROR' })
  log.warn({ error: errorForLog(error) }, 'described')
  log.warn({ error }, 'raw')
  log.warn({ error: { message: 'canary', code: '57P01' } }, 'a copy')
  t.same(
    lines.map(line => JSON.parse(line).error.code),
    ['ECONNREFUSED', 'ECONNREFUSED', '57P01'],
  )
  t.notMatch(lines.join(''), /canary/)
  t.end()
})

t.test('a runtime role that could bypass row security is refused, with what to do', async t => {
  const env = await emptyDatabase(t)
  const started = startService(await dataDirFor(t), { ...env, DATABASE_APP_URL: env.DATABASE_URL })
  await t.rejects(started, /ended with 1.*could bypass row security.*npm run migrate/s)
})

t.test('DATABASE_URL alone is enough for a server of yours: migrated, fenced, without a demo', async t => {
  const env = { ...(await emptyDatabase(t)), SETUP_TOKEN: 'a setup token of the operator' }
  const dataDir = await dataDirFor(t)
  const service = await startService(dataDir, env)
  t.notOk(service.demo)
  t.equal((await fetch(`${service.url}/readyz`)).status, 200)
  t.equal((await fetch(`${service.url}/dev/inbox`)).status, 404)
  const owner = {
    email: 'owner@practice.example',
    password: 'a long enough pass phrase',
    givenName: 'Olive',
    familyName: 'Example',
  }
  const create = (token: string) =>
    fetch(`${service.url}/v1/practices`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'First Practice (fictional)',
        timeZone: 'America/New_York',
        jurisdiction: 'US-NY',
        owner,
      }),
    })
  t.not((await create('guessed')).status, 201)
  t.equal((await create(env.SETUP_TOKEN)).status, 201)
  t.equal(await service.stop(), 0)
  const again = await startService(dataDir, { ...env, PROCESS_ROLE: 'api' })
  t.notMatch(again.output(), /Migrated|demo/i)
  t.equal(await again.stop(), 0)
})

t.test('a worker serves its probes and no API', async t => {
  const env = { ...(await emptyDatabase(t)), PROCESS_ROLE: 'worker' }
  const worker = await startService(await dataDirFor(t), env)
  t.equal((await fetch(`${worker.url}/readyz`)).status, 200)
  t.equal((await fetch(`${worker.url}/v1/practice`)).status, 404)
  t.equal(await worker.stop(), 0)
})
