import fc from 'fast-check'
import t from 'tap'
import { partIfEnough, partsIfEnough } from '../../src/lib/small-counts.ts'

t.test('a part is told only where neither it nor the rest is few', async t => {
  t.same(
    [
      [5, 10],
      [4, 10],
      [6, 10],
      [10, 10],
      [0, 10],
      [4, 4],
    ].map(([part = 0, whole = 0]) => partIfEnough(part, whole)),
    [5, null, null, 10, null, null],
  )
})

t.test('parts of a whole: what is hidden is nobody, or five and more', async t => {
  t.same(partsIfEnough({ a: 7, b: 5, c: 1, d: 0 }), { a: 7, b: null, c: null, d: null })
  t.same(partsIfEnough({ a: 7, b: 5, c: 0 }), { a: 7, b: 5, c: null })
  t.same(partsIfEnough({ a: 4, b: 3, c: 9 }), { a: null, b: null, c: 9 })
  const parts = fc.record({ a: fc.nat(20), b: fc.nat(20), c: fc.nat(20), d: fc.nat(20) })
  fc.assert(
    fc.property(parts, counts => {
      const told = partsIfEnough(counts)
      const keys = ['a', 'b', 'c', 'd'] as const
      const hidden = keys.filter(key => told[key] === null).reduce((sum, key) => sum + counts[key], 0)
      const isWhole = counts.a + counts.b + counts.c + counts.d
      return (
        keys.every(key => told[key] === null || (told[key] === counts[key] && counts[key] >= 5)) &&
        (hidden === 0 || hidden >= 5 || isWhole < 5)
      )
    }),
  )
})
