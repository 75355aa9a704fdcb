import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { assertFencedRole } from '../../src/lib/database/roles.ts'
import { Problem } from '../../src/lib/problems.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { createTestPractice } from '../support/practice.ts'
import { answerOf } from '../support/round-trips/index.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

t.test('practice transactions', async t => {
  const test = await createTestApp(t)
  const { database } = test.house
  const mine = await createTestPractice(test)
  const other = await createTestPractice(test)
  const countPractices = (practiceId: string) =>
    inPractice(database, systemScope(practiceId, 'test'), async trx => {
      const { rows } = await sql<{ id: string }>`select practice_id as id from practices`.execute(trx)
      return rows.map(row => row.id)
    })

  t.test('a query that forgets its practice sees only its own', async t => {
    t.same(await countPractices(mine.id), [mine.id])
    t.same(await countPractices(other.id), [other.id])
  })

  t.test('the context ends with the transaction, also under load on few connections', async t => {
    const ids = Array.from({ length: 200 }, (_, n) => (n % 2 ? mine.id : other.id))
    const seen = await Promise.all(ids.map(countPractices))
    t.ok(seen.every((found, n) => found.length === 1 && found[0] === ids[n]))
    await t.rejects(database.pool.query('select * from practices'), /app.practice_id is not set/)
  })

  t.test(
    'a failed queued write fails the whole transaction, although COMMIT itself does not fail',
    async t => {
      const work = inPractice(database, systemScope(mine.id, 'test'), async trx => {
        await trx
          .updateTable('practices')
          .set({ phone: 'half-written' })
          .where('practice_id', '=', mine.id)
          .execute()
        trx.later(trx.insertInto('practice_directory').values({ practice_id: mine.id }))
      })
      await t.rejects(work, { code: '23505' })
      t.equal((await mine.owner.get('/v1/practice')).body.phone, null)
    },
  )

  t.test('what is thrown rolls back, and the connection is fit for the next', async t => {
    for (let n = 0; n < 20; n++) {
      await t.rejects(
        inPractice(database, systemScope(mine.id, 'test'), async trx => {
          await trx.updateTable('practices').set({ phone: 'x' }).where('practice_id', '=', mine.id).execute()
          throw new Problem('conflict')
        }),
      )
    }
    t.same(await countPractices(mine.id), [mine.id])
    t.equal((await mine.owner.get('/v1/practice')).body.phone, null)
  })

  t.test(
    'of queries that were sent together the one that failed is heard of, not those behind it',
    async t => {
      const failure = inPractice(database, systemScope(mine.id, 'test'), async trx =>
        Promise.all([
          trx
            .updateTable('practices')
            .set({ status: 'nowhere' })
            .where('practice_id', '=', mine.id)
            .returningAll()
            .executeTakeFirstOrThrow(),
          sql`select 1`.execute(trx),
        ]),
      )
      await t.rejects(failure, { code: '23514' })
    },
  )

  t.test('what stood behind a statement that failed was not run, and can be asked again', async t => {
    const { database: own } = await counting(t, test)
    const inMine = <T>(work: Parameters<typeof inPractice<T>>[2]) =>
      inPractice(own, systemScope(mine.id, 'test'), work)
    const asked = sql<{ it: string }>`select 'asked behind a failure' as it`
    const failure = inMine(trx =>
      Promise.all([sql`select 1 / 0`.execute(trx), asked.execute(trx), asked.execute(trx)]),
    )
    await t.rejects(failure, { code: '22012' })
    const expected = [{ it: 'asked behind a failure' }]
    for (let n = 0; n < 3; n++) t.same((await inMine(trx => asked.execute(trx))).rows, expected)
  })

  t.test('what cannot be sent fails alone: nothing of it reaches the connection', async t => {
    const { database: own } = await counting(t, test)
    const inMine = <T>(work: Parameters<typeof inPractice<T>>[2]) =>
      inPractice(own, systemScope(mine.id, 'test'), work)
    const circle: { self?: unknown } = {}
    circle.self = circle
    await t.rejects(
      inMine(trx => sql`select ${circle}::jsonb`.execute(trx)),
      TypeError,
    )
    t.same((await inMine(trx => sql`select 1 as it`.execute(trx))).rows, [{ it: 1 }])
  })

  t.test(
    'a read takes two round trips: the door rides with the query, the audit row with the commit',
    async t => {
      const { count, database: own } = await counting(t, test)
      const read = (queries: number) =>
        inPractice(own, systemScope(mine.id, 'test'), trx =>
          Promise.all(
            Array.from({ length: queries }, () =>
              trx.selectFrom('practices').select('name').where('practice_id', '=', mine.id).execute(),
            ),
          ),
        )
      t.equal(await count(() => read(1)), 2)
      t.equal(await count(() => read(8)), 2, 'and so do reads that are sent together')
    },
  )

  t.test('a deadlock is run again, not shown', async t => {
    const location = async (name: string) =>
      (await mine.owner.post('/v1/locations', { name, timeZone: 'UTC' })).body.id
    const [a, b] = [await location('Deadlock A'), await location('Deadlock B')]
    const lockBoth = (first: string, second: string) =>
      inPractice(database, systemScope(mine.id, 'test'), async trx => {
        for (const id of [first, second]) {
          await trx
            .selectFrom('locations')
            .select('id')
            .where('practice_id', '=', mine.id)
            .where('id', '=', id)
            .forUpdate()
            .execute()
          await new Promise(done => setTimeout(done, 100))
        }
        return 'done'
      })
    t.same(await Promise.all([lockBoth(a, b), lockBoth(b, a)]), ['done', 'done'])
  })

  t.test('a full pool answers 503 with Retry-After, and recovers', async t => {
    const held = await Promise.all(Array.from({ length: 6 }, () => database.pool.connect()))
    const { status, headers, body } = await mine.owner.get('/v1/practice')
    t.equal(status, 503)
    t.equal(body.code, 'service-busy')
    t.ok(headers['retry-after'])
    t.equal((await test.app.inject({ url: '/livez' })).statusCode, 200)
    for (const client of held) client.release()
    t.equal((await mine.owner.get('/v1/practice')).status, 200)
  })

  t.test('a killed connection is 503 at most once, then healed', async t => {
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cairn_app' and datname = current_database()`,
      ),
    )
    const replies = []
    for (let n = 0; n < 10; n++) replies.push((await mine.owner.get('/v1/practice')).status)
    t.equal(replies.at(-1), 200)
    t.notOk(replies.includes(500))
  })
})

