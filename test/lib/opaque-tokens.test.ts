import { randomUUID } from 'node:crypto'
import t from 'tap'
import { decodeToken, encodeToken, hashSecret, newSecret, sameSecret } from '../../src/lib/opaque-tokens.ts'

const ids = [randomUUID(), randomUUID()]
const secret = newSecret()
const token = encodeToken('cairn_rt', ids, secret)

t.test('a token gives back its ids and the hash of its secret, never the secret', async t => {
  t.match(token, /^cairn_rt_[A-Za-z0-9_-]{86}$/)
  t.same(decodeToken('cairn_rt', 2, token), { ids, secretHash: hashSecret(secret) })
  const upper = encodeToken(
    'cairn_rt',
    ids.map(id => id.toUpperCase()),
    secret,
  )
  t.equal(upper, token)
  const bare = decodeToken('cairn_cs', 0, encodeToken('cairn_cs', [], secret))
  t.same(bare, { ids: [], secretHash: hashSecret(secret) })
})

t.test('only the exact spelling decodes', async t => {
  const last = token.at(-1) ?? ''
  const respelled = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .map(character => token.slice(0, -1) + character)
    .filter(text => text !== token)
  const wrong = [
    '',
    'cairn_rt',
    'cairn_rt_',
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    `${token}\n`,
    ` ${token}`,
    token.replace('cairn_rt_', 'cairn_pr_'),
    token.replace('cairn_rt_', 'CAIRN_RT_'),
    token.replace(last, `${last} `),
    `cairn_rt_${'é'.repeat(86)}`,
  ]
  for (const text of wrong) t.equal(decodeToken('cairn_rt', 2, text), undefined, JSON.stringify(text))
  t.equal(decodeToken('cairn_rt', 1, token), undefined)
  t.equal(decodeToken('cairn_rt', 3, token), undefined)
  const hash = hashSecret(secret)
  for (const text of respelled) {
    const decoded = decodeToken('cairn_rt', 2, text)
    t.notOk(decoded && sameSecret(decoded.secretHash, hash), 'no second spelling of the same token')
  }
})

t.test('what is no UUID or no full secret is refused when encoding', async t => {
  t.throws(() => encodeToken('cairn_rt', ['not-a-uuid'], secret), TypeError)
  t.throws(() => encodeToken('cairn_rt', [`${ids[0]}00`], secret), TypeError)
  t.throws(() => encodeToken('cairn_rt', ids, secret.subarray(1)), TypeError)
})

t.test('secrets are compared in constant time, and other lengths are unequal', async t => {
  const hash = hashSecret(secret)
  t.equal(sameSecret(hash, hashSecret(Buffer.from(secret))), true)
  t.equal(sameSecret(hash, hashSecret(newSecret())), false)
  t.equal(sameSecret(hash, hash.subarray(1)), false)
  t.equal(sameSecret(hash, Buffer.alloc(0)), false)
})
