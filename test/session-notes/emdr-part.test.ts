import t from 'tap'
import { warningsFromChart } from '../../src/modules/session-notes/emdr/warnings.rules.ts'
import { emdr } from '../../src/modules/session-notes/parts/emdr.ts'
import { createAjv } from '../../src/plugins/validation.ts'

const target = '019c0000-0000-7000-8000-0000000000f7'
const other = '019c0000-0000-7000-8000-0000000000f8'

type Content = Parameters<typeof emdr.warnings>[0]
type Target = NonNullable<Content['targets']>[number]

const session = (work: Partial<Target>, more: Content = {}): Content => ({
  consent: true,
  safety: true,
  ...more,
  targets: [{ targetId: target, ...work }],
})

t.test('the rules of EMDR warn, each by its code', async t => {
  const closed: Content = { closure: { status: 'incomplete', resources: ['container'] } }
  const through: Partial<Target> = { sudEnd: 0, vocEnd: 7, bodyScan: { clear: true } }
  const table: [string, Content, string[]][] = [
    ['nothing', {}, []],
    ['preparation', { phases: ['preparation'] }, []],
    ['assessment', session({ phases: ['assessment'], sudStart: 8, vocStart: 2 }, { consent: false }), []],
    [
      'installation at SUD 3',
      session({ phases: ['installation'], sudEnd: 3 }),
      ['installation_before_desensitization'],
    ],
    [
      'installation without SUD',
      session({ phases: ['installation'] }),
      ['installation_before_desensitization'],
    ],
    [
      'installation at SUD 1',
      session({ phases: ['installation'], sudEnd: 1 }),
      ['installation_before_desensitization'],
    ],
    ['with a reason', session({ phases: ['installation'], sudEnd: 1, ecologicalReason: 'Fits.' }), []],
    ['installation at SUD 0', session({ phases: ['installation'], sudStart: 0 }), []],
    [
      'scan at VOC 6',
      session({ phases: ['body_scan'], sudEnd: 0, vocEnd: 6 }),
      ['body_scan_before_installation'],
    ],
    [
      'scan at SUD 2',
      session({ phases: ['body_scan'], sudEnd: 2, vocEnd: 7 }),
      ['body_scan_before_installation'],
    ],
    ['scan', session({ phases: ['body_scan'], sudEnd: 0, vocEnd: 7 }), []],
    [
      'unfinished and not closed',
      session({ phases: ['desensitization'], sudEnd: 3 }),
      ['incomplete_without_closure', 'incomplete_without_containment'],
    ],
    [
      'unfinished and closed as complete',
      session(
        { phases: ['desensitization'], sudEnd: 3 },
        { closure: { status: 'complete', resources: ['container'] } },
      ),
      ['incomplete_without_closure'],
    ],
    [
      'unfinished without containment',
      session({ phases: ['desensitization'], sudEnd: 3 }, { closure: { status: 'incomplete' } }),
      ['incomplete_without_containment'],
    ],
    ['unfinished and put away', session({ phases: ['desensitization'], sudEnd: 3 }, closed), []],
    ['goes on', session({ phases: ['desensitization'], sudEnd: 3 }, { closure: { status: 'goes_on' } }), []],
    [
      'through',
      session(
        { ...through, phases: ['desensitization', 'installation', 'body_scan'] },
        { closure: { status: 'complete' } },
      ),
      [],
    ],
    [
      'no consent and no look at safety',
      session({ phases: ['desensitization'], sudEnd: 3 }, { ...closed, consent: false, safety: false }),
      ['no_consent', 'no_safety_check'],
    ],
  ]
  for (const [name, content, codes] of table)
    t.same(
      emdr.warnings(content).map(({ code }) => code),
      codes,
      name,
    )
})

