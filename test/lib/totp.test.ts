import t from 'tap'
import {
  hashRecoveryCode,
  matchRecoveryCode,
  matchTotp,
  newRecoveryCodes,
  newTotpSecret,
  totpSecretText,
  totpUri,
} from '../../src/lib/totp.ts'

// RFC 6238, appendix B (SHA-1): seed and the last six of its eight digits.
const seed = Buffer.from('12345678901234567890')
const at = (seconds: number) => ({ now: new Date(seconds * 1000), lastCounter: null })

t.test('the codes are those of RFC 6238', async t => {
  t.equal(matchTotp(seed, '287082', at(59)), 1)
  t.equal(matchTotp(seed, '081804', at(1111111109)), 37037036)
  t.equal(matchTotp(seed, '005924', at(1234567890)), 41152263)
  t.equal(matchTotp(seed, '279037', at(2000000000)), 66666666)
})

t.test('one step early or late is accepted, two are not, and the counter is the code’s own', async t => {
  t.equal(matchTotp(seed, '081804', at(1111111109 - 30)), 37037036)
  t.equal(matchTotp(seed, '081804', at(1111111109 + 30)), 37037036)
  t.equal(matchTotp(seed, '081804', at(1111111109 - 60)), undefined)
  t.equal(matchTotp(seed, '081804', at(1111111109 + 60)), undefined)
})

t.test('a code is good once, and none before an accepted one is', async t => {
  const now = new Date(1111111109 * 1000)
  const counter = matchTotp(seed, '081804', { now, lastCounter: 37037035 })
  t.equal(counter, 37037036)
  t.equal(matchTotp(seed, '081804', { now, lastCounter: 37037036 }), undefined)
  t.equal(matchTotp(seed, '081804', { now, lastCounter: 37037037 }), undefined)
})

t.test('spaces do not matter; anything but six digits is wrong', async t => {
  t.equal(matchTotp(seed, ' 081 804 ', at(1111111109)), 37037036)
  for (const code of ['', '81804', '0081804', '07081804', '08180a', '０８１８０４', '081805']) {
    t.equal(matchTotp(seed, code, at(1111111109)), undefined, code)
  }
  t.equal(matchTotp(newTotpSecret(), '081804', at(1111111109)), undefined)
})

t.test('a new seed has 160 bits, and its URI is what authenticator apps read', async t => {
  const secret = newTotpSecret()
  t.equal(secret.length, 20)
  t.notSame(newTotpSecret(), secret)
  t.match(totpSecretText(secret), /^[A-Z2-7]{32}$/)
  const uri = new URL(totpUri(secret, { issuer: 'Cairn', account: 'ada@example.test' }))
  t.equal(uri.protocol, 'otpauth:')
  t.equal(uri.searchParams.get('secret'), totpSecretText(secret))
  t.match(Object.fromEntries(uri.searchParams), {
    issuer: 'Cairn',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})

t.test('recovery codes are ten, different, and stored as hashes only', async t => {
  const { codes, hashes } = newRecoveryCodes()
  t.equal(new Set(codes).size, 10)
  for (const code of codes) t.match(code, /^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/)
  codes.forEach((code, index) => t.equal(matchRecoveryCode(code, hashes), index))
  t.notOk(hashes.some(hash => codes.some(code => hash.includes(code))))
})

t.test('a recovery code is recognized as people type it, and gone once its hash is', async t => {
  const code = '01ab-cdef-ghjk-mnpq-rstv-wxyz'
  const hashes = [hashRecoveryCode('zzzz'), hashRecoveryCode(code)]
  for (const typed of [
    code.toUpperCase(),
    code.replaceAll('-', ' '),
    'OIab cdef ghjk mnpq rstv wxyz',
    `  ${code}\n`,
  ]) {
    t.equal(matchRecoveryCode(typed, hashes), 1, typed)
  }
  t.equal(matchRecoveryCode(code.slice(1), hashes), undefined)
  t.equal(matchRecoveryCode('', hashes), undefined)
  t.equal(matchRecoveryCode(code, hashes.slice(0, 1)), undefined)
})
