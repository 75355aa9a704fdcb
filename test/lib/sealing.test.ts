import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import t from 'tap'
import { type DataKey, dataKeyVersionOf, openSealed, sealWith } from '../../src/lib/sealing/envelope.ts'
import { KeyUnavailable, SealBroken } from '../../src/lib/sealing/errors.ts'
import { place, text } from '../support/sealing.ts'

t.test('envelope', async t => {
  const context = { ...place, practiceId: randomUUID() }
  const dataKey = { version: 7, key: createSecretKey(randomBytes(32)) }
  const only = (known: DataKey) => (version: number) => {
    if (version !== known.version) throw new KeyUnavailable('another version')
    return known.key
  }
  const sealed = sealWith(dataKey, context, text)

  t.test('a sealed text opens in its place, whatever its length', async t => {
    t.equal(openSealed(only(dataKey), context, sealed).toString(), text)
    t.equal(openSealed(only(dataKey), context, sealWith(dataKey, context, '')).length, 0)
    const bytes = randomBytes(100_000)
    t.same(openSealed(only(dataKey), context, sealWith(dataKey, context, bytes)), bytes)
    t.equal(dataKeyVersionOf(sealed), 7)
  })

  t.test('the text is not in the bytes, and sealing twice gives different bytes', async t => {
    t.notOk(sealed.includes('told her'))
    t.notSame(sealWith(dataKey, context, text), sealed)
  })

  t.test('ids are compared without case, as PostgreSQL compares them', async t => {
    const upper = {
      ...context,
      practiceId: context.practiceId.toUpperCase(),
      rowId: context.rowId.toUpperCase(),
    }
    t.equal(openSealed(only(dataKey), upper, sealed).toString(), text)
  })

  t.test('no single changed bit opens', async t => {
    const anyKey = () => dataKey.key
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      t.throws(() => openSealed(anyKey, context, altered), SealBroken, `bit ${bit}`)
    }
  })

  t.test('no shortened or lengthened text opens', async t => {
    for (const length of [0, 1, 4, 5, 17, 32, 33, sealed.length - 1]) {
      t.throws(() => openSealed(only(dataKey), context, sealed.subarray(0, length)), SealBroken)
    }
    t.throws(() => openSealed(only(dataKey), context, Buffer.concat([sealed, Buffer.alloc(1)])), SealBroken)
  })

  const elsewhere = {
    'another practice': { practiceId: randomUUID() },
    'another table': { table: 'session_note_addenda' },
    'another column': { column: 'plan' },
    'another row': { rowId: randomUUID() },
    'an older version of the row': { rowVersion: 2 },
    'a border moved between the fields': { table: 'session_notesb', column: 'ody' },
    'a quote in a field': { table: 'session_notes","body', column: '' },
  }
  for (const [where, change] of Object.entries(elsewhere)) {
    t.test(`a text moved to ${where} does not open`, async t => {
      t.throws(() => openSealed(only(dataKey), { ...context, ...change }, sealed), SealBroken)
    })
  }

  t.test('another key of the same version does not open it, and the error carries nothing', async t => {
    const other = { version: 7, key: createSecretKey(randomBytes(32)) }
    try {
      openSealed(only(other), context, sealed)
      t.fail('opened')
    } catch (error) {
      t.ok(error instanceof SealBroken)
      t.same(Object.keys(error as Error), ['name'])
      t.notMatch(String(error), /told her|[0-9a-f]{8}-/)
    }
  })
})
