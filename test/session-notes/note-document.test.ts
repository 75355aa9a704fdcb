import fc from 'fast-check'
import t from 'tap'
import {
  isAllCarried,
  mergePatch,
  type NoteDocument,
  stillCarried,
} from '../../src/modules/session-notes/note-document.ts'

/** Examples of RFC 7396, appendix A, as far as they are about objects. */
const examples: readonly [target: object, patch: Record<string, unknown>, result: object][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

t.test('a patch does what RFC 7396 says', async t => {
  for (const [target, patch, result] of examples) t.same(mergePatch(target, patch), result)
})

const content = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,3}$|^__proto__$/),
  fc.jsonValue({ maxDepth: 3 }).filter(value => value !== null),
  { noNullPrototype: true },
)

t.test('a patch sent twice does what it does once, and touches nothing it does not name', async t => {
  fc.assert(
    fc.property(content, content, (target, patch) => {
      const before = JSON.stringify(target)
      const once = mergePatch(target, patch)
      t.same(JSON.stringify(mergePatch(once, patch)), JSON.stringify(once))
      t.equal(JSON.stringify(target), before)
      for (const name of Object.keys(target))
        if (!Object.hasOwn(patch, name))
          t.same(
            Object.entries(once).find(([key]) => key === name)?.[1],
            Object.entries(target).find(([key]) => key === name)?.[1],
          )
    }),
    { numRuns: 60 },
  )
  t.equal(Object.prototype.hasOwnProperty.call({}, 'polluted'), false)
})

const note = (more: Partial<NoteDocument>): NoteDocument => ({
  headings: [],
  header: {},
  sections: {},
  parts: [],
  carried: [],
  ...more,
})

t.test('a mark goes with the first edit and does not come back', async t => {
  const id = '019c0000-0000-7000-8000-0000000000a7'
  const part = (bridge: string) => ({ id, kind: 'cbt', version: 1, content: { bridge } })
  const begun = note({
    header: { interventions: ['Pacing'], next: 'Go on' },
    sections: { plan: 'As before', data: 'Own' },
    parts: [part('Call')],
    carried: ['/sections/plan', '/header/interventions', `/parts/${id}/content/bridge`],
  })
  const after = (more: Partial<NoteDocument>) => stillCarried(begun, { ...begun, ...more })
  t.same(after({}), begun.carried)
  t.same(after({ sections: { plan: 'Other', data: 'Own' } }), begun.carried.slice(1))
  t.same(after({ sections: { data: 'Own' } }), begun.carried.slice(1), 'emptied')
  t.same(after({ header: { interventions: ['Pacing', 'Walk'] } }), [begun.carried[0], begun.carried[2]])
  t.same(after({ parts: [part('Text')] }), begun.carried.slice(0, 2))
  t.same(after({ parts: [] }), begun.carried.slice(0, 2))
  const edited = { ...begun, sections: { data: 'Own' }, carried: after({ sections: { data: 'Own' } }) }
  t.same(stillCarried(edited, begun), begun.carried.slice(1), 'written back, it is somebody’s own')
})

t.test('a note is all carried when no text in it is anybody’s own', async t => {
  const carried = ['/sections/plan']
  const header = { objectives: [], risk: { status: 'denied' as const } }
  t.equal(isAllCarried(note({})), false, 'nothing is not carried')
  t.equal(isAllCarried(note({ header, sections: { plan: 'x' }, carried })), true)
  t.equal(isAllCarried(note({ header, sections: { plan: 'x', data: 'y' }, carried })), false)
  t.equal(isAllCarried(note({ header: { next: 'y' }, sections: { plan: 'x' }, carried })), false)
})