/** A database of one connection, and how often it was waited for the server while something ran. */
async function counting(t: Test, test: TestApp) {
  const pool = createPool({ url: test.appUrl, size: 1, applicationName: 'trips', onError: () => {} })
  t.teardown(() => pool.end())
  const client = await pool.connect()
  let [trips, underWay] = [0, 0]
  const query = (asked: unknown) => {
    if (underWay === 0) trips++
    underWay++
    const answer = Reflect.apply(pg.Client.prototype.query, client, [asked])
    answerOf(answer).finally(() => underWay--)
    return answer
  }
  Object.assign(client, { query }).release()
  const count = async (work: () => Promise<unknown>) => {
    trips = 0
    await work()
    return trips
  }
  return { count, database: { ...test.house.database, pool } }
}

t.test('a role that could bypass row security is refused at boot, with what to do', async t => {
  const test = await createTestApp(t)
  const admin = createPool({ url: test.adminUrl, size: 2, applicationName: 'boot', onError: () => {} })
  t.teardown(() => admin.end())
  await t.rejects(assertFencedRole(admin, 'DATABASE_APP_URL'), /could bypass row security.*npm run migrate/s)
})

t.test('the same key sent sixteen times at once does the work once', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const key = randomUUID()
  const replies = await Promise.all(
    Array.from({ length: 16 }, () => owner.post('/v1/locations', { name: 'Once', timeZone: 'UTC' }, { key })),
  )
  t.ok(
    replies.every(reply => [201, 409, 503].includes(reply.status)),
    JSON.stringify(replies.map(reply => reply.body.code ?? reply.status)),
  )
  const ids = new Set(replies.filter(reply => reply.status === 201).map(reply => reply.body.id))
  t.equal(ids.size, 1)
  t.equal((await owner.get('/v1/locations')).body.data.length, 1)
  const stored = await asAdmin(test.adminUrl, (admin: pg.Client) =>
    admin.query('select response from cairn.idempotency_keys'),
  )
  t.notMatch(stored.rows[0].response.toString('latin1'), /Once/)
})

t.test('a key belongs to its actor: another may use the same for its own work', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const admin = await practice.staff(['admin'])
  const key = randomUUID()
  t.equal((await practice.owner.post('/v1/locations', { name: 'A', timeZone: 'UTC' }, { key })).status, 201)
  const second = await admin.post('/v1/locations', { name: 'B', timeZone: 'UTC' }, { key })
  t.equal(second.status, 201)
  t.equal(second.body.name, 'B')
})

t.test('access is audited once per request, granted or denied', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  await practice.owner.get('/v1/practice')
  await clinician.post('/v1/locations', { name: 'X', timeZone: 'UTC' })
  await clinician.get(`/v1/locations/${randomUUID()}`)
  const { rows } = await asAdmin(test.adminUrl, (admin: pg.Client) =>
    admin.query(
      'select operation, decision, outcome from cairn.audit_log where practice_id = $1 order by id',
      [practice.id],
    ),
  )
  t.same(rows, [
    { operation: 'getPractice', decision: 'granted', outcome: null },
    { operation: 'createLocation', decision: 'denied', outcome: 'not-permitted' },
    { operation: 'getLocation', decision: 'denied', outcome: 'not-found' },
  ])
})
