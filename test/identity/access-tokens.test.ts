import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { decodePart } from '../support/proofs/identity/forgery.ts'
import { createTestApp } from '../support/test-app.ts'

// What is not believed, and how the key rotates: test/proofs/tokens.test.ts and key-rotation.test.ts.

t.test('access tokens', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const [header, claims] = owner.token.split('.').slice(0, 2).map(decodePart)

  t.test('a token lives ten minutes, names its key, issuer and audience, and is of its own type', async t => {
    t.equal(Number(claims?.exp) - Number(claims?.iat), 600)
    t.match(header, { alg: 'EdDSA', typ: 'at+jwt', kid: test.house.keyring.signingKey().kid })
    t.match(claims, { aud: 'cairn-api', iss: 'http://127.0.0.1:3000', sub: owner.actorId })
    t.equal((await owner.get('/v1/practice')).status, 200)
  })

  t.test('the published keys verify what is signed, and hold nothing private', async t => {
    const { keys } = (await test.app.inject({ url: '/.well-known/jwks.json' })).json()
    t.ok(keys.some((key: { kid: string }) => key.kid === header?.kid))
    for (const key of keys) t.same(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })
})
