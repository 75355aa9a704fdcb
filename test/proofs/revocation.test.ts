import fc from 'fast-check'
import t from 'tap'
import { password, post, signIn, signUp } from '../support/identity.ts'
import { proof } from '../support/proof.ts'
import { type RefreshStep, refreshed, refreshModel } from '../support/proofs/identity/refresh-model.ts'
import { revocations } from '../support/proofs/identity/revocations.ts'
import { createTestApp } from '../support/test-app.ts'
import { createGround } from '../support/world/ground.ts'

const here = proof('revocation')
const sequences = here.amount(10, 400, 'REFRESH_ORDERS')

t.test('revocation', async t => {
  const test = await createTestApp(t)
  let judged = 0

  t.test('whatever ends access ends it on the next request, and nobody else’s', async t => {
    const ground = await createGround(test)
    for (const [what, prepare] of Object.entries(revocations)) {
      const { end, ended, lasting } = await prepare(ground)
      for (const use of [...ended, ...lasting]) t.ok((await use()) < 300, `${what}: good before`)
      await end()
      for (const use of ended) t.equal(await use(), 401, `${what}: refused after`)
      for (const use of lasting) t.ok((await use()) < 300, `${what}: others go on`)
    }
  })

  t.test('of sixteen refreshes at once all get the one successor, and it is good', async t => {
    const { email } = await signUp(test)
    for (let round = 0; round < here.amount(2, 40); round += 1) {
      const { refreshToken } = await signIn(test, email)
      const replies = await Promise.all(Array.from({ length: 16 }, () => refreshed(test, refreshToken)))
      t.same([...new Set(replies.map(({ status }) => status))], [200])
      const [successor, ...others] = new Set(replies.map(({ body }) => String(body.refreshToken)))
      t.same(others, [])
      t.equal((await refreshed(test, successor ?? '')).status, 200)
    }
  })

  t.test('a copied token that races the real one ends the family, whoever comes first', async t => {
    const { email } = await signUp(test)
    for (let round = 0; round < here.amount(2, 40); round += 1) {
      const person = await signIn(test, email)
      const second = await refreshed(test, person.refreshToken)
      const third = await refreshed(test, second.body.refreshToken)
      const race = await Promise.all([
        refreshed(test, third.body.refreshToken),
        refreshed(test, person.refreshToken),
        person.get('/v1/me'),
      ])
      t.equal(race[1].status, 401, 'two generations old')
      t.equal((await person.get('/v1/me')).status, 401)
      for (const { body } of [second, third, race[0]])
        if (body.refreshToken) t.equal((await refreshed(test, body.refreshToken)).status, 401)
    }
  })

  t.test('any order of refreshes is answered as the rule says', async t => {
    const { email } = await signUp(test)
    const step: fc.Arbitrary<RefreshStep> = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('refresh' as const), back: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async steps => {
        const model = refreshModel(test, await signIn(test, email))
        for (const one of steps) {
          const { expected, status } = await model.take(one)
          if (status !== expected) throw new Error(`${JSON.stringify(one)}: ${status}, not ${expected}`)
          judged += 1
        }
      }),
      { seed: here.seed, numRuns: sequences },
    )
    t.ok(judged >= sequences)
    t.equal((await post(test, '/v1/sessions', { email, password })).status, 200)
  })

  t.teardown(() =>
    here.report({
      'ways to end access': Object.keys(revocations).length,
      'orders of refreshes': sequences,
      'refreshes judged': judged,
    }),
  )
})
