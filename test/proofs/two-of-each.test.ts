import { randomUUID } from 'node:crypto'
import t from 'tap'
import { verifyChain } from '../../src/lib/audit-verification.ts'
import { limits } from '../../src/lib/limits.ts'
import { password, post, signIn, signUp } from '../support/identity.ts'
import { callerOf, createTestPractice, type Reply } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { startTwoProcesses } from '../support/proofs/cluster/instances.ts'
import { wholeSuite } from '../support/proofs/cluster/whole-suite.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { until } from '../support/until.ts'

const here = proof('two-of-each')
// The whole suite, on few cores.
t.setTimeout(2_400_000)
const counts: Record<string, number> = { races: 0, events: 0, jobs: 0 }
/** A machine with too much to do turns some away, which is no answer to a race. */
const busy = 503
const rounds = here.amount(3, 60)

await t.test('two service processes and two workers on one database', async t => {
  const test = await createTestApp(t, { alone: 'the two are processes here' })
  const { spread, services, stop } = await startTwoProcesses(test)
  t.teardown(stop)
  const laid = await createTestPractice(test)
  const { token, actorId, staffId } = laid.owner
  const owner = callerOf(spread, token, actorId, staffId)
  const rowsOf = (sql: string, values: unknown[] = []) =>
    asAdmin(test.adminUrl, async admin => (await admin.query(sql, values)).rows)

  await t.test('one key sent to both does the work once', async t => {
    for (let round = 0; round < rounds; round++) {
      const [key, name] = [randomUUID(), `Fictional ${randomUUID()}`]
      const replies = await Promise.all(
        Array.from({ length: 8 }, () => owner.post('/v1/locations', { name, timeZone: 'UTC' }, { key })),
      )
      t.strictSame(
        replies.map(({ status }) => status).filter(status => ![201, 409, 503].includes(status)),
        [],
      )
      const made = new Set(replies.filter(({ status }) => status === 201).map(({ body }) => body.id))
      t.ok(made.size <= 1)
      t.equal((await owner.post('/v1/locations', { name, timeZone: 'UTC' }, { key })).status, 201)
      t.equal((await rowsOf('select from cairn.locations where name = $1', [name])).length, 1)
      counts.races!++
    }
  })

  await t.test('one hour booked at both is booked once', async t => {
    const bookable = await createBookablePractice(test, laid)
    const clinician = await laid.staff(['clinician'])
    const { clientId } = await bookable.client([clinician])
    const { book } = bookingsOf(bookable, clinician, clientId)
    for (let round = 0; round < rounds; round++) {
      const replies = await Promise.all(Array.from({ length: 6 }, () => book(owner, at(3 + round, 17))))
      const told = replies.map(({ status }) => status).filter(status => status !== busy)
      t.equal(told.filter(status => status === 201).length, told.length > 0 ? 1 : 0)
      t.strictSame(
        told.filter(status => ![201, 409].includes(status)),
        [],
      )
      t.equal(
        (await rowsOf(`select from cairn.appointments where starts_at = $1`, [at(3 + round, 17)])).length,
        1,
      )
      counts.races!++
    }
  })

  await t.test('one refresh token used at both ends in one session', async t => {
    const { email } = await signUp(test)
    for (let round = 0; round < rounds; round++) {
      const person = await signIn(test, email)
      const refresh = (refreshToken: string) => post(spread, '/v1/sessions/refresh', { refreshToken })
      const replies = await Promise.all(Array.from({ length: 6 }, () => refresh(person.refreshToken)))
      const told = replies.filter(({ status }) => status !== busy)
      t.ok(told.every(({ status }) => status === 200))
      const [next, ...others] = new Set(told.map(({ body }) => String(body.refreshToken)))
      t.strictSame(others, [], 'all are given the same next one')
      if (next) t.equal((await refresh(next)).status, 200)
      counts.races!++
    }
  })

  await t.test('failures to sign in are counted over both', async t => {
    const { email } = await signUp(test)
    const from = { remoteAddress: '192.0.2.77' }
    const guess = () => post(spread, '/v1/sessions', { email, password: 'a wrong password' }, from)
    const replies: Reply[] = []
    for (let n = 0; n < limits.signIn.failuresPerAccount + 2; n++) replies.push(await guess())
    t.equal(replies.filter(({ status }) => status === 401).length, limits.signIn.failuresPerAccount)
    t.same(
      replies.slice(-2).map(({ status }) => status),
      [429, 429],
    )
    const elsewhere = { remoteAddress: '192.0.2.78' }
    t.equal((await post(spread, '/v1/sessions', { email, password }, elsewhere)).status, 429)
  })

  await t.test('both tell the same events, each once, in one order', async t => {
    const writers = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < here.amount(5, 200); n++)
        await owner.post('/v1/locations', { name: `Fictional ${randomUUID()}`, timeZone: 'UTC' })
    })
    await Promise.all(writers)
    const happened = await rowsOf('select id from cairn.events where practice_id = $1', [laid.id])
    const readAll = async () => {
      const ids: string[] = []
      for (let cursor = ''; ; ) {
        const { body } = await owner.get(`/v1/events?limit=50${cursor && `&cursor=${cursor}`}`)
        if (body.data.length === 0) return ids
        ids.push(...body.data.map((event: { id: string }) => event.id))
        cursor = body.nextCursor
      }
    }
    await until('all are told', async () => (await readAll()).length >= happened.length)
    const [first, second] = [await readAll(), await readAll()]
    t.strictSame(first, second)
    t.equal(new Set(first).size, happened.length)
    t.equal(first.length, happened.length)
    counts.events = first.length
  })

  await t.test('each job is done once', async t => {
    const people = here.amount(6, 100)
    for (let n = 0; n < people; n++) {
      const email = `new-${randomUUID()}@practice.example`
      const reply = await owner.post('/v1/staff-members', {
        givenName: 'New',
        familyName: 'Example',
        email,
        roles: ['clinician'],
      })
      t.equal(reply.status, 201)
    }
    await until(
      'all is done',
      async () => (await rowsOf('select from cairn.outbox where done_at is null')).length === 0,
    )
    const inboxes = await Promise.all(
      services.map(async ({ url }) => (await (await fetch(`${url}/dev/inbox`)).json()) as unknown),
    )
    const sent = JSON.stringify(inboxes).match(/new-[0-9a-f-]{36}@practice\.example/g) ?? []
    t.equal(new Set(sent).size, people)
    t.same(
      await rowsOf(`select state, count(*)::int from pgboss.job where name = 'send-mail' group by state`),
      [{ state: 'completed', count: (await rowsOf('select from cairn.outbox')).length }],
    )
    counts.jobs = people
  })

  await t.test('the audit is sealed in one chain, and housekeeping is one job', async t => {
    await until(
      'all is sealed',
      async () =>
        (
          await rowsOf(
            `select from cairn.audit_log a where practice_id = $1 and not exists
               (select from cairn.audit_seals s where s.practice_id = a.practice_id and s.audit_id = a.id)`,
            [laid.id],
          )
        ).length === 0,
    )
    const twice = await rowsOf(
      'select audit_id from cairn.audit_seals where practice_id = $1 group by audit_id having count(*) > 1',
      [laid.id],
    )
    t.strictSame(twice, [])
    const report = await asAdmin(test.adminUrl, admin =>
      verifyChain(admin, test.house.keyring.auditKey, laid.id, []),
    )
    t.equal(report.firstBad, undefined)
    t.equal((await rowsOf(`select from pgboss.schedule where name = 'housekeeping'`)).length, 1)
    const policy = await rowsOf(`select policy from pgboss.queue where name = 'housekeeping'`)
    t.same(policy, [{ policy: 'short' }], 'of which one waits, whoever asks for it')
  })

  const printed = services.map(service => service.output()).join('')
  t.notMatch(printed, /internal-error|failed for good/, 'and neither met a fault')
})

await t.test(
  'the whole test suite passes',
  { skip: !here.long && 'the whole suite: long form only' },
  async t => {
    const { files, checks, failures } = await wholeSuite({ TEST_INSTANCES: '2' })
    t.strictSame(failures, [])
    Object.assign(counts, { 'files of the whole suite': files, checks })
  },
)

here.report(counts)
