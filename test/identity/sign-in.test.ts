import { randomUUID } from 'node:crypto'
import t from 'tap'
import { codeIn, codeOf, deliverMail, enroll, password, post, signIn, signUp } from '../support/identity.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { until } from '../support/until.ts'

t.test('signing in', async t => {
  const test = await createTestApp(t)

  t.test('a practice is made with the setup token, and its owner signs in', async t => {
    const { email, practiceId, reply } = await signUp(test)
    t.equal(reply.status, 201)
    t.equal(reply.body.name, 'Quiet Harbor Counseling (fictional)')
    const { body, status } = await post(test, '/v1/sessions', { email: email.toUpperCase(), password })
    t.equal(status, 200)
    t.equal(body.status, 'signed_in')
    t.equal(body.practice.id, practiceId)
    t.same(body.roles, ['owner'])
    t.ok(body.permissions.includes('api-clients:write'))
    const owner = await signIn(test, email)
    const me = await owner.get('/v1/me')
    t.equal(me.status, 200)
    t.match(me.body, { kind: 'user', practice: { id: practiceId }, user: { email }, roles: ['owner'] })
    t.same(me.body.mfa, { enrolled: false, required: false, provenAt: null, recoveryCodesLeft: 0 })
    t.equal((await owner.get('/v1/practice')).body.id, practiceId)
  })

  t.test(
    'without the setup token no practice is made, and where none is set there is no such place',
    async t => {
      const body = {
        name: 'Other (fictional)',
        timeZone: 'America/Denver',
        jurisdiction: 'US-CO',
        owner: { email: 'x@other.example', password, givenName: 'Ann', familyName: 'Other' },
      }
      t.equal((await post(test, '/v1/practices', body)).status, 401)
      const wrong = { headers: { authorization: 'Bearer wrong' } }
      t.equal((await post(test, '/v1/practices', body, wrong)).status, 401)
      const closed = await createTestApp(t, { env: { SETUP_TOKEN: '' } })
      const empty = { headers: { authorization: 'Bearer ' } }
      t.equal((await post(closed, '/v1/practices', body, empty)).status, 404)
      const weak = { ...body, owner: { ...body.owner, password: 'aaaaaaaaaaaaaaaaaa' } }
      const setup = { headers: { authorization: `Bearer ${test.setupToken}` } }
      const refused = await post(test, '/v1/practices', weak, setup)
      t.equal(refused.status, 400)
      t.equal(refused.body.errors[0].code, 'password-too-repetitive')
    },
  )

  t.test('known and unknown accounts are answered alike, and take alike', async t => {
    const { email } = await signUp(test)
    const unknown = `nobody-${randomUUID()}@practice.example`
    const timesOf = { known: [] as number[], unknown: [] as number[] }
    const bodies: unknown[] = []
    for (let round = 0; round < 5; round += 1) {
      for (const [kind, address] of [
        ['known', email],
        ['unknown', unknown],
      ] as const) {
        const start = performance.now()
        const { status, body } = await post(test, '/v1/sessions', {
          email: address,
          password: 'a wrong password',
        })
        timesOf[kind].push(performance.now() - start)
        t.equal(status, 401)
        bodies.push({ ...body, requestId: '' })
      }
    }
    for (const body of bodies) t.same(body, bodies[0])
    const ratio = median(timesOf.unknown) / median(timesOf.known)
    t.ok(ratio > 0.5 && ratio < 2, `ratio ${ratio.toFixed(2)}`)
  })

  t.test('with a second factor the password alone gives nothing, and a code is good once', async t => {
    const { email } = await signUp(test)
    const owner = await signIn(test, email)
    const { secret, recoveryCodes } = await enroll(owner)
    const first = await post(test, '/v1/sessions', { email, password })
    t.same(first.body, { status: 'mfa_required' })
    t.equal((await post(test, '/v1/sessions', { email, password, totp: '000000' })).status, 401)
    t.equal(
      (await post(test, '/v1/sessions', { email, password, totp: codeOf(secret) })).status,
      401,
      'used to enroll',
    )
    const totp = codeOf(secret, 1)
    const both = await Promise.all(
      [1, 2, 3, 4].map(() => post(test, '/v1/sessions', { email, password, totp })),
    )
    t.same(both.map(reply => reply.status).sort(), [200, 401, 401, 401])
    const [recoveryCode] = recoveryCodes
    const twice = await Promise.all(
      [1, 2].map(() => post(test, '/v1/sessions', { email, password, recoveryCode })),
    )
    t.same(twice.map(reply => reply.status).sort(), [200, 401])
    const again = await signIn(test, email, { recoveryCode: recoveryCodes[1] })
    t.equal((await again.get('/v1/me')).body.mfa.recoveryCodesLeft, 8)
    t.ok((await again.get('/v1/me')).body.mfa.provenAt)
  })

  t.test('who works in two practices chooses one, after proving everything', async t => {
    const { email, practiceId } = await signUp(test)
    const second = await signUp(test, email)
    t.equal(second.reply.status, 201, 'an existing account joins with its password')
    const choice = await post(test, '/v1/sessions', { email, password })
    t.equal(choice.body.status, 'practice_choice')
    t.same(
      choice.body.practices.map((practice: { id: string }) => practice.id).sort(),
      [practiceId, second.practiceId].sort(),
    )
    const chosen = await post(test, '/v1/sessions', { email, password, practiceId: second.practiceId })
    t.equal(chosen.body.practice.id, second.practiceId)
    t.equal((await post(test, '/v1/sessions', { email, password, practiceId: randomUUID() })).status, 401)
    const other = await signUp(test)
    t.equal((await post(test, '/v1/sessions', { email, password, practiceId: other.practiceId })).status, 401)
    const { secret } = await enroll(await signIn(test, email, { practiceId }))
    t.same((await post(test, '/v1/sessions', { email, password })).body, { status: 'mfa_required' })
    const totp = codeOf(secret, 1)
    t.equal((await post(test, '/v1/sessions', { email, password, totp })).body.status, 'practice_choice')
    t.equal(
      (await post(test, '/v1/sessions', { email, password, totp, practiceId })).body.status,
      'signed_in',
    )
  })

  t.test(
    'where the practice requires a second factor, the setup token can enroll one and nothing else',
    async t => {
      const { email } = await signUp(test)
      const owner = await signIn(test, email)
      const policies = await owner.patch('/v1/practice', { policies: { mfaRequired: true } }, { ifMatch: 1 })
      t.equal(policies.status, 200)
      const refused = await post(test, '/v1/sessions', { email, password })
      t.equal(refused.status, 403)
      t.equal(refused.body.code, 'mfa-setup-required')
      const { setupToken } = refused.body
      const asAccess = await test.app.inject({
        url: '/v1/me',
        headers: { authorization: `Bearer ${setupToken}` },
      })
      t.equal(asAccess.statusCode, 401)
      t.equal((await post(test, '/v1/sessions/refresh', { refreshToken: setupToken })).status, 401)
      t.equal((await post(test, '/v1/sessions/refresh', { refreshToken: owner.refreshToken })).status, 401)
      const started = await post(test, '/v1/totp-enrollments', { setupToken })
      t.equal(started.status, 200)
      const wrong = await post(test, '/v1/totp-enrollments/confirmation', { setupToken, totp: '000000' })
      t.equal(wrong.status, 400)
      const { secret } = started.body
      const confirmed = await post(test, '/v1/totp-enrollments/confirmation', {
        setupToken,
        totp: codeOf(secret),
      })
      t.equal(confirmed.status, 200)
      t.equal(confirmed.body.recoveryCodes.length, 10)
      t.equal((await post(test, '/v1/totp-enrollments', { setupToken })).body.code, 'token-not-valid')
      const proven = await signIn(test, email, { totp: codeOf(secret, 1) })
      t.equal((await proven.delete('/v1/me/totp')).body.code, 'invalid-state')
    },
  )

  t.test('a setup token given for a former password enrolls nothing once the password is new', async t => {
    const { email, practiceId } = await signUp(test)
    const owner = await signIn(test, email)
    await owner.patch('/v1/practice', { policies: { mfaRequired: true } }, { ifMatch: 1 })
    const { setupToken } = (await post(test, '/v1/sessions', { email, password })).body
    const started = await post(test, '/v1/totp-enrollments', { setupToken })
    t.equal(started.status, 200)
    await post(test, '/v1/password-resets', { email })
    const mails = await deliverMail(test, practiceId, email)
    const token = codeIn(mails.findLast(mail => mail.subject.startsWith('Reset'))?.text)
    const reset = await post(test, '/v1/password-resets/completion', {
      token,
      password: 'seven gulls on a gray roof',
    })
    t.equal(reset.status, 204)
    const confirmation = { setupToken, totp: codeOf(started.body.secret) }
    const confirmed = await post(test, '/v1/totp-enrollments/confirmation', confirmation)
    t.equal(confirmed.body.code, 'token-not-valid')
    t.equal((await post(test, '/v1/totp-enrollments', { setupToken })).body.code, 'token-not-valid')
  })

  t.test('a setup token that is given while a new password is being set enrolls nothing either', async t => {
    const { email } = await signUp(test)
    const owner = await signIn(test, email)
    await owner.patch('/v1/practice', { policies: { mfaRequired: true } }, { ifMatch: 1 })
    const setupToken = await asAdmin(test.adminUrl, async admin => {
      // The former password is proven by then: what is left is to give the token.
      await admin.query('begin; lock table cairn.user_tokens in access exclusive mode')
      const signedIn = post(test, '/v1/sessions', { email, password })
      await until('the sign-in is about to give a token', async () => {
        const { rows } = await admin.query(
          `select 1 from pg_locks where relation = 'cairn.user_tokens'::regclass and not granted`,
        )
        return rows.length > 0
      })
      await admin.query(
        'update cairn.users set credentials_version = credentials_version + 1 where email_normalized = $1',
        [email],
      )
      await admin.query('commit')
      return (await signedIn).body.setupToken
    })
    t.type(setupToken, 'string')
    t.equal((await post(test, '/v1/totp-enrollments', { setupToken })).body.code, 'token-not-valid')
    const { body } = await post(test, '/v1/sessions', { email, password })
    t.equal((await post(test, '/v1/totp-enrollments', { setupToken: body.setupToken })).status, 200)
  })

  t.test(
    'every sign-in and refusal before a practice is known is written down, without addresses',
    async t => {
      const { email, practiceId } = await signUp(test)
      await signIn(test, email)
      await post(test, '/v1/sessions', { email, password: 'wrong' })
      const rows = await asAdmin(test.adminUrl, async admin => {
        const { rows: log } = await admin.query(
          `select l.operation, l.outcome from cairn.authentication_log l join cairn.users u on u.id = l.user_id
         where u.email_normalized = $1 order by l.id`,
          [email],
        )
        const { rows: audit } = await admin.query(
          `select operation, decision, actor_kind from cairn.audit_log where practice_id = $1 order by id`,
          [practiceId],
        )
        return { log, audit }
      })
      t.same(
        rows.log.map(row => row.outcome),
        ['ok', 'sign-in-failed'],
      )
      t.same(
        rows.audit.map(row => `${row.operation} ${row.decision}`),
        ['createPractice granted', 'createSession granted'],
      )
      t.notMatch(test.logLines.join('\n'), email)
    },
  )
})

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

t.test('two sign-ups at once with one new address make one account, and nothing half', async t => {
  const test = await createTestApp(t)
  const email = `twin-${randomUUID()}@practice.example`
  const replies = await Promise.all([1, 2, 3].map(() => signUp(test, email)))
  const statuses = replies.map(({ reply }) => reply.status)
  t.ok(statuses.includes(201))
  t.ok(
    statuses.every(status => status === 201 || status === 409),
    statuses.join(),
  )
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query(`select (select count(*) from cairn.users)::int as users,
      (select count(*) from cairn.practices)::int as practices,
      (select count(*) from cairn.practice_directory)::int as listed`),
  )
  const made = statuses.filter(status => status === 201).length
  t.same(rows, [{ users: 1, practices: made, listed: made }])
})
