import pg from 'pg'
import t from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { limits } from '../../src/lib/limits.ts'
import { createTestApp } from '../support/test-app.ts'

/** What each limit of the database is called there. */
const settings: Record<keyof typeof limits.database, string> = {
  transactionMs: 'transaction_timeout',
  statementMs: 'statement_timeout',
  lockMs: 'lock_timeout',
  idleInTransactionMs: 'idle_in_transaction_session_timeout',
}

t.test('limits', async t => {
  const test = await createTestApp(t)

  for (const [role, url] of Object.entries({ cairn_app: test.appUrl, cairn_relay: test.relayUrl })) {
    t.test(`every limit of the database holds on a connection of ${role}`, async t => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      for (const [limit, setting] of Object.entries(settings)) {
        const { rows } = await client.query<{ ms: number }>(
          `select extract(epoch from current_setting($1)::interval)::float8 * 1000 as ms`,
          [setting],
        )
        t.equal(rows[0]?.ms, limits.database[limit as keyof typeof settings], setting)
      }
      t.same((await client.query('show timezone')).rows, [{ TimeZone: 'UTC' }])
      t.same((await client.query('show search_path')).rows, [{ search_path: 'cairn, public' }])
      await client.end()
    })
  }

  t.test('the budget narrows inwards', async t => {
    const { http, database, pool } = limits
    const narrowing = [
      http.requestTimeoutMs,
      http.routeMs,
      pool.queryMs,
      database.transactionMs,
      database.statementMs,
      database.lockMs,
      pool.acquireMs,
    ]
    t.same(
      narrowing,
      [...new Set(narrowing)].sort((a, b) => b - a),
    )
    t.ok(http.longPollSeconds * 1000 < http.connectionTimeoutMs)
    t.ok(
      limits.audit.lateSeconds * 1000 > database.transactionMs,
      'no transaction outlasts the sealing window',
    )
  })

  t.test('a statement that waits for a lock gives up in time, and one that runs too long', async t => {
    const [holder, waiter] = [
      new pg.Client({ connectionString: test.adminUrl }),
      new pg.Client({ connectionString: test.appUrl }),
    ]
    await Promise.all([holder.connect(), waiter.connect()])
    await holder.query('begin')
    await holder.query('lock table cairn.locations in access exclusive mode')
    const startedAt = performance.now()
    await t.rejects(waiter.query('select from locations'), { code: '55P03' })
    const took = performance.now() - startedAt
    t.ok(took >= limits.database.lockMs - 50 && took < limits.database.statementMs)
    await holder.query('rollback')
    await Promise.all([holder.end(), waiter.end()])
  })

  const pooled = process.env.TEST_POOLER && 'a pooler holds no connection for a client between transactions'
  t.test(
    'a connection that is lost in use fails its query and not the process',
    { skip: pooled || false },
    async t => {
      const pool = createPool({ url: test.appUrl, size: 1, applicationName: 'lost', onError: () => {} })
      const admin = new pg.Client({ connectionString: test.adminUrl })
      await admin.connect()
      const client = await pool.connect()
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lost'`,
      )
      await t.rejects(client.query('select 1'))
      client.release(true)
      t.same((await pool.query('select 1 as one')).rows, [{ one: 1 }])
      await pool.end()
      await admin.end()
    },
  )
})
