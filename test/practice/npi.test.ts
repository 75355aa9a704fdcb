import t from 'tap'
import { isNpi } from '../../src/lib/npi.ts'

t.test('numbers with the right check digit are accepted', async t => {
  for (const npi of ['1234567893', '1245319599', '1639122005', '1912301953']) t.ok(isNpi(npi), npi)
})

t.test('a wrong check digit, first digit, length or letter is refused', async t => {
  const wrong = [
    '1234567890',
    '5544667733',
    '9999999999',
    '3234567891',
    '123456789',
    '12345678930',
    '',
    'A23456789B',
  ]
  for (const npi of wrong) t.notOk(isNpi(npi), npi)
})

t.test('every single wrong digit is noticed', async t => {
  const right = '1234567893'
  for (let place = 0; place < right.length; place++) {
    for (let digit = 0; digit <= 9; digit++) {
      const changed = right.slice(0, place) + digit + right.slice(place + 1)
      if (changed !== right) t.notOk(isNpi(changed), changed)
    }
  }
})
