import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { createFence } from '../../src/lib/database/fence.ts'
import { limits } from '../../src/lib/limits.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { promote, startSynchronousStandby } from '../support/proofs/cluster/standby.ts'
import { median } from '../support/proofs/faults/checks.ts'
import { type DurableServer, startDurableServer } from '../support/proofs/faults/durable-server.ts'
import { createFaultedService, type FaultedService } from '../support/proofs/faults/faulted-service.ts'
import { type Load, reckon, startLoad, statusesOf } from '../support/proofs/faults/load.ts'
import { asAdmin, databaseUrl } from '../support/test-server.ts'
import { until } from '../support/until.ts'

const here = proof('failover')
t.setTimeout(240_000)

const counts = {
  failovers: 0,
  acknowledged: 0,
  'resolved by their key': 0,
  lost: 0,
  'refused by the fence': 0,
}
const poolSize = 6
const sameDatabase = (server: DurableServer) => databaseUrl(server.adminUrl, 'faults')

for (let round = 0; round < here.amount(1, 5, 'FAILOVERS'); round++)
  await t.test('a synchronous standby takes over under load', async t => {
    const primary = await startDurableServer(t)
    const service = await createFaultedService(t, { server: primary, worker: false })
    const { owner } = await createTestPractice(service)
    const standby = await startSynchronousStandby(t, primary)

    await t.test('nothing that was acknowledged is lost, done twice or half there', async t => {
      const load = startLoad(owner, 8)
      await sleep(here.amount(500, 3_000))
      await until('something is acknowledged', () => acknowledgedBefore(load, performance.now()) > 0)
      const killedAt = performance.now()
      await primary.kill()
      await promote(standby)
      service.proxy.leadTo(standby.port)
      await sleep(here.amount(500, 3_000))
      await load.finish()
      const found = await reckon(sameDatabase(standby), load.wishes)
      t.match(found, { lost: 0, doubled: 0, halfWritten: 0 })
      const before = acknowledgedBefore(load, killedAt)
      t.ok(before > 0, `${before} were acknowledged by the one that was killed`)
      const said = Object.keys(statusesOf(load.wishes))
      t.strictSame(
        said.filter(status => !['201', '409', '503'].includes(status)),
        [],
        'nothing was said but done, in work, and try again',
      )
      const invented = { ...load.wishes[0]!, key: 'never asked', name: 'never asked' }
      t.equal((await reckon(sameDatabase(standby), [invented])).lost, 1, 'a lost one would be found')
      counts.failovers++
      counts.acknowledged += found.acknowledged
      counts['resolved by their key'] += found.resolvedByKey
    })

    await t.test('the old primary, started again, is refused', async t => {
      await primary.start()
      // As an operator would leave it who does not know: it waits for nobody any more.
      await asAdmin(primary.adminUrl, async admin => {
        await admin.query('alter system reset synchronous_standby_names')
        await admin.query('select pg_reload_conf()')
      })
      const before = await rowsOf(primary)
      service.proxy.leadTo(primary.port)
      for (let n = 0; n < 10; n++) {
        const reply = n % 2 === 0 ? await owner.get('/v1/locations') : await owner.get('/v1/practice')
        t.equal(reply.status, 503)
        t.ok(reply.headers['retry-after'])
        counts['refused by the fence']++
      }
      const ready = await service.app.inject('/readyz')
      t.equal(ready.statusCode, 503)
      t.match(ready.json().checks.database, /taken the place/)
      t.same(await rowsOf(primary), before, 'nothing was written there, not even an audit row')
      service.proxy.leadTo(standby.port)
      t.equal((await owner.get('/v1/locations')).status, 200)
    })

    if (round === 0) await t.test('the fence', t => fenceOf(t, service, primary, standby))
  })

/** What a server holds of requests: their audit rows. */
function rowsOf(server: DurableServer) {
  return asAdmin(sameDatabase(server), async admin => {
    const { rows } = await admin.query('select count(*) from cairn.audit_log')
    return rows
  })
}

function acknowledgedBefore({ wishes }: Load, time: number): number {
  return wishes.filter(
    ({ outcome, tries }) => outcome === 'acknowledged' && (tries.at(-1)?.endedAt ?? time) < time,
  ).length
}

