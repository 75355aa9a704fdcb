import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { createPool } from '../../src/lib/database/connect.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import type { Job, JobHandler } from '../../src/lib/jobs/handlers.ts'
import { keepHouse } from '../../src/lib/jobs/housekeeping.ts'
import { startWorker } from '../../src/lib/jobs/worker.ts'
import { enqueue } from '../../src/lib/outbox.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { until } from '../support/until.ts'

const later = (test: TestApp, practiceId: string, subjectId: string) =>
  inPractice(test.house.database, systemScope(practiceId, 'test'), async trx => {
    enqueue(trx, 'send-mail', subjectId)
  })

const rowsOf = async (test: TestApp, text: string, values: unknown[] = []) =>
  (await asAdmin(test.adminUrl, admin => admin.query(text, values))).rows

t.test('later work', async t => {
  const test = await createTestApp(t)
  const done: Job[] = []
  const poison = uuidv7()
  const work: JobHandler = async (_house, job) => {
    done.push(job)
    if (job.subjectId === poison) throw new Error('canary: text of a person')
  }
  const handlers = {
    'send-mail': work,
    'alert-response': work,
    'assessment-expiry': work,
    'release-hold-expiry': work,
    'note-release': work,
    'client-message': work,
    'waitlist-opening': work,
    'journey-migration': work,
    'partner-consent-withdrawal': work,
  }
  const workers = await Promise.all(
    [1, 2].map(() => startWorker(test.house, { relayUrl: test.relayUrl, handlers })),
  )
  t.teardown(() => Promise.all(workers.map(worker => worker.stop())))
  const practice = await createTestPractice(test)

  t.test('is done once, by two workers, with the practice of its row', async t => {
    const subjects = Array.from({ length: 30 }, () => uuidv7())
    await Promise.all(subjects.map(subject => later(test, practice.id, subject)))
    await until('each is done', () => done.length >= subjects.length)
    await sleep(300)
    t.equal(done.length, subjects.length)
    t.same(done.map(job => job.subjectId).sort(), [...subjects].sort())
    t.ok(done.every(job => job.practiceId === practice.id))
    await until(
      'each is noted as done',
      async () => (await rowsOf(test, 'select from cairn.outbox where done_at is null')).length === 0,
    )
    t.same(
      await rowsOf(
        test,
        `select distinct data - 'outboxId' as more from pgboss.job where name = 'send-mail'`,
      ),
      [{ more: {} }],
    )
  })

  t.test('a second delivery of done work does nothing', async t => {
    const [row] = await rowsOf(test, 'select id from cairn.outbox limit 1')
    const before = done.length
    await asAdmin(test.adminUrl, async admin => {
      await admin.query('delete from pgboss.job where id = $1', [row.id])
      await admin.query('update cairn.outbox set handed_over_at = null where id = $1', [row.id])
    })
    await until(
      'it is delivered again',
      async () =>
        (await rowsOf(test, `select from pgboss.job where id = $1 and state = 'completed'`, [row.id]))
          .length === 1,
    )
    t.equal(done.length, before)
  })

  t.test('a payload that lies about practice and subject is not believed', async t => {
    const id = uuidv7()
    const before = done.length
    await asAdmin(test.adminUrl, admin =>
      admin.query(`insert into pgboss.job (id, name, data, retry_limit) values ($1, 'send-mail', $2, 0)`, [
        id,
        { outboxId: id, practiceId: practice.id, subjectId: uuidv7() },
      ]),
    )
    await until(
      'it is delivered',
      async () =>
        (await rowsOf(test, `select from pgboss.job where id = $1 and state = 'completed'`, [id])).length ===
        1,
    )
    t.equal(done.length, before)
  })

  t.test('work that fails is tried again, at last left as failed, and the rest goes on', async t => {
    await later(test, practice.id, poison)
    await until('the failing one is tried', () => done.some(job => job.subjectId === poison))
    const [row] = await rowsOf(test, 'select id from cairn.outbox where subject_id = $1', [poison])
    const after = uuidv7()
    await later(test, practice.id, after)
    await until('the next is done', () => done.some(job => job.subjectId === after))
    const again = `update pgboss.job set retry_count = retry_limit, start_after = now() where id = $1 and state = 'retry'`
    await until(
      'it is left for its last attempt',
      async () => (await asAdmin(test.adminUrl, admin => admin.query(again, [row.id]))).rowCount === 1,
    )
    await until(
      'it is left as failed',
      async () =>
        (await rowsOf(test, `select from pgboss.job where id = $1 and state = 'failed'`, [row.id])).length ===
        1,
    )
    t.equal(
      (await rowsOf(test, 'select from cairn.outbox where id = $1 and done_at is null', [row.id])).length,
      1,
    )
    t.match(test.logLines.join(''), /failed for good/)
    const [job] = await rowsOf(test, 'select output::text, data::text from pgboss.job where id = $1', [
      row.id,
    ])
    t.notMatch(job.output, /canary/)
  })
})

t.test('housekeeping removes what has expired, and nothing else', async t => {
  const test = await createTestApp(t)
  const { id: practiceId, owner } = await createTestPractice(test)
  const key = (name: string) =>
    owner.post('/v1/locations', { name, timeZone: 'UTC' }, { key: `key-${name}-1` })
  await key('old')
  await key('new')
  await asAdmin(test.adminUrl, async admin => {
    await admin.query('set search_path to cairn')
    await admin.query(
      `update idempotency_keys set expires_at = now() - interval '1 second' where key = 'key-old-1'`,
    )
    await admin.query(
      `insert into outbox (practice_id, kind, subject_id, done_at) values ($1, 'send-mail', $1, now() - interval '40 days'), ($1, 'send-mail', $1, now())`,
      [practiceId],
    )
    await admin.query(
      `insert into sign_in_attempts (subject, occurred_at) values ('a', now() - interval '2 days'), ('b', now())`,
    )
  })
  const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  await keepHouse(test.house, relay)
  await relay.end()
  t.same(await rowsOf(test, 'select key from cairn.idempotency_keys'), [{ key: 'key-new-1' }])
  t.equal((await rowsOf(test, 'select from cairn.outbox')).length, 1)
  t.equal((await rowsOf(test, 'select from cairn.sign_in_attempts')).length, 1)
  t.equal((await rowsOf(test, 'select from cairn.locations')).length, 2)
  t.equal((await rowsOf(test, 'select from cairn.sessions')).length, 1)
  t.notMatch(test.logLines.join(''), /"level":"error"/)
})

t.test('housekeeping and rounds stand on the timetable', async t => {
  const test = await createTestApp(t)
  const worker = await startWorker(test.house, { relayUrl: test.relayUrl })
  await worker.stop()
  t.same(await rowsOf(test, 'select name, cron from pgboss.schedule order by name'), [
    { name: 'appointment-series', cron: '5 * * * *' },
    { name: 'client-messages', cron: '* * * * *' },
    { name: 'dual-role-watch', cron: '29 * * * *' },
    { name: 'housekeeping', cron: '17 * * * *' },
    { name: 'inquiry-retention', cron: '23 3 * * *' },
    { name: 'note-locks', cron: '53 * * * *' },
    { name: 'plan-review-watch', cron: '11 * * * *' },
    { name: 'recovery-watch', cron: '41 * * * *' },
    { name: 'safety-review-watch', cron: '35 * * * *' },
  ])
})

t.test('a relay that could bypass row security does not start', async t => {
  const test = await createTestApp(t)
  await t.rejects(startWorker(test.house, { relayUrl: test.adminUrl }), /could bypass row security/)
})
