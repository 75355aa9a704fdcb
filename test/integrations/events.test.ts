import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { emit } from '../../src/lib/events.ts'
import { startWorker } from '../../src/lib/jobs/worker.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { until } from '../support/until.ts'

interface FeedEvent {
  id: string
  type: string
  resource: { id: string }
}

/** Follows the feed to its end. */
async function readAll(reader: Caller, query = ''): Promise<{ events: FeedEvent[]; cursor: string }> {
  const events: FeedEvent[] = []
  let cursor = ''
  for (;;) {
    const { body } = await reader.get(`/v1/events?limit=50${query}${cursor ? `&cursor=${cursor}` : ''}`)
    events.push(...body.data)
    cursor = body.nextCursor
    if (body.data.length === 0) return { events, cursor }
  }
}

const makeLocation = (caller: Caller, name: string) =>
  caller.post('/v1/locations', { name, timeZone: 'America/Los_Angeles' })

const emitIn = (test: TestApp, practiceId: string, resourceId: string, hold: Promise<unknown>) =>
  inPractice(test.house.database, systemScope(practiceId, 'test'), async trx => {
    emit(trx, { type: 'practice.updated', resourceId })
    // The transaction begins now and commits when it is let go.
    await trx.selectFrom('practices').select('name').where('practice_id', '=', practiceId).execute()
    await hold
  })

