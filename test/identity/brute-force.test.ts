import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { limits } from '../../src/lib/limits.ts'
import { networkOf } from '../../src/lib/networks.ts'
import { openHouse } from '../../src/open-house.ts'
import { enroll, password, post, signIn, signUp } from '../support/identity.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const most = limits.signIn.failuresPerAccount

const guess = (test: Pick<TestApp, 'app'>, email: string, from: string) =>
  post(test, '/v1/sessions', { email, password: 'a wrong password' }, { remoteAddress: from })

/** The last failure (its account and its address) so many times more, without the work of hashing. */
const repeatFailures = (test: TestApp, times: number, subjects = 2) =>
  asAdmin(test.adminUrl, admin =>
    admin.query(
      `insert into cairn.sign_in_attempts (subject)
       select subject from (select subject from cairn.sign_in_attempts order by id desc limit $2) last, generate_series(1, $1)`,
      [times, subjects],
    ),
  )

t.test('guessing', async t => {
  const test = await createTestApp(t)
  const other = await openHouse({ ...test.house, appUrl: test.appUrl, log: pino({ level: 'silent' }) })
  const twin = { app: await buildApp(other) }
  await twin.app.ready()
  t.teardown(async () => {
    await twin.app.close()
    await other.database.pool.end()
  })

  t.test(
    'an account may fail ten times, over all processes and also at once; then even the right password waits',
    async t => {
      const { email } = await signUp(test)
      const from = '192.0.2.1'
      const replies = await Promise.all(
        Array.from({ length: most + 6 }, (_, index) => guess(index % 2 ? test : twin, email, from)),
      )
      const judged = replies.filter(reply => reply.status === 401).length
      // Those at once may turn each other away; they are struck out then, and what is left of the ten is judged below.
      t.ok(judged <= most, `${judged} of ${replies.length} at once were judged`)
      for (let more = judged; more < most; more += 1) t.equal((await guess(twin, email, from)).status, 401)
      const refused = await post(twin, '/v1/sessions', { email, password }, { remoteAddress: '192.0.2.2' })
      t.equal(refused.status, 429)
      const wait = Number(refused.headers['retry-after'])
      t.ok(wait > 0 && wait <= limits.signIn.windowMinutes * 60, `retry after ${wait} s`)
    },
  )

  t.test('a stranger who guesses does not lock people out of where they work', async t => {
    const { email } = await signUp(test)
    const office = { remoteAddress: '198.51.100.7' }
    t.equal((await post(test, '/v1/sessions', { email, password }, office)).status, 200)
    await guess(test, email, '192.0.2.3')
    await repeatFailures(test, most - 1)
    t.equal((await guess(test, email, '192.0.2.4')).status, 429)
    t.equal((await post(test, '/v1/sessions', { email, password }, office)).status, 200)
  })

  t.test('an account that does not exist is counted alike', async t => {
    const email = `nobody-${randomUUID()}@practice.example`
    t.equal((await guess(test, email, '192.0.2.5')).status, 401)
    await repeatFailures(test, most - 2)
    t.equal((await guess(test, email, '192.0.2.5')).status, 401)
    t.equal((await guess(test, email, '192.0.2.5')).status, 429)
  })

  t.test('an address may not go from account to account', async t => {
    const from = '203.0.113.9'
    await guess(test, 'first@practice.example', from)
    await repeatFailures(test, limits.signIn.failuresPerAddress - 1)
    t.equal((await guess(test, 'second@practice.example', from)).status, 429)
    t.equal((await guess(test, 'second@practice.example', '203.0.113.10')).status, 401)
  })

  t.test(
    'the second factor cannot be guessed, nor the count reset by whoever knows the password',
    async t => {
      const { email } = await signUp(test)
      const person = await signIn(test, email)
      await enroll(person)
      const from = { remoteAddress: '192.0.2.6' }
      const withCode = { email, password, totp: '000000' }
      t.equal((await post(test, '/v1/sessions', withCode, from)).status, 401)
      await repeatFailures(test, most - 2)
      t.equal((await post(test, '/v1/sessions', { email, password }, from)).body.status, 'mfa_required')
      t.equal((await post(test, '/v1/sessions', withCode, from)).status, 401)
      t.equal((await post(test, '/v1/sessions', withCode, from)).status, 429)
      t.equal((await person.post('/v1/me/step-up', { totp: '000000' })).status, 401)
      await repeatFailures(test, most - 1, 1)
      t.equal((await person.post('/v1/me/step-up', { totp: '000000' })).status, 429)
    },
  )

  t.test('what is counted holds no address and no account in the clear', async t => {
    const rows = await asAdmin(test.adminUrl, admin =>
      admin.query(
        'select subject from cairn.sign_in_attempts union all select account from cairn.sign_in_addresses',
      ),
    )
    t.ok(rows.rowCount)
    for (const { subject } of rows.rows) t.equal(subject.length, 32)
  })
})

t.test('whoever has one IPv6 address has its /64', async t => {
  t.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:DB8:1:2::1'))
  t.not(networkOf('2001:db8:1:3::1'), networkOf('2001:db8:1:2::1'))
  t.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  t.equal(networkOf('192.0.2.1'), '192.0.2.1')
  t.equal(networkOf('::1'), '0:0:0:0')
})
