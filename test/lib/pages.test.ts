import { createSecretKey, randomBytes } from 'node:crypto'
import t from 'tap'
import { createCursors } from '../../src/lib/pages.ts'
import { systemScope } from '../../src/lib/scope.ts'

t.test('cursors', async t => {
  const cursors = createCursors(createSecretKey(randomBytes(32)))
  const scope = systemScope('019c0000-0000-7000-8000-0000000000a1', 'test')

  t.test('lead on where they were given, and nowhere else', async t => {
    const cursor = cursors.encode(scope, { status: 'open' }, ['b', 7])
    t.same(cursors.decode(scope, { status: 'open' }, cursor), ['b', 7])
    const elsewhere = systemScope('019c0000-0000-7000-8000-0000000000a2', 'test')
    for (const ask of [
      () => cursors.decode(elsewhere, { status: 'open' }, cursor),
      () => cursors.decode({ ...scope, operation: 'other' }, { status: 'open' }, cursor),
      () => cursors.decode(scope, { status: 'closed' }, cursor),
      () => cursors.decode(scope, { status: 'open' }, `${cursor.slice(0, -4)}AAAA`),
      () => cursors.decode(scope, { status: 'open' }, 'short'),
    ])
      t.throws(ask, { code: 'invalid-cursor' })
  })

  t.test('tell nothing of the place they hold, nor whether it is another one than before', async t => {
    const feed = [1, 2, 99_999].map(position => cursors.encode(scope, null, [position]))
    t.equal(new Set(feed.map(cursor => cursor.length)).size, 1)
    t.not(cursors.encode(scope, null, [1]), feed[0])
    for (const cursor of feed) t.notMatch(Buffer.from(cursor, 'base64url').toString('latin1'), /\[\d+\]/)
  })
})
