import { randomUUID } from 'node:crypto'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import {
  codeIn,
  codeOf,
  deliverMail,
  enroll,
  password,
  post,
  type SignedInCaller,
  signIn,
  signUp,
  steppedUp,
} from '../support/identity.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const newPassword = 'seven gulls on a gray roof'

t.test('passwords and second factors', async t => {
  const test = await createTestApp(t)

  t.test('a changed password ends every other session, in every practice', async t => {
    const { email, practiceId } = await signUp(test)
    const second = await signUp(test, email)
    const here = await signIn(test, email, { practiceId })
    const elsewhere = await signIn(test, email, { practiceId: second.practiceId })
    const wrong = await here.post('/v1/me/password', { currentPassword: 'wrong', newPassword })
    t.equal(wrong.body.code, 'sign-in-failed')
    const weak = await here.post('/v1/me/password', { currentPassword: password, newPassword: 'short' })
    t.equal(weak.body.errors[0].pointer, '/newPassword')
    const changed = await here.post('/v1/me/password', { currentPassword: password, newPassword })
    t.equal(changed.status, 204)
    t.equal((await here.get('/v1/me')).status, 200)
    t.equal((await post(test, '/v1/sessions/refresh', { refreshToken: here.refreshToken })).status, 200)
    t.equal((await elsewhere.get('/v1/me')).status, 401)
    t.equal((await post(test, '/v1/sessions/refresh', { refreshToken: elsewhere.refreshToken })).status, 401)
    t.equal((await post(test, '/v1/sessions', { email, password, practiceId })).status, 401)
    t.equal((await post(test, '/v1/sessions', { email, password: newPassword, practiceId })).status, 200)
    t.match((await deliverMail(test, practiceId, email)).at(-1)?.subject, 'Your password was changed')
  })

  t.test(
    'a reset is answered alike for everybody, works once, ends all sessions and skips no second factor',
    async t => {
      const { email, practiceId } = await signUp(test)
      const person = await signIn(test, email)
      const { secret } = await enroll(person)
      const [known, unknown] = await Promise.all([
        timed(() => post(test, '/v1/password-resets', { email })),
        timed(() => post(test, '/v1/password-resets', { email: `nobody-${randomUUID()}@practice.example` })),
      ])
      t.equal(known.reply.status, 202)
      t.same(known.reply.body, unknown.reply.body)
      t.ok(Math.abs(known.ms - unknown.ms) < 60, `${known.ms} and ${unknown.ms} ms`)
      const token = codeIn(
        (await deliverMail(test, practiceId, email)).findLast(mail => mail.subject.startsWith('Reset'))?.text,
      )
      const weak = await post(test, '/v1/password-resets/completion', { token, password: 'short' })
      t.equal(weak.status, 400)
      t.equal(weak.body.errors[0].code, 'password-too-short')
      const both = await Promise.all(
        [1, 2].map(() => post(test, '/v1/password-resets/completion', { token, password: newPassword })),
      )
      t.same(both.map(reply => reply.status).sort(), [204, 400])
      t.equal((await person.get('/v1/me')).status, 401)
      t.equal((await post(test, '/v1/sessions', { email, password })).status, 401)
      t.equal(
        (await post(test, '/v1/sessions', { email, password: newPassword })).body.status,
        'mfa_required',
      )
      const signedIn = await post(test, '/v1/sessions', {
        email,
        password: newPassword,
        totp: codeOf(secret, 1),
      })
      t.equal(signedIn.body.status, 'signed_in')
    },
  )

  t.test('only the newest reset code works, not for long, and not many are mailed', async t => {
    const { email, practiceId } = await signUp(test)
    for (let count = 0; count < 5; count += 1) await post(test, '/v1/password-resets', { email })
    const mails = (await deliverMail(test, practiceId, email)).filter(mail =>
      mail.subject.startsWith('Reset'),
    )
    t.equal(mails.length, 3)
    const [first, last] = [codeIn(mails[0]?.text), codeIn(mails.at(-1)?.text)]
    const complete = (token: string) =>
      post(test, '/v1/password-resets/completion', { token, password: newPassword })
    t.equal((await complete(first)).body.code, 'token-not-valid')
    t.equal((await complete('cairn_pr_nonsense-nonsense')).body.code, 'token-not-valid')
    await asAdmin(test.adminUrl, admin => admin.query(`update cairn.user_tokens set expires_at = now()`))
    t.equal((await complete(last)).body.code, 'token-not-valid')
  })

  t.test('mail is sealed until it is sent and empty afterwards', async t => {
    const { email, practiceId } = await signUp(test)
    await post(test, '/v1/password-resets', { email })
    const contents = () =>
      asAdmin(test.adminUrl, async admin => {
        const { rows } = await admin.query(
          'select content, sent_at from cairn.mails where practice_id = $1',
          [practiceId],
        )
        return rows
      })
    const [waiting] = await contents()
    t.notOk(waiting.content.includes(email))
    await deliverMail(test, practiceId, email)
    const [sent] = await contents()
    t.equal(sent.content, null)
    t.ok(sent.sent_at)
    const inbox = await test.app.inject('/dev/inbox')
    t.ok(inbox.json().data.some((mail: { to: string }) => mail.to === email))
  })

  t.test('step-up takes a fresh code, each once, and opens what needs it', async t => {
    const { email, practiceId } = await signUp(test)
    const person = await signIn(test, email)
    const client = { name: 'Follower (fictional)', scopes: ['events:read'] }
    const needed = (await person.post('/v1/api-clients', client)).body
    t.equal(needed.code, 'step-up-required')
    t.match(needed.detail, /`POST \/v1\/me\/step-up`.* access token .*`POST \/v1\/me\/totp`/)
    for (let attempt = 0; attempt <= limits.signIn.failuresPerAccount; attempt += 1) {
      const { body } = await person.post('/v1/me/step-up', { totp: '000000' })
      t.match(body, { code: 'sign-in-failed', detail: /^No authenticator app .*`POST \/v1\/me\/totp`/ })
    }
    t.equal((await person.post('/v1/me/totp', { password: 'wrong' })).body.code, 'sign-in-failed')
    t.equal((await person.post('/v1/me/totp/confirmation', { totp: '123456' })).status, 400)
    const { secret } = await enroll(person)
    t.equal((await person.post('/v1/me/step-up', {})).status, 400)
    const wrong = (await person.post('/v1/me/step-up', { totp: '000000' })).body
    t.match(wrong, { status: 401, code: 'sign-in-failed', detail: /^Check the one-time or recovery code/ })
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select decision from cairn.audit_log where practice_id = $1 and operation = 'stepUp' and outcome = 'sign-in-failed'`,
        [practiceId],
      ),
    )
    t.equal(rows.length, limits.signIn.failuresPerAccount + 2)
    t.ok(rows.every(({ decision }) => decision === 'denied'))
    const totp = codeOf(secret, 1)
    const replies = await Promise.all([1, 2, 3].map(() => person.post('/v1/me/step-up', { totp })))
    t.same(replies.map(reply => reply.status).sort(), [200, 401, 401])
    t.equal(
      (await person.post('/v1/api-clients', client)).body.code,
      'step-up-required',
      'the old token stays as it was',
    )
    const proven = replies.find(reply => reply.status === 200)
    const made = await test.app.inject({
      method: 'POST',
      url: '/v1/api-clients',
      headers: { authorization: `Bearer ${proven?.body.accessToken}`, 'content-type': 'application/json' },
      payload: JSON.stringify(client),
    })
    t.equal(made.statusCode, 201)
  })

  t.test(
    'an enrolled factor is replaced or removed only with the one there is, and other sessions end',
    async t => {
      const { email } = await signUp(test)
      const other = await signIn(test, email)
      const person = await signIn(test, email)
      const proven = await steppedUp(test, person)
      t.equal((await other.get('/v1/me')).status, 401)
      t.equal((await person.post('/v1/me/totp', { password })).body.code, 'step-up-required')
      t.equal((await person.delete('/v1/me/totp')).body.code, 'step-up-required')
      t.equal((await person.post('/v1/me/recovery-codes')).body.code, 'step-up-required')
      const renewed = await proven.post('/v1/me/recovery-codes')
      t.equal(renewed.body.recoveryCodes.length, 10)
      const replacement = await proven.post('/v1/me/totp', { password })
      t.equal((await proven.get('/v1/me')).body.mfa.enrolled, true)
      const confirmed = await proven.post('/v1/me/totp/confirmation', {
        totp: codeOf(replacement.body.secret),
      })
      t.equal(confirmed.status, 200)
      t.equal((await proven.delete('/v1/me/totp')).status, 204)
      t.equal((await proven.get('/v1/me')).body.mfa.enrolled, false)
      t.equal((await post(test, '/v1/sessions', { email, password })).body.status, 'signed_in')
    },
  )
})

async function timed<T>(work: () => Promise<T>): Promise<{ reply: T; ms: number }> {
  const start = performance.now()
  const reply = await work()
  return { reply, ms: performance.now() - start }
}

t.test('proofs at once wait for each other, not for the connections that they hold', async t => {
  // Each takes a second connection while it holds its first: two at once would have had all there are.
  const test = await createTestApp(t, { env: { DATABASE_POOL_SIZE: '2' } })
  const people: SignedInCaller[] = []
  for (let n = 0; n < 3; n++) {
    const person = await signIn(test, (await signUp(test)).email)
    await enroll(person)
    people.push(person)
  }
  for (let round = 0; round < 2; round++) {
    const replies = await Promise.all(
      people.flatMap(person => [
        person.post('/v1/me/step-up', { totp: '000000' }),
        person.post('/v1/me/step-up', { totp: '000001' }),
        person.get('/v1/me'),
      ]),
    )
    t.same(
      replies.map(reply => reply.status),
      people.flatMap(() => [401, 401, 200]),
    )
  }
})
