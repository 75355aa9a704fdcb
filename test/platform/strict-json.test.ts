import fc from 'fast-check'
import t from 'tap'
import { Problem } from '../../src/lib/problems.ts'
import { parseStrictJson } from '../../src/lib/strict-json.ts'

const refuses = (text: string) => {
  try {
    parseStrictJson(text)
    return false
  } catch (error) {
    return error instanceof Problem && error.code === 'malformed-request'
  }
}

t.test('whatever JSON.parse makes of ordinary JSON, so do we', async t => {
  const keys = fc
    .string({ unit: 'grapheme' })
    .filter(
      key =>
        !['__proto__', 'constructor', 'prototype'].includes(key) && key.isWellFormed() && !key.includes('\0'),
    )
  const texts = fc.string({ unit: 'grapheme' }).filter(text => text.isWellFormed() && !text.includes('\0'))
  const json = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 5 },
      texts,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('record'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    record: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  })).value
  fc.assert(
    fc.property(json, value => {
      const text = JSON.stringify(value)
      t.same(parseStrictJson(text), JSON.parse(text))
    }),
    { numRuns: 300 },
  )
})

t.test('what parsers disagree about is refused', async t => {
  const cases = {
    'a field given twice': '{"a":1,"a":2}',
    'a field given twice, spelled differently': '{"a":1,"\\u0061":2}',
    'a field given twice deep inside': '{"x":[{"a":1,"a":2}]}',
    'a prototype key': '{"__proto__":{"admin":true}}',
    'an escaped prototype key': '{"__pr\\u006fto__":1}',
    'a constructor key': '{"constructor":{"prototype":1}}',
    'NUL in a text': '{"a":"x\\u0000y"}',
    'a lone surrogate in a text': '{"a":"\\ud800"}',
    'a lone surrogate in a key': '{"\\udfff":1}',
    'an open string': '{"a":"x',
    'two values': '{} {}',
    'a trailing comma': '{"a":1,}',
    nothing: '',
  }
  for (const [name, text] of Object.entries(cases)) t.ok(refuses(text), name)
})

t.test('nesting is bounded before anything is parsed', async t => {
  t.ok(refuses('['.repeat(100_000)))
  t.ok(refuses(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`))
  t.same(parseStrictJson('[[[[1]]]]'), [[[[1]]]])
})

t.test('a repeated key in two different objects is fine, and so are braces in texts', async t => {
  t.same(parseStrictJson('[{"a":1},{"a":2}]'), [{ a: 1 }, { a: 2 }])
  t.same(parseStrictJson('{"a":"}{\\"a\\":","b":"\\\\"}'), { a: '}{"a":', b: '\\' })
})
