import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { toProblem } from '../../src/plugins/problem-details.ts'
import { createTestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import {
  askEverything,
  checkIndexes,
  checkProbesWhileAway,
  hold,
  median,
  most,
  underLoad,
} from '../support/proofs/faults/checks.ts'
import { fileOf, flipBytes } from '../support/proofs/faults/damage.ts'
import { startDurableServer } from '../support/proofs/faults/durable-server.ts'
import { createFaultedService } from '../support/proofs/faults/faulted-service.ts'
import { asAdmin } from '../support/test-server.ts'

// PostgreSQL is killed, stopped, exhausted, locked and damaged under a service that goes on.

const here = proof('postgres-faults')
const afterMs = here.amount(1_100, 2_500)
const recoveries: number[] = []
const totals = { acknowledged: 0, resolvedByKey: 0, turnedAway: 0 }

t.test('faults of PostgreSQL', async t => {
  const server = await startDurableServer(t)
  const service = await createFaultedService(t, { server })
  const { owner } = await createTestPractice(service)
  const { pool } = service.house.database

  const ends: Record<string, () => Promise<void>> = {
    killed: () => server.kill(),
    ...(here.long && {
      'stopped in good order': () => server.stop('fast'),
      'stopped at once': () => server.stop('immediate'),
    }),
  }
  for (const [name, end] of Object.entries(ends)) {
    t.test(`${name} and started again`, async t => {
      for (let n = 0; n < here.amount(1, 5, 'FAULT_REPETITIONS'); n++) {
        const result = await underLoad(t, service, owner, {
          fault: async t => {
            await end()
            await checkProbesWhileAway(t, service)
          },
          heal: () => server.start(),
          afterMs,
        })
        keep(result)
      }
      t.ok(
        service.logLines.some(line => JSON.parse(line).msg === 'recovered'),
        'the end of the outage is logged',
      )
      Object.assign(totals, { 'indexes checked': await checkIndexes(service.adminUrl) })
    })
  }

  t.test('every connection ended by an administrator, again and again', async t => {
    const result = await underLoad(t, service, owner, {
      fault: async () => {
        for (let n = 0; n < here.amount(3, 20); n++) {
          await asAdmin(service.adminUrl, admin =>
            admin.query(
              `select pg_terminate_backend(pid) from pg_stat_activity where usename like 'cairn\\_%'`,
            ),
          )
          await sleep(50)
        }
      },
      afterMs: here.amount(300, 2_500),
    })
    keep(result)
  })

  function keep(result: { recoveryMs: number } & typeof totals): void {
    recoveries.push(result.recoveryMs)
    for (const what of ['acknowledged', 'resolvedByKey', 'turnedAway'] as const) totals[what] += result[what]
  }

  t.test(
    'every connection busy: 503 in time, alive, not ready, and served again when one is free',
    async t => {
      const seconds = here.amount(1.6, 4)
      const busy = Array.from({ length: pool.options.max }, () =>
        pool.query('select pg_sleep($1)', [seconds]),
      )
      const startedAt = performance.now()
      const [{ status, headers }] = await Promise.all([
        owner.get('/v1/practice'),
        checkProbesWhileAway(t, service),
      ])
      const took = performance.now() - startedAt
      t.equal(status, 503)
      t.ok(headers['retry-after'])
      t.ok(took < limits.pool.acquireMs + 750, `turned away after ${Math.round(took)} ms`)
      await Promise.all(busy)
      const freeAt = performance.now()
      t.equal((await owner.get('/v1/practice')).status, 200)
      t.ok(performance.now() - freeAt < 1_000)
    },
  )

  t.test(
    'whoever waits for a lock gives up in time, and whoever goes away leaves no connection behind',
    async t => {
      const { body: location } = await owner.post('/v1/locations', {
        name: 'Held (fictional)',
        timeZone: 'UTC',
      })
      const [address, rooms] = [`/v1/locations/${location.id}`, `/v1/locations/${location.id}/rooms`]
      const key = randomUUID()
      const change = () => owner.patch(address, { name: 'New' }, { ifMatch: location.version })
      const make = () => owner.post(rooms, { name: 'Blue', capacity: 2 }, { key })
      const row = `select from cairn.locations where id = '${location.id}' for update`
      const letGo = await hold(service.adminUrl, `lock table cairn.rooms in access exclusive mode; ${row}`)
      const startedAt = performance.now()
      const left = comeAndGo(`${service.url}${rooms}`, owner.token)
      const [changed, made] = await Promise.all([change(), make()])
      const took = performance.now() - startedAt
      t.same([changed.status, made.status], [503, 503])
      t.ok(changed.headers['retry-after'] && made.headers['retry-after'])
      t.ok(
        took > limits.database.lockMs - 100 && took < limits.database.lockMs + 1_500,
        `after ${Math.round(took)} ms`,
      )
      await left
      while (pool.totalCount > pool.idleCount) await sleep(5)
      t.ok(performance.now() - startedAt < limits.database.lockMs + 2_000, 'whose caller has gone ends too')
      await letGo()
      t.equal((await change()).status, 200)
      t.equal((await make()).status, 201)
    },
  )

  t.test('PostgreSQL ends what takes too long, and the service takes it as an outage', async t => {
    const given = limits.database
    const ms = (limit: number) => (here.long ? limit : 100)
    const refusals = await Promise.all([
      refusalBy(pool, 'statement_timeout', ms(given.statementMs), async (client, limit) =>
        client.query('select pg_sleep($1)', [(limit + 300) / 1_000]),
      ),
      refusalBy(
        pool,
        'idle_in_transaction_session_timeout',
        ms(given.idleInTransactionMs),
        (_client, limit) => sleep(limit + 300),
      ),
      refusalBy(pool, 'transaction_timeout', ms(given.transactionMs), async (client, limit) => {
        for (let n = 0; n < 4; n++) await client.query('select pg_sleep($1)', [(limit + 300) / 4_000])
      }),
    ])
    t.same(refusals, ['service-busy', 'service-busy', 'service-busy'])
    t.equal((await owner.get('/v1/practice')).status, 200)
  })

  t.test('a damaged page is an alarm, never an answer', async t => {
    for (let n = 0; n < 3; n++)
      await owner.post('/v1/locations', { name: `Place ${n} (fictional)`, timeZone: 'UTC' })
    const file = await fileOf(server, service.adminUrl, 'cairn.locations')
    await server.stop('fast')
    const { operations, busy } = await askEverything(t, service, owner, here.amount(4, 1))
    t.ok(busy > 0.9 * operations, `without PostgreSQL ${busy} of ${operations} operations say 503`)
    Object.assign(totals, { operations })
    const mend = await flipBytes(file)
    await server.start()
    const before = service.logLines.length
    const damaged = await owner.get('/v1/locations')
    t.equal(damaged.status, 500)
    t.equal(damaged.body.code, 'internal-error')
    const alarm = service.logLines.slice(before).find(line => JSON.parse(line).msg === 'request failed')
    t.match(JSON.parse(alarm ?? '{}'), { level: 50, cause: { code: 'XX001' } })
    t.equal((await owner.get('/v1/clients')).status, 200, 'the rest is served')
    await server.stop('fast')
    await mend()
    await server.start()
    t.equal((await owner.get('/v1/locations')).status, 200)
  })
})

/** How the service answers when a transaction goes beyond a limit of the database. */
async function refusalBy(
  pool: Pool,
  setting: string,
  limitMs: number,
  exceed: (client: PoolClient, limitMs: number) => Promise<unknown>,
): Promise<string> {
  const client = await pool.connect()
  try {
    await client.query(`set ${setting} to ${limitMs}`)
    await client.query('begin')
    await exceed(client, limitMs)
    await client.query('commit')
    return 'went through'
  } catch (error) {
    return toProblem(error).code
  } finally {
    client.release(true)
  }
}

/** A client that hangs up while it is being served. */
async function comeAndGo(url: string, token: string): Promise<void> {
  const leave = new AbortController()
  const asked = fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leave.signal })
  setTimeout(() => leave.abort(), 100)
  await asked.then(
    () => Promise.reject(new Error('It was answered before it could leave')),
    () => {},
  )
}

t.test('figures', async () => {
  here.report({
    ...totals,
    'median recovery in ms': median(recoveries),
    'longest recovery in ms': most(recoveries),
  })
})
