import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { endSessionsOf } from '../../src/modules/identity/index.ts'
import { deliverMail, post, signIn, signUp } from '../support/identity.ts'
import { callerOf, createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const refresh = (test: TestApp, refreshToken: string) => post(test, '/v1/sessions/refresh', { refreshToken })
const asCaller = (test: TestApp, body: { accessToken: string }) => callerOf(test, body.accessToken, '', '')

/** Moves a session's last rotation into the past, where no clock of ours reaches. */
const age = (test: TestApp, sessionId: string, set: string) =>
  asAdmin(test.adminUrl, admin => admin.query(`update cairn.sessions set ${set} where id = $1`, [sessionId]))

t.test('sessions', async t => {
  const test = await createTestApp(t)
  const { email, practiceId } = await signUp(test)

  t.test('a refresh gives the next tokens; both access tokens live on', async t => {
    const person = await signIn(test, email)
    const next = await refresh(test, person.refreshToken)
    t.equal(next.status, 200)
    t.not(next.body.refreshToken, person.refreshToken)
    t.equal(next.body.session.id, person.sessionId)
    t.equal((await asCaller(test, next.body).get('/v1/me')).status, 200)
    t.equal((await person.get('/v1/me')).status, 200)
  })

  t.test(
    'the predecessor is answered with the same successor for ten seconds: a lost answer is no theft',
    async t => {
      const person = await signIn(test, email)
      const first = await refresh(test, person.refreshToken)
      const repeated = await refresh(test, person.refreshToken)
      t.equal(repeated.status, 200)
      t.equal(repeated.body.refreshToken, first.body.refreshToken)
      t.equal((await refresh(test, first.body.refreshToken)).status, 200)
    },
  )

  t.test('a copied token ends the family, its access tokens too, and the person is told', async t => {
    const person = await signIn(test, email)
    const second = await refresh(test, person.refreshToken)
    const third = await refresh(test, second.body.refreshToken)
    t.equal((await refresh(test, person.refreshToken)).status, 401)
    t.equal((await refresh(test, third.body.refreshToken)).status, 401)
    t.equal((await asCaller(test, third.body).get('/v1/me')).status, 401)
    const mails = await deliverMail(test, practiceId, email)
    t.match(mails.at(-1)?.subject, 'A session of yours was ended')
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select s.end_reason, a.outcome, e.type from cairn.sessions s
         join cairn.audit_log a on a.resource_id = s.id and a.decision = 'denied'
         join cairn.events e on e.resource_id = s.id where s.id = $1`,
        [person.sessionId],
      ),
    )
    t.same(rows, [{ end_reason: 'reused', outcome: 'session-reused', type: 'session.reused' }])
  })

  t.test('after ten seconds the predecessor too is a copied token', async t => {
    const person = await signIn(test, email)
    const next = await refresh(test, person.refreshToken)
    await age(test, person.sessionId, `rotated_at = now() - interval '11 seconds'`)
    t.equal((await refresh(test, person.refreshToken)).status, 401)
    t.equal((await refresh(test, next.body.refreshToken)).status, 401)
  })

  t.test('what was never given out ends nothing', async t => {
    const person = await signIn(test, email)
    const forged = `${person.refreshToken.slice(0, -8)}AAAAAAAA`
    t.equal((await refresh(test, forged)).status, 401)
    t.equal((await refresh(test, person.token)).status, 400, 'an access token is no refresh token')
    t.equal((await refresh(test, 'cairn_rt_AAAAAAAAAAAAAAAAAAAAAA')).status, 401)
    t.equal((await refresh(test, person.refreshToken)).status, 200)
    const asAccess = callerOf(test, person.refreshToken, '', '')
    t.equal((await asAccess.get('/v1/me')).status, 401, 'a refresh token is no access token')
  })

  t.test('a session ends when it is idle for too long, and in any case', async t => {
    const idle = await signIn(test, email)
    await age(test, idle.sessionId, `idle_expires_at = now() - interval '1 second'`)
    t.equal((await refresh(test, idle.refreshToken)).status, 401)
    const old = await signIn(test, email)
    await age(test, old.sessionId, `absolute_expires_at = now() - interval '1 second'`)
    t.equal((await refresh(test, old.refreshToken)).status, 401)
    t.equal((await old.get('/v1/me')).status, 401)
    const young = await signIn(test, email)
    await age(test, young.sessionId, `absolute_expires_at = now() + interval '1 hour'`)
    const { body } = await refresh(test, young.refreshToken)
    t.equal(body.session.idleExpiresAt, body.session.absoluteExpiresAt)
  })

  t.test('sign-out works on the next request, for access and refresh token', async t => {
    const [gone, stays] = [await signIn(test, email), await signIn(test, email)]
    t.equal((await gone.delete('/v1/sessions/current')).status, 204)
    t.equal((await gone.get('/v1/me')).status, 401)
    t.equal((await refresh(test, gone.refreshToken)).status, 401)
    t.equal((await stays.get('/v1/me')).status, 200)
  })

  t.test('people see and end their own sessions, and nobody else’s', async t => {
    const [here, lost] = [await signIn(test, email), await signIn(test, email)]
    const { body } = await here.get('/v1/sessions')
    const current = body.data.filter((session: { current: boolean }) => session.current)
    t.same(
      current.map((session: { id: string }) => session.id),
      [here.sessionId],
    )
    t.ok(body.data.some((session: { id: string }) => session.id === lost.sessionId))
    const practice = await createTestPractice(test)
    t.equal((await practice.owner.delete(`/v1/sessions/${lost.sessionId}`)).status, 404)
    t.equal((await here.delete(`/v1/sessions/${lost.sessionId}`)).status, 204)
    t.equal((await lost.get('/v1/me')).status, 401)
    t.equal((await here.delete(`/v1/sessions/${lost.sessionId}`)).status, 404)
  })

  t.test('ending the sessions of somebody works on the next request', async t => {
    const practice = await createTestPractice(test)
    const clinician = await practice.staff(['clinician'])
    t.equal((await clinician.get('/v1/practice')).status, 200)
    await inPractice(test.house.database, systemScope(practice.id, 'test'), trx =>
      endSessionsOf(trx, clinician.staffId),
    )
    t.equal((await clinician.get('/v1/practice')).status, 401)
  })

  t.test('a change of roles and a disabled person count from the next request on', async t => {
    const practice = await createTestPractice(test)
    const [promoted, disabled] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
    const set = (id: string, what: string) =>
      asAdmin(test.adminUrl, admin =>
        admin.query(`update cairn.staff_members set ${what} where id = $1`, [id]),
      )
    await set(promoted.staffId, `roles = '{clinician,supervisor}', roles_version = roles_version + 1`)
    await set(disabled.staffId, `status = 'disabled'`)
    t.equal((await promoted.get('/v1/practice')).status, 401)
    t.equal((await disabled.get('/v1/practice')).status, 401)
  })
})
