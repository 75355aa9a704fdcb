import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { startWorker } from '../../src/lib/jobs/worker.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { loadLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { missing, proof } from '../support/proof.ts'
import {
  followsNamedStatements,
  type Pooler,
  startPooler,
  stopPooler,
} from '../support/proofs/cluster/pgbouncer.ts'
import { wholeSuite } from '../support/proofs/cluster/whole-suite.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin, runtimeUsers, testServer } from '../support/test-server.ts'

const here = proof('pgbouncer')
// The whole suite, on few cores.
t.setTimeout(2_400_000)
const counts: Record<string, number> = { clients: 16, 'server connections': 2, requests: 0 }

await t.test(
  'in transaction mode, fewer connections than clients',
  { skip: missing('pgbouncer') },
  async t => {
    const pooler = await ownPooler()
    t.teardown(() => stopPooler(pooler))
    const test = await createTestApp(t, { pooler, crowd: 16 })
    const practices = [await createTestPractice(test), await createTestPractice(test)] as const
    const clients = Array.from({ length: 16 }, (_, n) => practices[n % 2 === 0 ? 0 : 1])

    await t.test('sixteen clients of two practices: each sees and writes its own', async t => {
      const connections = watchConnections(test.adminUrl)
      const seen = await Promise.all(clients.map((practice, n) => workOf(practice, n, here.amount(4, 100))))
      t.ok((await connections.most()) <= 2, 'over two connections')
      for (const [n, { faults }] of seen.entries()) t.same(faults, [], `client ${n}`)
      counts.requests = seen.reduce((sum, { requests }) => sum + requests, 0)
      for (const { id, owner } of practices) {
        const names = (await owner.get('/v1/locations?limit=200')).body.data.map(
          (row: { name: string }) => row.name,
        )
        t.ok(names.length > 0 && names.every((name: string) => name.startsWith(id)))
      }
    })

    await t.test('what is sent together is answered in order, whoever else sends', async t => {
      const answers = await Promise.all(
        clients.map(({ id }, n) =>
          inPractice(test.house.database, systemScope(id, 'test'), async trx => {
            const reads = Array.from({ length: 8 }, (_, k) =>
              trx
                .selectFrom('practices')
                .select(eb => ['practice_id', eb.val(`${n}-${k}`).as('mark')])
                .where('practice_id', '=', id)
                .executeTakeFirst(),
            )
            return Promise.all(reads)
          }),
        ),
      )
      for (const [n, rows] of answers.entries())
        t.same(
          rows,
          rows.map((_, k) => ({ practice_id: clients[n]?.id, mark: `${n}-${k}` })),
        )
    })

    await t.test('nothing of a client stays with a connection', async t => {
      const pool = createPool({ url: test.appUrl, size: 4, applicationName: 'next', onError: () => {} })
      t.teardown(() => pool.end())
      await t.rejects(pool.query('select * from practices'), /app.practice_id is not set/)
      const { rows } = await pool.query(
        `select coalesce(current_setting('app.practice_id', true), '') as practice,
        coalesce(current_setting('app.actor_id', true), '') as actor, current_setting('synchronous_commit') as commits,
        current_setting('statement_timeout') as statements, (select count(*)::int from pg_prepared_statements) as prepared`,
      )
      const { practice, actor, statements, prepared } = rows[0]
      t.same({ practice, actor, prepared }, { practice: '', actor: '', prepared: 0 })
      t.equal(statements, '5s', 'and the limits of the role hold')
    })

    await t.test('probes and the worker do without names too', async t => {
      for (let n = 0; n < 6; n++) t.equal((await test.app.inject('/readyz')).statusCode, 200)
      const worker = await startWorker(test.house, { relayUrl: test.relayUrl })
      t.teardown(() => worker.stop())
      const [{ id, owner }] = practices
      const count = () =>
        asAdmin(
          test.adminUrl,
          async admin =>
            (await admin.query('select from cairn.event_positions where practice_id = $1', [id])).rowCount,
        )
      await owner.post('/v1/locations', { name: `${id} late`, timeZone: 'UTC' })
      for (let attempt = 0; attempt < 100 && (await count()) === 0; attempt++)
        await new Promise(done => setTimeout(done, 50))
      t.ok((await count()) ?? 0)
    })

    const followed = followsNamedStatements() && 'this PgBouncer follows named statements'
    await t.test(
      'with names on, this PgBouncer would fail: the setting is needed',
      { skip: followed },
      async t => {
        const named = await createTestApp(t, {
          pooler,
          env: { DATABASE_POOL_SIZE: '16', DATABASE_NAMED_STATEMENTS: 'true' },
        })
        const { owner } = await createTestPractice(named)
        const replies = await Promise.all(Array.from({ length: 12 }, () => owner.get('/v1/locations')))
        t.ok(replies.some(({ status }) => status >= 500))
      },
    )
  },
)

await t.test(
  'the whole test suite passes through it',
  { skip: missing('pgbouncer') || !here.long },
  async t => {
    const { files, checks, failures } = await wholeSuite({ TEST_POOLER: 'pgbouncer' })
    t.strictSame(failures, [])
    t.ok(checks > 1_000)
    Object.assign(counts, { 'files of the whole suite': files, checks })
  },
)

here.report(counts)

async function ownPooler(): Promise<Pooler> {
  const { server, keyringFile } = await testServer()
  const keyring = await loadLocalKeyring(keyringFile)
  const users = runtimeUsers(keyring.rolePasswordMaster)
  keyring.close()
  return startPooler({ serverUrl: server.adminUrl, users, poolSize: 2, ownerPid: process.pid })
}

/** One client's requests, and whatever it saw that was not its own. */
async function workOf({ id, owner }: TestPractice, client: number, times: number) {
  const faults: unknown[] = []
  for (let n = 0; n < times; n++) {
    const key = randomUUID()
    const location = { name: `${id} ${client}-${n}`, timeZone: 'UTC' }
    const written = await owner.post('/v1/locations', location, { key })
    const practice = await owner.get('/v1/practice')
    const list = await owner.get('/v1/locations?limit=200')
    const told = [written.status, practice.status, practice.body.id, list.status].join()
    if (told !== [201, 200, id, 200].join()) faults.push(told)
    const foreign = list.body.data?.filter((row: { name: string }) => !row.name.startsWith(id))
    if (foreign?.length) faults.push(foreign)
  }
  return { faults, requests: 3 * times }
}

/** Looks again and again how many connections the runtime role has in this database. */
function watchConnections(adminUrl: string) {
  const ending = new AbortController()
  const looking = asAdmin(adminUrl, async admin => {
    let most = 0
    do {
      const { rows } = await admin.query(
        `select count(*)::int as n from pg_stat_activity where usename = 'cairn_app' and datname = current_database()`,
      )
      most = Math.max(most, rows[0].n)
      await new Promise(done => setTimeout(done, 50))
    } while (!ending.signal.aborted)
    return most
  })
  return {
    most: () => {
      ending.abort()
      return looking
    },
  }
}
