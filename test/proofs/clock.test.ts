import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { publicUrlOf } from '../../src/app.ts'
import { limits } from '../../src/lib/limits.ts'
import { type Caller, callerOf, createTestPractice } from '../support/practice.ts'
import { missing, proof } from '../support/proof.ts'
import { type DurableServer, startDurableServer } from '../support/proofs/faults/durable-server.ts'
import { createFaultedService } from '../support/proofs/faults/faulted-service.ts'
import { skewClock, trueNow } from '../support/proofs/faults/skew.ts'
import { startService } from '../support/service.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin, databaseUrl } from '../support/test-server.ts'
import { createWorld } from '../support/world.ts'

// The clock of the service is wrong, and jumps. PostgreSQL's is right.

const here = proof('clock')
const minute = 60_000
const leewayMs = limits.tokens.clockToleranceSeconds * 1_000
/** By the true clock. */
const tenMinutesAhead = ['portal_sessions.expires_at']
const figures = { 'columns of time': 0, moments: 0 }

t.test('a clock that is wrong', async t => {
  t.teardown(() => skewClock(0))
  const test = await createTestApp(t)

  for (const skewMs of here.long ? [10 * minute, -10 * minute] : [10 * minute]) {
    t.test(
      `by ${skewMs / minute} minutes: whatever is written down has the time of the database`,
      async t => {
        const from = trueNow()
        skewClock(skewMs)
        await createWorld(test)
        skewClock(0)
        const wrong = await momentsBetween(test, from + skewMs, trueNow() + skewMs)
        t.same(
          wrong.filter(name => !tenMinutesAhead.includes(name)),
          [],
        )
        t.ok(
          (await momentsBetween(test, from, trueNow())).length > 20,
          'while many columns hold the true time',
        )
      },
    )
  }

  t.test('tokens are good for their time and the leeway, in both directions', async t => {
    const at = async (issuedMs: number, usedMs: number) => {
      skewClock(issuedMs)
      const { owner } = await createTestPractice(test)
      skewClock(usedMs)
      const { status } = await owner.get('/v1/practice')
      skewClock(0)
      return status
    }
    const lifeMs = limits.tokens.accessSeconds * 1_000
    const slack = 5_000
    t.equal(await at(0, lifeMs + leewayMs - slack), 200, 'expired within the leeway')
    t.equal(await at(0, lifeMs + leewayMs + slack), 401, 'expired beyond it')
    t.equal(await at(0, -leewayMs + slack), 200, 'from a future within the leeway')
    t.equal(await at(0, -leewayMs - slack), 401, 'from beyond it')
    t.equal(await at(10 * minute, 10 * minute), 200, 'whoever is wrong agrees with itself')
  })

  t.test('a clock that jumps', async t => {
    const { owner } = await createTestPractice(test)
    const key = randomUUID()
    const make = (caller: Caller) =>
      caller.post('/v1/locations', { name: 'Once (fictional)', timeZone: 'UTC' }, { key })
    const first = await make(owner)
    t.equal(first.status, 201)
    const isAnsweredAlike = async () => {
      const again = await make(renewed(test, owner))
      t.match(again, {
        status: 201,
        body: { id: first.body.id },
        headers: { 'idempotency-replayed': 'true' },
      })
    }
    for (const skewMs of [10 * minute + leewayMs + 5_000, -10 * minute]) {
      skewClock(skewMs)
      t.equal((await owner.get('/v1/practice')).status, 401, 'the old token is out of its time')
      await isAnsweredAlike()
    }
    // A little later than the first time, so that the new token is not the old one.
    skewClock(1_500)
    await isAnsweredAlike()
  })
})

t.test(
  'a process whose clock is wrong, beside one whose clock is right',
  { skip: skipProcess() },
  async t => {
    const server = await startDurableServer(t)
    const right = await createFaultedService(t, { server, worker: false })
    const { owner } = await createTestPractice(right)
    const { clock, service: wrong } = await startSkewed(t, server, right)
    const ask = async (method: string, token: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const url = `${wrong.url}/v1/${body ? 'locations' : 'practice'}`
      return (await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })).status
    }
    const wanted: [skew: string, status: number][] = [
      ['+0', 200],
      ['+50s', 200],
      ['-50s', 200],
      ['+10m', 200],
      ['+12m', 401],
      ['-10m', 401],
      ['+0', 200],
    ]
    for (const [skew, status] of wanted) {
      await clock(skew)
      const from = trueNow()
      // Another second than before: the same claims would else make the same token.
      await sleep(1_100)
      const { token } = renewed(right, owner)
      t.equal(await ask('GET', token), status, `${skew}: a token that another process just gave`)
      const made = await ask('POST', token, { name: `Made at ${skew} ${from} (fictional)`, timeZone: 'UTC' })
      t.equal(made, status === 200 ? 201 : 401)
      if (skew === '+10m')
        t.same(
          await momentsBetween(right, from + 10 * minute - 2_000, trueNow() + 10 * minute),
          [],
          'database time',
        )
    }
  },
)

t.test('figures', async () => {
  here.report(figures)
})

function skipProcess(): string | false {
  if (!here.long) return 'long form only: it needs a server and a process of its own'
  return missing('faketime')
}

/** A second process of the service on the same database. @returns it, and what sets its clock while it runs */
async function startSkewed(t: Test, { adminUrl, dataDir }: DurableServer, { house }: TestApp) {
  const { stdout } = spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' })
  const file = path.join(dataDir, 'clock')
  const clock = (skew: string) => writeFile(file, skew)
  await clock('+0')
  const service = await startService(dataDir, {
    DATABASE_URL: databaseUrl(adminUrl, 'faults'),
    CAIRN_KEYRING_FILE: path.join(dataDir, 'keyring.json'),
    MIGRATE_ON_START: 'false',
    PUBLIC_URL: publicUrlOf(house),
    PROCESS_ROLE: 'api',
    LD_PRELOAD: stdout.trim(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // Timers go by the other clock, as they do when only the time of day is wrong.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  t.teardown(() => service.stop())
  return { clock, service }
}

/** A fresh token for the same session, as a refresh would give it. */
function renewed(test: TestApp, { token, actorId, staffId }: Caller): Caller {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const { iat: _issued, exp: _expires, iss: _issuer, aud: _audience, ...claims } = JSON.parse(payload)
  return callerOf(test, test.app.signAccessToken(claims), actorId, staffId)
}

/** The columns, of all tables there are, that hold a moment between these: `table.column`. */
async function momentsBetween(test: TestApp, from: number, until: number): Promise<string[]> {
  return asAdmin(test.adminUrl, async admin => {
    const { rows: columns } = await admin.query<{ name: string; query: string }>(
      `select c.relname || '.' || a.attname as name,
         format('select %L as name from cairn.%I where %I between $1 and $2 having count(*) > 0',
           c.relname || '.' || a.attname, c.relname, a.attname) as query
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.atttypid = 'timestamptz'::regtype and not a.attisdropped`,
    )
    figures['columns of time'] = columns.length
    const found = await admin.query<{ name: string }>(columns.map(({ query }) => query).join(' union all '), [
      new Date(from),
      new Date(until),
    ])
    figures.moments += found.rows.length
    return found.rows.map(({ name }) => name)
  })
}