t.test('a part of EMDR is signed with the measures its phases need', async t => {
  const table: [string, Content, string[]][] = [
    ['empty', {}, ['/targets']],
    ['preparation alone', { phases: ['preparation'] }, []],
    ['a target without phases', session({}), ['/targets/0/phases']],
    ['assessment', session({ phases: ['assessment'] }), ['/targets/0/sudStart', '/targets/0/vocStart']],
    ['desensitization', session({ phases: ['desensitization'] }), ['/targets/0/sudEnd']],
    ['installation', session({ phases: ['installation'] }), ['/targets/0/vocEnd']],
    ['body scan', session({ phases: ['body_scan'] }), ['/targets/0/bodyScan/clear']],
    [
      're-evaluation and assessment',
      session({ phases: ['reevaluation', 'assessment'], vocStart: 2 }),
      ['/targets/0/sudStart'],
    ],
    [
      'the same target twice',
      { targets: [0, 1].map(() => ({ targetId: target, phases: ['reevaluation' as const], sudStart: 1 })) },
      ['/targets/1/targetId'],
    ],
  ]
  for (const [name, content, pointers] of table)
    t.same(
      emdr.missing(content).map(({ pointer }) => pointer),
      pointers,
      name,
    )
  t.same(emdr.missing(emdr.example), [])
  t.ok(createAjv().compile(emdr.content)(emdr.example), 'the example fits')
})

t.test('figures are the measures, by target', async t => {
  const content = session({
    phases: ['desensitization', 'body_scan'],
    sudStart: 8,
    sudEnd: 0,
    vocEnd: 7,
    sets: [{}, {}],
    bodyScan: { clear: true },
  })
  t.same(emdr.figures(content), [
    { measure: 'sud_start', value: 8, subjectId: target },
    { measure: 'sud_end', value: 0, subjectId: target },
    { measure: 'voc_end', value: 7, subjectId: target },
    { measure: 'sets', value: 2, subjectId: target },
    { measure: 'body_scan_clear', value: 1, subjectId: target },
  ])
  t.same(emdr.figures({}), [])
})

t.test('the chart warns of what the note cannot know', async t => {
  const part = (id: string, content: Content) => ({ id, kind: 'emdr', version: 1, content: { ...content } })
  const processing = part('p1', session({ phases: ['desensitization'] }))
  const steady = part('p1', session({ phases: ['desensitization'] }, { resources: ['container'] }))
  const checked = part('p2', session({ phases: ['reevaluation'] }))
  const ready = { screenedOn: '2026-06-01', stabilized: true, open: [] }
  const left = (id: string, lastSessionOn: string | null = '2026-06-20') => ({
    ...ready,
    open: [{ id, lastSessionOn }],
  })
  const table: [
    string,
    Parameters<typeof warningsFromChart>[0],
    Parameters<typeof warningsFromChart>[2],
    string[],
  ][] = [
    ['no EMDR', [{ ...processing, kind: 'cbt' }], { ...left(target), screenedOn: null }, []],
    ['ready', [processing], ready, []],
    [
      'no screen',
      [processing],
      { ...ready, screenedOn: null },
      ['p1/content/targets no_recent_dissociation_screen'],
    ],
    ['screened a year ago', [processing], { ...ready, screenedOn: '2025-07-01' }, []],
    [
      'screened earlier',
      [processing],
      { ...ready, screenedOn: '2025-06-30' },
      ['p1/content/targets no_recent_dissociation_screen'],
    ],
    [
      'screened afterwards',
      [processing],
      { ...ready, screenedOn: '2026-07-02' },
      ['p1/content/targets no_recent_dissociation_screen'],
    ],
    [
      'not stabilized',
      [processing],
      { ...ready, stabilized: false },
      ['p1/content/resources no_stabilization'],
    ],
    ['a resource at hand', [steady], { ...ready, stabilized: false }, []],
    ['no processing', [checked], { screenedOn: null, stabilized: false, open: [] }, []],
    [
      'worked on without a look first',
      [processing],
      left(target),
      ['p1/content/targets/0/phases target_not_rechecked'],
    ],
    ['passed over', [processing], left(other), ['p1/content/targets target_not_rechecked']],
    [
      'set by hand and passed over',
      [processing],
      left(other, null),
      ['p1/content/targets target_not_rechecked'],
    ],
    ['looked at in another part', [checked, processing], left(target), []],
    ['left earlier this day', [processing], left(target, '2026-07-01'), []],
  ]
  for (const [name, parts, ground, expected] of table)
    t.same(
      warningsFromChart(parts, '2026-07-01', ground).map(
        ({ pointer, code }) => `${pointer.slice(7)} ${code}`,
      ),
      expected,
      name,
    )
})