async function fenceOf(t: Test, service: FaultedService, primary: DurableServer, standby: DurableServer) {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-fence-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const appUrlAt = ({ port }: DurableServer) => {
    const url = new URL(service.appUrl)
    url.port = String(port)
    return url.href
  }
  const poolTo = (server: DurableServer, file?: string) => {
    const fence = createFence({ file: file && join(folder, file) })
    const pool = createPool({
      url: appUrlAt(server),
      size: 3,
      applicationName: 'fence',
      onError: () => {},
      fence,
    })
    t.teardown(() => pool.end())
    return { pool, fence, ask: () => pool.query('select 1 as one') }
  }
  const beside = (known: ReturnType<typeof poolTo>, server: DurableServer) => {
    const pool = createPool({
      url: appUrlAt(server),
      size: 3,
      applicationName: 'fence',
      onError: () => {},
      fence: known.fence,
    })
    t.teardown(() => pool.end())
    return pool
  }

  const alone = poolTo(primary)
  t.same((await alone.ask()).rows, [{ one: 1 }], 'who has never met the new primary believes the old one')
  const busy = await alone.pool.connect()
  await alone.ask()
  t.equal(alone.pool.totalCount, 2)
  await beside(alone, standby).query('select 1')
  t.equal(alone.pool.idleCount, 0, 'who then meets it leaves the old one at once')
  await t.rejects(busy.query('select 1'), 'also with the connection that is in use')
  busy.release(true)
  await t.rejects(alone.ask(), { code: 'OLD_PRIMARY' })

  await poolTo(standby, 'shared.json').ask()
  await t.rejects(
    poolTo(primary, 'shared.json').ask(),
    { code: 'OLD_PRIMARY' },
    'what one process met, all know',
  )
  await t.resolves(poolTo(primary, 'other.json').ask())
}

await t.test(
  'the standby is gone',
  { skip: !here.long && 'commits are held for many seconds: long form only' },
  async t => {
    const primary = await startDurableServer(t)
    const service = await createFaultedService(t, { server: primary, worker: false, poolSize })
    const { owner } = await createTestPractice(service)
    const standby = await startSynchronousStandby(t, primary)
    const load = startLoad(owner, 8)
    // Others who want something new each time: nothing holds them back but the service itself.
    const others = startImpatient(owner, 8)
    await sleep(1_000)
    await standby.kill()
    await sleep(200)
    const goneAt = performance.now()
    let mostHeld = 0
    const reads: number[] = []
    const writes: number[] = []
    while (performance.now() < goneAt + 25_000) {
      await sleep(500)
      mostHeld = Math.max(mostHeld, await heldCommits(primary))
      if (performance.now() < goneAt + 9_000) continue
      reads.push((await owner.get('/v1/locations')).status)
      writes.push(await timeOf(() => owner.post('/v1/locations', newLocation())))
    }
    const meanwhile = load.wishes.flatMap(wish => wish.tries).filter(({ endedAt }) => endedAt > goneAt)
    t.notOk(
      meanwhile.some(({ reply }) => reply.status === 201),
      'nothing is acknowledged without the standby',
    )
    const slowest = Math.max(...meanwhile.map(({ startedAt, endedAt }) => endedAt - startedAt))
    t.ok(slowest < limits.http.routeMs + 1_000, `the slowest answer took ${Math.round(slowest)} ms`)
    t.ok(mostHeld <= 2 * poolSize, `${mostHeld} commits held at most`)
    t.ok(reads.length > 5 && reads.every(status => status === 200), `reads go on: ${reads.join(' ')}`)
    t.ok(median(writes) < 300, `writers are told at once: ${Math.round(median(writes))} ms`)
    t.match((await service.app.inject('/metrics')).payload, /^cairn_commits_held 1$/m)
    t.match(service.logLines.join(''), /synchronous standby does not answer/)

    await standby.start()
    const backAt = performance.now()
    while ((await owner.post('/v1/locations', newLocation())).status !== 201) await sleep(20)
    const healedMs = performance.now() - backAt
    t.ok(healedMs < 4_000, `writes are served ${Math.round(healedMs)} ms after the standby is back`)
    t.match((await service.app.inject('/metrics')).payload, /^cairn_commits_held 0$/m)
    await Promise.all([load.finish(), others.finish()])
    t.match(await reckon(sameDatabase(primary), load.wishes), { lost: 0, doubled: 0, halfWritten: 0 })
    t.strictSame(
      [...others.statuses].filter(status => ![201, 503].includes(status)),
      [],
    )
    Object.assign(counts, { 'held at most': mostHeld, 'served again after ms': Math.round(healedMs) })
  },
)

function newLocation() {
  return { name: `Fictional ${randomUUID()}`, timeZone: 'UTC' }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Clients that never ask the same thing again. */
function startImpatient(caller: Caller, clients: number) {
  const statuses = new Set<number>()
  const ending = new AbortController()
  const running = Array.from({ length: clients }, async () => {
    while (!ending.signal.aborted) {
      statuses.add((await caller.post('/v1/locations', newLocation())).status)
      await sleep(50)
    }
  })
  return {
    statuses,
    async finish() {
      ending.abort()
      await Promise.all(running)
    },
  }
}

/** Backends whose commit waits for the standby. */
async function heldCommits(server: DurableServer): Promise<number> {
  const { rows } = await asAdmin(server.adminUrl, admin =>
    admin.query(`select count(*)::int as held from pg_stat_activity where wait_event = 'SyncRep'`),
  )
  return rows[0].held
}

here.report(counts)
