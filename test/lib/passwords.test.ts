import t from 'tap'
import { createPasswordHasher, HashingBusy, passwordCost, passwordProblems } from '../../src/lib/passwords.ts'

const cost = { memoryKib: 64, passes: 1, parallelism: 1 }
const hasher = createPasswordHasher({ cost })
const password = 'three herons over cold water'

t.test('a password verifies against its hash, and no other does', async t => {
  const hash = await hasher.hashPassword(password)
  t.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  t.same(await hasher.verifyPassword(hash, password), { ok: true, needsRehash: false })
  for (const wrong of ['', `${password} `, password.toUpperCase(), password.slice(0, -1)]) {
    t.same(await hasher.verifyPassword(hash, wrong), { ok: false, needsRehash: false })
  }
  t.not(await hasher.hashPassword(password), hash, 'each hash has its own salt')
})

t.test('nothing is cut off: the last of many characters counts', async t => {
  const long = 'x'.repeat(127)
  const hash = await hasher.hashPassword(`${long}a`)
  t.equal((await hasher.verifyPassword(hash, `${long}b`)).ok, false)
  const withNul = await hasher.hashPassword('before\0after and more')
  t.equal((await hasher.verifyPassword(withNul, 'before\0other and more')).ok, false)
})

t.test('a password is the same whichever way the keyboard composes it', async t => {
  const hash = await hasher.hashPassword('Zoe\u0308 walks the dunes')
  t.equal((await hasher.verifyPassword(hash, 'Zo\u00eb walks the dunes')).ok, true)
})

t.test('a hash of another cost verifies and asks to be made again', async t => {
  const hash = await hasher.hashPassword(password)
  const stronger = createPasswordHasher({ cost: { ...cost, passes: 2 } })
  t.same(await stronger.verifyPassword(hash, password), { ok: true, needsRehash: true })
  t.same(await stronger.verifyPassword(hash, 'wrong'), { ok: false, needsRehash: false })
})

t.test('a changed or foreign hash is an error, not a match', async t => {
  const hash = await hasher.hashPassword(password)
  for (const broken of ['', 'plain', hash.slice(0, -1), hash.replace('argon2id', 'argon2i'), `${hash}\n`]) {
    await t.rejects(hasher.verifyPassword(broken, password), TypeError)
  }
})

t.test('the cost is at least what OWASP asks, and hashing does not warn', async t => {
  t.same(passwordCost, { memoryKib: 19_456, passes: 2, parallelism: 1 })
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  const real = createPasswordHasher()
  const hash = await real.hashPassword(password)
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.equal((await real.verifyPassword(hash, password)).ok, true)
  process.off('warning', note)
  t.same(warnings, [])
})

t.test('an unknown account costs what a known one does', async t => {
  const real = createPasswordHasher({ cost: { memoryKib: 4_096, passes: 2, parallelism: 1 } })
  const hash = await real.hashPassword(password)
  t.same(await real.dummyVerify(password), { ok: false, needsRehash: false })
  const timesOf = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  const known: number[] = []
  const unknown: number[] = []
  for (let round = 0; round < 15; round += 1) {
    known.push(await timesOf(() => real.verifyPassword(hash, 'wrong')))
    unknown.push(await timesOf(() => real.dummyVerify('wrong')))
  }
  const ratio = median(unknown) / median(known)
  t.ok(ratio > 0.6 && ratio < 1.6, `ratio ${ratio.toFixed(2)}`)
})

t.test(
  'no more than the allowed hashes run or wait; the rest is refused at once and later ones pass',
  async t => {
    const gated = createPasswordHasher({ cost: { ...cost, memoryKib: 2_048 }, concurrent: 2, queued: 3 })
    const attempts = await Promise.allSettled(Array.from({ length: 9 }, () => gated.hashPassword(password)))
    const refused = attempts.filter(attempt => attempt.status === 'rejected')
    t.equal(refused.length, 4, 'two run, three wait')
    t.ok(refused.every(attempt => attempt.reason instanceof HashingBusy))
    const again = await Promise.allSettled(Array.from({ length: 5 }, () => gated.hashPassword(password)))
    t.ok(
      again.every(attempt => attempt.status === 'fulfilled'),
      'every place was given back',
    )
  },
)

t.test('a failed hash gives its place back', async t => {
  const broken = createPasswordHasher({
    cost: { memoryKib: 1, passes: 1, parallelism: 1 },
    concurrent: 1,
    queued: 0,
  })
  for (let round = 0; round < 3; round += 1) {
    const error = await broken.hashPassword(password).catch((reason: unknown) => reason)
    t.notOk(error instanceof HashingBusy)
    t.ok(error instanceof Error)
  }
})

t.test('policy: what is guessed first is refused, a pass phrase is not', async t => {
  const ada = { email: 'ada.rivera+work@example.test', names: ['Ada', 'Rivera', 'Ada Rivera'] }
  const problems = (candidate: string) => passwordProblems(candidate, ada)
  t.same(problems(password), [])
  t.same(problems('heron dunes 7!x'), [], 'exactly 15 characters')
  t.same(problems('heron dunes 7!'), ['password-too-short'])
  t.same(problems('🕊🪶🌊🌿🏔'), ['password-too-short', 'password-too-repetitive'])
  t.same(problems(`${'heron '.repeat(20)}dunes 12`), [], 'exactly 128 characters')
  t.same(problems(`${'heron '.repeat(20)}dunes 123`), ['password-too-long'])
  t.same(problems('Correct Horse Battery Staple'), ['password-too-common'])
  t.same(problems('Change-This-Password'), ['password-too-common'])
  for (const dull of [
    'aaaaaaaaaaaaaaaa',
    'sunshinesunshine',
    'abcabcabcabcabcabc',
    '1234567890123456',
    'ponmlkjihgfedcba',
  ]) {
    t.ok(problems(dull).includes('password-too-repetitive'), dull)
  }
  t.same(problems('my dog adaRIVERA barks'), ['password-contains-email', 'password-contains-name'])
  t.same(problems('the rivera house by the sea'), ['password-contains-name'])
  t.same(problems('canada geese fly south'), [], 'short names are in too many words')
  t.same(passwordProblems(password, { email: 'a@example.test', names: [''] }), [])
})

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
