import { randomUUID } from 'node:crypto'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { encodeToken, newSecret } from '../../src/lib/opaque-tokens.ts'
import { codeOf, enroll, password, signIn, signUp } from '../support/identity.ts'
import { proof } from '../support/proof.ts'
import { addresses, sendTo, startProcesses } from '../support/proofs/identity/processes.ts'
import { inWords, isTold, measureInTurn, separationOf } from '../support/proofs/identity/timing.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { createGround } from '../support/world/ground.ts'
import { makeInvited, makeResetCode, makeSetupToken, startSetup } from '../support/world/people.ts'

const here = proof('sign-in-attacks')
const samples = here.amount(16, 500, 'TIMING_SAMPLES')
const newPassword = 'seven gulls on a gray roof'

t.test('attacks on the sign-in', async t => {
  const test = await createTestApp(t)
  const [one, other] = (await startProcesses(t, test, 2)) as [Service, Service]
  const both = [one, other] as const
  const ground = await createGround(test)
  const fresh = addresses()
  const figures: Record<string, string> = {}
  let attempts = 0

  const post = (path: string, body: unknown, from = fresh(), to?: Service) => {
    attempts += 1
    return sendTo(to ?? both[attempts % 2] ?? one, path, body, { from })
  }
  const guess = (email: string, from?: string) =>
    post('/v1/sessions', { email, password: 'a wrong password' }, from)
  const forgetFailures = () =>
    asAdmin(test.adminUrl, admin => admin.query('delete from cairn.sign_in_attempts'))
  /** Eight times at once, four in each process. @returns the statuses, the best first */
  const atOnce = async (path: string, body: unknown) => {
    const from = fresh()
    const replies = await Promise.all(Array.from({ length: 8 }, () => post(path, body, from)))
    return replies.map(({ status }) => status).sort()
  }

  /** The machine may have been busy on one side only: what is really there, or really is not, shows again. */
  const separated = async (
    asked: Parameters<typeof measureInTurn>[1],
    { samples, atOnce }: Pick<Kind, 'samples' | 'atOnce'>,
    expected: boolean,
  ) => {
    const measure = async () => {
      await forgetFailures()
      return separationOf(...(await measureInTurn(samples, asked, atOnce, forgetFailures)))
    }
    let separation = await measure()
    for (let again = 0; again < 2 && isTold(separation) !== expected; again++) separation = await measure()
    return separation
  }

  t.test('guesses through two processes count together, however many at once', async t => {
    const { email } = await signUp(test)
    const office = fresh()
    t.equal((await post('/v1/sessions', { email, password }, office)).status, 200)
    const replies = await Promise.all(Array.from({ length: here.amount(16, 60) }, () => guess(email)))
    const judged = replies.filter(({ status }) => status === 401).length
    t.ok(judged >= 1 && judged <= limits.signIn.failuresPerAccount, `${judged} were judged`)
    t.ok(replies.every(({ status }) => [401, 429, 503].includes(status)))
    for (let more = judged; more < limits.signIn.failuresPerAccount; more += 1) await guess(email)
    for (const process of both) {
      const refused = await post('/v1/sessions', { email, password }, fresh(), process)
      t.equal(refused.status, 429, 'the right password from elsewhere waits')
      t.ok(Number(refused.headers.get('retry-after')) > 0)
      const owner = await post('/v1/sessions', { email, password }, office, process)
      t.equal(owner.status, 200, 'the owner is not locked out where they work')
    }
  })

  t.test('one address cannot go from account to account through two processes', async t => {
    const from = fresh()
    const real = here.amount(4, limits.signIn.failuresPerAddress)
    const stranger = () => guess(`${randomUUID()}@practice.example`, from)
    for (let count = 0; count < real; count += 1) t.equal((await stranger()).status, 401)
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `insert into cairn.sign_in_attempts (subject)
         select subject from (select subject from cairn.sign_in_attempts order by id desc limit 2) last,
           generate_series(1, $1)`,
        [limits.signIn.failuresPerAddress - real],
      ),
    )
    t.same([(await stranger()).status, (await stranger()).status], [429, 429], 'in both')
    t.equal((await guess(`${randomUUID()}@practice.example`)).status, 401, 'others go on')
  })

  t.test('guessing at a second factor through two processes counts together', async t => {
    const { email } = await signUp(test)
    const person = await signIn(test, email)
    await enroll(person)
    const tries = Array.from({ length: 20 }, (_, index) =>
      sendTo(both[index % 2] ?? one, '/v1/me/step-up', { totp: '000000' }, { token: person.token }),
    )
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    const judged = statuses.filter(status => status === 401).length
    t.ok(judged >= 1 && judged <= limits.signIn.failuresPerAccount, `${judged} were judged`)
    t.ok(
      statuses.every(status => [401, 429, 503].includes(status)),
      statuses.join(),
    )
  })

  t.test('every code works once, however often it is sent at once, to whichever process', async t => {
    const { email } = await signUp(test)
    const { secret, recoveryCodes } = await enroll(await signIn(test, email))
    const signInWith = (proof: object) => ({ email, password, ...proof })
    const codes: Record<string, [path: string, body: unknown]> = {
      'a code of the authenticator': ['/v1/sessions', signInWith({ totp: codeOf(secret, 1) })],
      'a recovery code': ['/v1/sessions', signInWith({ recoveryCode: recoveryCodes[0] })],
      'a reset code': [
        '/v1/password-resets/completion',
        { token: await makeResetCode(test), password: newPassword },
      ],
      'an invitation': [
        '/v1/invitations/acceptance',
        { token: await (await makeInvited(ground)).code(), password: newPassword },
      ],
    }
    const setupToken = await makeSetupToken(test)
    const totp = codeOf((await startSetup(test, setupToken)).secret)
    codes['a setup token'] = ['/v1/totp-enrollments/confirmation', { setupToken, totp }]
    for (const [what, [path, body]] of Object.entries(codes)) {
      await forgetFailures()
      const [first = 0, ...rest] = await atOnce(path, body)
      t.ok(first < 300, `${what} works: ${first}`)
      t.ok(
        rest.every(status => [400, 401, 409].includes(status)),
        `${what} works once: ${rest.join()}`,
      )
      const late = await post(path, body)
      t.ok([400, 401].includes(late.status), `${what} works no more: ${late.status}`)
    }
  })

  t.test('a code that proved something here proves nothing there', async t => {
    const { email } = await signUp(test)
    const person = await signIn(test, email)
    const { secret, recoveryCodes } = await enroll(person)
    const [totp, recoveryCode] = [codeOf(secret, 1), recoveryCodes[0]]
    for (const proof of [{ recoveryCode }, { totp }]) {
      const stepUp = () => sendTo(one, '/v1/me/step-up', proof, { token: person.token })
      t.equal((await stepUp()).status, 200)
      t.equal((await stepUp()).status, 401)
      t.equal((await post('/v1/sessions', { email, password, ...proof }, fresh(), other)).status, 401)
    }
  })

  t.test('neither answer nor time tells who has an account', async t => {
    const { email } = await signUp(test)
    const nobody = () => `${randomUUID()}@practice.example`
    const { staffId } = await makeInvited(ground)
    const invited = await invitationOf(test.adminUrl, staffId)
    const wrong = (ids: string[]) => ({
      token: encodeToken('cairn_in', ids, newSecret()),
      password: newPassword,
    })
    const kinds: Record<string, Kind> = {
      'sign-in': {
        path: '/v1/sessions',
        known: () => ({ email, password: 'a wrong password' }),
        unknown: () => ({ email: nobody(), password: 'a wrong password' }),
        samples,
        atOnce: 1,
      },
      'an invitation': {
        path: '/v1/invitations/acceptance',
        known: () => wrong(invited),
        unknown: () => wrong([invited[0] ?? '', randomUUID()]),
        samples,
        atOnce: 1,
      },
      'a password reset': {
        path: '/v1/password-resets',
        known: () => ({ email }),
        unknown: () => ({ email: nobody() }),
        samples: here.amount(12, samples),
        atOnce: here.amount(6, 4),
      },
    }
    for (const [what, kind] of Object.entries(kinds)) {
      const answers = new Set<string>()
      const ask = (body: () => unknown) => async () => {
        const { status, body: answer } = await post(kind.path, body(), fresh(), one)
        answers.add(JSON.stringify([status, { ...answer, requestId: '' }]))
      }
      const asked = [ask(kind.known), ask(kind.unknown)] as const
      const separation = await separated(asked, kind, false)
      t.equal(answers.size, 1, `${what}: ${[...answers].join(' or ')}`)
      t.notOk(isTold(separation), `${what}: ${inWords(separation)}`)
      figures[what] = inWords(separation)
    }
    const slow = () => post('/v1/sessions', { email, password: 'a wrong password' }, fresh(), one)
    const quick = () => post('/v1/invitations/acceptance', wrong([randomUUID(), randomUUID()]), fresh(), one)
    const control = await separated([slow, quick], { samples, atOnce: 1 }, true)
    t.ok(isTold(control), `what does differ is told apart: ${inWords(control)}`)
  })

  t.teardown(() => here.report({ 'requests to two processes': attempts, samples, ...figures }))
})

type Service = Awaited<ReturnType<typeof startProcesses>>[number]

interface Kind {
  path: string
  known(): unknown
  unknown(): unknown
  samples: number
  atOnce: number
}

/** The ids that an open invitation's code holds. */
const invitationOf = (adminUrl: string, staffId: string): Promise<string[]> =>
  asAdmin(adminUrl, async admin => {
    const { rows } = await admin.query('select practice_id, id from cairn.invitations where staff_id = $1', [
      staffId,
    ])
    return [rows[0].practice_id, rows[0].id]
  })
