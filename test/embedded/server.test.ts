import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import t from 'tap'
import { accountForNewCluster, childIdentity, isRoot } from '../../src/embedded/account.ts'
import { isThere } from '../../src/embedded/files.ts'
import { commandLine } from '../../src/embedded/processes.ts'
import {
  findEmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/embedded/server.ts'
import { startTestServer, stopTestServer } from '../support/database-server.ts'

const serverModule = new URL('../../src/embedded/server.ts', import.meta.url).href
const supportModule = new URL('../support/database-server.ts', import.meta.url).href

const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-embedded-'))
await chmod(folder, 0o755)
const dataDir = path.join(folder, 'data')
const options = { dataDir, durable: false }

t.teardown(async () => {
  await removeEmbeddedPostgres(dataDir)
  await rm(folder, { recursive: true, force: true })
})

t.test('the first start makes a database', async t => {
  const server = await startEmbeddedPostgres({ ...options, settings: { work_mem: '5MB' } })
  t.equal(server.firstStart, true)
  t.equal(await ask(server.url, 'show work_mem'), '5MB')
  t.equal(await ask(server.url, 'show log_parameter_max_length_on_error'), '0')
  t.equal(await ask(server.url, 'show data_checksums'), 'on')
  t.equal(await ask(server.url, 'show listen_addresses'), '127.0.0.1')
  t.equal(await ask(server.url, 'show unix_socket_directories'), '')
  await ask(server.url, 'create extension pg_trgm')
  t.equal(await ask(server.url, "select similarity('Zoë', 'zoë')"), 1, 'letters beyond ASCII are letters')
  await ask(server.url, "create table kept as select 'kept' as word")
  await t.rejects(ask(withPassword(server.url, 'wrong'), 'select 1'), {
    code: '28P01',
  })
  t.equal((await stat(path.join(dataDir, 'postgres.password'))).mode & 0o777, 0o600)
  await Promise.all([server.stop(), server.stop()])
  await t.rejects(ask(server.url, 'select 1'), { code: 'ECONNREFUSED' })
})

t.test('the next start is quick and keeps the data and the port', async t => {
  const lastPort = Number(await readFile(path.join(dataDir, 'postgres.port'), 'utf8'))
  const started = performance.now()
  const server = await startEmbeddedPostgres(options)
  t.ok(performance.now() - started < 2_000, `it took ${performance.now() - started} ms`)
  t.equal(server.firstStart, false)
  t.equal(server.port, lastPort)
  t.equal(await keptWord(server.url), 'kept')
  await server.stop()
})

t.test('a running Cairn has the folder for itself', async t => {
  const running = await startInAnotherProcess()
  await t.rejects(startEmbeddedPostgres(options), new RegExp(`Another Cairn \\(process ${running.pid}\\)`))
  await t.rejects(removeEmbeddedPostgres(dataDir), /Another Cairn/)
  const found = await findEmbeddedPostgres(dataDir)
  t.equal(await keptWord(found?.url ?? ''), 'kept', 'a command beside it finds the server')
  await kill(running)
})

t.test('after kill -9 of Cairn the next start ends the server it left', async t => {
  const left = await serverPid()
  t.not((await commandLine(left)).join(''), '', 'the server outlives Cairn')
  const server = await startEmbeddedPostgres(options)
  t.equal((await commandLine(left)).join(''), '')
  t.equal(await keptWord(server.url), 'kept')
  process.kill(await serverPid(), 'SIGKILL')
  await server.stop()
})

t.test('after kill -9 of the server, and its pid and that of Cairn given to strangers', async t => {
  const account = await accountForNewCluster()
  const stranger = spawn('sleep', ['60'], { cwd: '/', stdio: 'ignore', ...childIdentity(account) })
  t.teardown(() => kill(stranger))
  await rewritePid(path.join(dataDir, 'postgres', 'postmaster.pid'), stranger.pid)
  await writeFile(path.join(dataDir, 'cairn.lock.7'), JSON.stringify({ pid: stranger.pid, startedAt: '0-0' }))

  const server = await startEmbeddedPostgres(options)
  t.equal(await keptWord(server.url), 'kept')
  t.equal(stranger.exitCode ?? stranger.signalCode, null, 'the stranger lives')
  await server.stop()
})

t.test('of several starts at once exactly one gets the folder', async t => {
  const attempts = await Promise.allSettled([1, 2, 3, 4].map(() => startEmbeddedPostgres(options)))
  const started = attempts.filter(attempt => attempt.status === 'fulfilled')
  t.equal(started.length, 1)
  for (const { value } of started) await value.stop()
  const refused = attempts.filter(attempt => attempt.status === 'rejected')
  for (const { reason } of refused) t.match(reason.message, /Another Cairn/)
})

t.test('a fixed port that is taken is named', async t => {
  const server = await startEmbeddedPostgres(options)
  const other = path.join(folder, 'other')
  t.teardown(() => removeEmbeddedPostgres(other))
  await t.rejects(
    startEmbeddedPostgres({ dataDir: other, durable: false, port: server.port }),
    new RegExp(`TCP port ${server.port}`),
  )
  await server.stop()
})

const onlyRoot = isRoot() ? {} : { skip: 'only root runs PostgreSQL as another account' }
t.test('root in a folder that is closed to the account of PostgreSQL', onlyRoot, async t => {
  const closed = path.join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const inside = path.join(closed, 'data')
  const lines: string[] = []
  const onProgress = (line: string) => lines.push(line)
  const server = await startEmbeddedPostgres({ dataDir: inside, durable: false, onProgress })
  const home = (await readFile(path.join(inside, 'postgres.location'), 'utf8')).trim()
  t.ok(
    lines.some(line => line.includes(home)),
    'it says where the database is',
  )
  t.equal(await ask(server.url, 'select 1'), 1)
  await server.stop()

  const again = await startEmbeddedPostgres({ dataDir: inside, durable: false })
  t.equal(again.firstStart, false)
  await again.stop()
  await removeEmbeddedPostgres(inside)
  t.equal(await isThere(home), false)
})

t.test('a test server outlives its starter, and any process ends it', async t => {
  const starter = spawnModule(`
    const { startTestServer } = await import(${JSON.stringify(supportModule)})
    const { state } = await startTestServer({ ownerPid: ${process.pid}, environment: {} })
    console.log(JSON.stringify(state))`)
  const state = JSON.parse(await firstLine(starter))
  await once(starter, 'exit')
  t.equal(await ask(state.adminUrl, 'show fsync'), 'off')
  await stopTestServer(state)
  t.equal(await isThere(state.dataDir), false)
})

t.test('the test server of a killed run is removed by the next one', async t => {
  const killed = spawnModule(`
    const { startTestServer } = await import(${JSON.stringify(supportModule)})
    const { state } = await startTestServer({ environment: {} })
    console.log(JSON.stringify(state))
    setInterval(() => {}, 1000)`)
  const left = JSON.parse(await firstLine(killed))
  await kill(killed)
  const server = await startTestServer({ environment: {} })
  t.equal(await isThere(left.dataDir), false)
  await t.rejects(ask(left.adminUrl, 'select 1'), { code: 'ECONNREFUSED' })
  await server.stop()
})

t.test('a server of yours is used and left alone', async t => {
  const server = await startTestServer({ environment: { TEST_DATABASE_URL: 'postgres://example.test/x' } })
  t.equal(server.adminUrl, 'postgres://example.test/x')
  await server.stop()
  await t.rejects(startTestServer({ environment: { TEST_DATABASE: 'oracle' } }), /TEST_DATABASE/)
})

/** The first value of the first row. */
async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

function withPassword(url: string, password: string): string {
  const changed = new URL(url)
  changed.password = password
  return changed.href
}

function keptWord(url: string): Promise<unknown> {
  return ask(url, 'select word from kept')
}

async function serverPid(): Promise<number> {
  return Number.parseInt(await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
}

async function rewritePid(file: string, pid: number | undefined): Promise<void> {
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  await writeFile(file, [pid, ...rest].join('\n'))
}

async function startInAnotherProcess(): Promise<ChildProcess> {
  const child = spawnModule(`
    const { startEmbeddedPostgres } = await import(${JSON.stringify(serverModule)})
    await startEmbeddedPostgres(${JSON.stringify(options)})
    console.log('started')
    setInterval(() => {}, 1000)`)
  await firstLine(child)
  return child
}

function spawnModule(code: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The process has no output to read')
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process ended without a word')
  })
  ended.catch(() => {})
  const [chunk] = await Promise.race([once(child.stdout, 'data'), ended])
  return String(chunk)
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
