import { randomBytes } from 'node:crypto'
import t from 'tap'
import { codeIn, deliverMail, password, post, signIn, signUp } from '../support/identity.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const accept = (test: TestApp, token: string, withPassword = password) =>
  post(test, '/v1/invitations/acceptance', { token, password: withPassword })

t.test('invitations', async t => {
  const test = await createTestApp(t)
  const { email: ownerEmail, practiceId } = await signUp(test)
  const owner = await signIn(test, ownerEmail)
  const person = (email: string) => ({
    email,
    givenName: 'Avery',
    familyName: 'Sample',
    roles: ['clinician'],
  })
  const invite = async (email = `avery-${randomBytes(4).toString('hex')}@practice.example`) => {
    const made = await owner.post('/v1/staff-members', person(email))
    t.equal(made.status, 201)
    const mails = await deliverMail(test, practiceId, email)
    return { email, staffId: String(made.body.id), token: codeIn(mails.at(-1)?.text) }
  }

  t.test('whoever is invited chooses a password, becomes active and signs in', async t => {
    const { email, staffId, token } = await invite()
    const weak = await accept(test, token, 'my name is averysample')
    t.equal(weak.body.errors[0].code, 'password-contains-name')
    const accepted = await accept(test, token)
    t.equal(accepted.status, 200)
    t.match(accepted.body, { email, staffId, practice: { id: practiceId } })
    const caller = await signIn(test, email)
    t.same((await caller.get('/v1/me')).body.roles, ['clinician'])
    t.equal((await owner.get(`/v1/staff-members/${staffId}`)).body.status, 'active')
    t.equal((await accept(test, token)).body.code, 'token-not-valid')
    t.equal((await owner.post(`/v1/staff-members/${staffId}/invitation`)).body.code, 'invalid-state')
  })

  t.test('of two acceptances at once one counts', async t => {
    const { token } = await invite()
    const replies = await Promise.all([1, 2, 3].map(() => accept(test, token)))
    t.equal(replies.filter(reply => reply.status === 200).length, 1)
    t.notOk(replies.some(reply => reply.status >= 500))
  })

  t.test('a new invitation voids the one before, and none works for ever', async t => {
    const { email, staffId, token } = await invite()
    t.equal((await owner.post(`/v1/staff-members/${staffId}/invitation`)).status, 201)
    t.equal((await accept(test, token)).body.code, 'token-not-valid')
    const newest = codeIn((await deliverMail(test, practiceId, email)).at(-1)?.text)
    t.not(newest, token)
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.invitations set expires_at = now() where staff_id = $1`, [staffId]),
    )
    t.equal((await accept(test, newest)).body.code, 'token-not-valid')
    t.equal((await accept(test, `${newest.slice(0, -6)}AAAAAA`)).body.code, 'token-not-valid')
    t.equal((await accept(test, 'cairn_in_AAAAAAAAAAAAAAAAAAAAAAAA')).body.code, 'token-not-valid')
  })

  t.test('whoever signs in elsewhere already confirms with that password', async t => {
    const elsewhere = await signUp(test)
    const { token } = await invite(elsewhere.email)
    t.equal((await accept(test, token, 'another long password')).body.code, 'sign-in-failed')
    t.equal((await accept(test, token)).status, 200)
    const choice = await post(test, '/v1/sessions', { email: elsewhere.email, password })
    t.equal(choice.body.status, 'practice_choice')
  })

  t.test('a person who was disabled cannot accept, and staff of others cannot be invited', async t => {
    const { staffId, token } = await invite()
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.staff_members set status = 'disabled' where id = $1`, [staffId]),
    )
    t.equal((await accept(test, token)).body.code, 'token-not-valid')
    const stranger = await createTestPractice(test)
    t.equal((await stranger.owner.post(`/v1/staff-members/${staffId}/invitation`)).status, 404)
    const clinician = await stranger.staff(['clinician'])
    const own = `/v1/staff-members/${clinician.staffId}/invitation`
    t.equal((await clinician.post(own)).body.code, 'not-permitted')
  })
})