t.test('events', async t => {
  const test = await createTestApp(t)
  const worker = await startWorker(test.house, { relayUrl: test.relayUrl })
  const second = await startWorker(test.house, { relayUrl: test.relayUrl })
  t.teardown(async () => {
    await Promise.all([worker.stop(), second.stop()])
  })
  const { owner } = await createTestPractice(test)

  t.test('what happens is told in order, without content, and the cursor goes on from there', async t => {
    const first = await makeLocation(owner, 'First')
    await until('the events are there', async () => (await readAll(owner)).events.length === 1)
    const { events, cursor } = await readAll(owner)
    t.same(
      events.map(event => [event.type, event.resource]),
      [['location.created', { type: 'location', id: first.body.id, version: 1 }]],
    )
    const empty = await owner.get(`/v1/events?cursor=${cursor}`)
    t.same(empty.body.data, [])
    t.type(empty.body.nextCursor, 'string')
    const next = await makeLocation(owner, 'Second')
    await until(
      'the events are there',
      async () => (await owner.get(`/v1/events?cursor=${cursor}`)).body.data.length === 1,
    )
    const { body } = await owner.get(`/v1/events?cursor=${cursor}`)
    t.equal(body.data[0].resource.id, next.body.id)
  })

  t.test('a waiting reader is woken within a second, and audited once', async t => {
    const { cursor } = await readAll(owner)
    const waiting = owner.get(`/v1/events?cursor=${cursor}&waitSeconds=20`)
    await sleep(400)
    const { pool } = test.house.database
    t.equal(pool.waitingCount, 0)
    const startedAt = performance.now()
    const made = await makeLocation(owner, 'Awaited')
    const { body } = await waiting
    t.ok(performance.now() - startedAt < 1_000, 'it took less than a second')
    t.equal(body.data[0].resource.id, made.body.id)
  })

  t.test('nothing new within the time is an empty page with a cursor', async t => {
    const { cursor } = await readAll(owner)
    const startedAt = performance.now()
    const { body } = await owner.get(`/v1/events?cursor=${cursor}&waitSeconds=1`)
    t.ok(performance.now() - startedAt >= 900)
    t.same(body.data, [])
    t.ok(body.nextCursor)
  })

  t.test('an event of a type nobody asked for does not wake, and is passed over', async t => {
    const { cursor } = await readAll(owner, '&types=room.created')
    const waiting = owner.get(`/v1/events?cursor=${cursor}&types=room.created&waitSeconds=1`)
    await makeLocation(owner, 'Not asked for')
    t.same((await waiting).body.data, [])
  })

  t.test('types are chosen by comma or by repeating, and must exist', async t => {
    const one = await readAll(owner, '&types=location.updated,location.created')
    const two = await owner.get(
      '/v1/events?limit=200&types=location.created&types=location.updated&types=location.created',
    )
    t.same(
      one.events.map(event => event.id),
      two.body.data.map((event: FeedEvent) => event.id),
    )
    const wrong = await owner.get('/v1/events?types=canary.value')
    t.equal(wrong.status, 400)
    t.notMatch(JSON.stringify(wrong.body), /canary/)
  })

  t.test('a cursor is bound to its filter and its reader', async t => {
    const { cursor } = await readAll(owner)
    t.equal((await owner.get(`/v1/events?cursor=${cursor}&types=room.created`)).body.code, 'invalid-cursor')
    const stranger = (await createTestPractice(test)).owner
    t.equal((await stranger.get(`/v1/events?cursor=${cursor}`)).body.code, 'invalid-cursor')
  })

  t.test('another practice is never heard of, and a clinician does not follow the feed', async t => {
    const other = await createTestPractice(test)
    t.same((await readAll(other.owner)).events, [])
    const clinician = await other.staff(['clinician'])
    t.equal((await clinician.get('/v1/events')).body.code, 'not-permitted')
    t.equal((await other.owner.get('/v1/events?waitSeconds=21')).status, 400)
  })

  t.test('types whose permission the reader lacks are left out', async t => {
    const practice = await createTestPractice(test)
    await inPractice(test.house.database, systemScope(practice.id, 'test'), async trx => {
      emit(trx, { type: 'api-client.created', resourceId: randomUUID() })
      emit(trx, { type: 'practice.updated', resourceId: practice.id })
    })
    const admin = await practice.staff(['admin'])
    await until('the events are there', async () => (await readAll(practice.owner)).events.length === 2)
    t.same(
      (await readAll(admin)).events.map(event => event.type),
      ['practice.updated'],
    )
  })

  t.test('an event that commits late comes after one that began later, and is not skipped', async t => {
    const practice = await createTestPractice(test)
    const [late, early] = [randomUUID(), randomUUID()]
    let letGo = () => {}
    const held = new Promise<void>(resolve => (letGo = resolve))
    const slow = emitIn(test, practice.id, late, held)
    await sleep(50)
    await emitIn(test, practice.id, early, Promise.resolve())
    await until('the events are there', async () => (await readAll(practice.owner)).events.length === 1)
    const before = await readAll(practice.owner)
    t.same(
      before.events.map(event => event.resource.id),
      [early],
    )
    letGo()
    await slow
    const woken = await practice.owner.get(`/v1/events?cursor=${before.cursor}&waitSeconds=5`)
    t.same(
      woken.body.data.map((event: FeedEvent) => event.resource.id),
      [late],
    )
  })

  t.test('eight writers at once: a reader who follows misses nothing and sees nothing twice', async t => {
    const practice = await createTestPractice(test)
    const written: string[] = []
    const writer = async () => {
      for (let n = 0; n < 15; n++) {
        const id = randomUUID()
        await emitIn(test, practice.id, id, sleep(Math.random() * 12)).then(
          () => void written.push(id),
          () => sleep(20),
        )
      }
    }
    let writing = true
    const seen: string[] = []
    const follow = async () => {
      let cursor = ''
      for (;;) {
        const last = !writing
        const { body } = await practice.owner.get(
          `/v1/events?limit=7&waitSeconds=1${cursor ? `&cursor=${cursor}` : ''}`,
        )
        if (!body.data) continue
        seen.push(...body.data.map((event: FeedEvent) => event.resource.id))
        cursor = body.nextCursor
        if (last && body.data.length === 0) return
      }
    }
    const following = follow()
    await Promise.all(Array.from({ length: 8 }, writer))
    writing = false
    await following
    t.ok(written.length > 60)
    t.equal(seen.length, written.length)
    t.same([...seen].sort(), [...written].sort())
  })

  t.test('waiting readers hold no connection', async t => {
    const practice = await createTestPractice(test)
    let answered = 0
    const readers = Array.from({ length: 20 }, async () => {
      const reply = await practice.owner.get('/v1/events?waitSeconds=5')
      answered += 1
      return reply
    })
    const held = () =>
      asAdmin(test.adminUrl, async admin => {
        const { rows } = await admin.query(`select count(*)::int as n from pg_stat_activity
          where usename = 'cairn_app' and datname = current_database() and state like 'idle in transaction%'`)
        return rows[0].n
      })
    await sleep(500)
    await until('no reader holds a connection', async () => (await held()) === 0, { seconds: 4 })
    t.equal(answered, 0, 'while all of them wait')
    t.ok((await Promise.all(readers)).every(reply => reply.status === 200))
    const rows = await asAdmin(test.adminUrl, admin =>
      admin.query('select from cairn.audit_log where practice_id = $1 and operation = $2', [
        practice.id,
        'listEvents',
      ]),
    )
    t.equal(rows.rowCount, 20)
  })
})

t.test('a reader who hangs up is forgotten at once, and still audited', async t => {
  const test = await createTestApp(t)
  const { owner, id } = await createTestPractice(test)
  const url = await test.app.listen({ port: 0, host: '127.0.0.1' })
  const hangUp = new AbortController()
  const waiting = fetch(`${url}/v1/events?waitSeconds=20`, {
    headers: { authorization: `Bearer ${owner.token}` },
    signal: hangUp.signal,
  })
  await sleep(300)
  hangUp.abort()
  await t.rejects(waiting)
  await until('the events are there', async () => {
    const { rowCount } = await asAdmin(test.adminUrl, admin =>
      admin.query(`select from cairn.audit_log where practice_id = $1 and operation = 'listEvents'`, [id]),
    )
    return rowCount === 1
  })
})

t.test('readers who wait are let go when the service closes or drains', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const startedAt = performance.now()
  const waiting = owner.get('/v1/events?waitSeconds=20')
  await sleep(300)
  test.app.draining = true
  t.equal((await waiting).status, 200)
  t.ok(performance.now() - startedAt < 2_000)
})
