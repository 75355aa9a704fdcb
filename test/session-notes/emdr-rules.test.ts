import fc from 'fast-check'
import t from 'tap'
import {
  type Finding,
  findings,
  findingsOf,
  type HistoryStep,
  isHeld,
  isSettled,
  openStatuses,
  sessionInstant,
  standingAfter,
  statusAfter,
  type TargetStatus,
  type TargetWork,
  targetStatuses,
} from '../../src/modules/session-notes/emdr/targets.rules.ts'

t.test('what a session finds moves a target by the table', async t => {
  const table: [from: TargetStatus, found: Finding[], to: TargetStatus][] = [
    ['identified', ['left'], 'identified'],
    ['identified', ['assessed', 'left'], 'assessed'],
    ['identified', ['assessed', 'processed', 'left'], 'incomplete'],
    ['identified', ['installed', 'left'], 'identified'],
    ['identified', ['cleared', 'left'], 'identified'],
    ['assessed', ['processed', 'left'], 'incomplete'],
    ['assessed', ['processed'], 'processing'],
    ['assessed', ['processed', 'desensitized', 'left'], 'desensitized'],
    ['assessed', ['processed', 'installed', 'left'], 'incomplete'],
    ['assessed', ['processed', 'desensitized', 'installed', 'left'], 'installed'],
    ['assessed', ['processed', 'desensitized', 'cleared', 'left'], 'desensitized'],
    ['assessed', ['processed', 'desensitized', 'installed', 'cleared', 'left'], 'cleared'],
    ['processing', ['processed', 'left'], 'incomplete'],
    ['processing', ['desensitized', 'left'], 'desensitized'],
    ['incomplete', ['came_back', 'processed', 'left'], 'incomplete'],
    ['incomplete', ['held', 'desensitized', 'left'], 'desensitized'],
    ['incomplete', ['held', 'desensitized', 'installed', 'cleared', 'left'], 'cleared'],
    ['desensitized', ['held', 'installed', 'left'], 'installed'],
    ['desensitized', ['came_back', 'left'], 'reopened'],
    ['desensitized', ['came_back', 'processed', 'left'], 'incomplete'],
    ['installed', ['cleared', 'left'], 'cleared'],
    ['installed', ['came_back', 'left'], 'reopened'],
    ['cleared', ['held', 'left'], 'rechecked'],
    ['cleared', ['came_back', 'left'], 'reopened'],
    ['cleared', ['left'], 'cleared'],
    ['rechecked', ['held', 'desensitized', 'left'], 'rechecked'],
    ['rechecked', ['came_back', 'left'], 'reopened'],
    ['reopened', ['assessed', 'left'], 'assessed'],
    ['reopened', ['processed', 'desensitized', 'left'], 'desensitized'],
    ['reopened', ['held', 'desensitized', 'left'], 'desensitized'],
  ]
  for (const [from, found, to] of table) t.equal(statusAfter(from, found), to, `${from}: ${found.join(', ')}`)
})

t.test('SUD and VOC decide what counts as worked through and as installed', async t => {
  const suds: [number | undefined, string | undefined, boolean][] = [
    [0, undefined, true],
    [1, undefined, false],
    [1, 'Fits (fictional).', true],
    [1, '  ', false],
    [2, 'Fits (fictional).', false],
    [undefined, 'Fits (fictional).', false],
  ]
  for (const [sud, reason, settled] of suds) t.equal(isSettled(sud, reason), settled, `SUD ${sud} ${reason}`)
  const vocs: [number | undefined, string | undefined, boolean][] = [
    [7, undefined, true],
    [6, undefined, false],
    [6, 'Fits (fictional).', true],
    [5, 'Fits (fictional).', false],
    [undefined, undefined, false],
  ]
  for (const [voc, reason, held] of vocs) t.equal(isHeld(voc, reason), held, `VOC ${voc} ${reason}`)
})

t.test('the findings of a session come from its phases and measures', async t => {
  const table: [TargetWork, boolean, Finding[]][] = [
    [{}, false, ['left']],
    [{}, true, []],
    [{ phases: ['assessment'], sudStart: 8, vocStart: 2 }, false, ['assessed', 'left']],
    [{ phases: ['desensitization'], sudStart: 8, sudEnd: 3 }, true, ['processed']],
    [{ phases: ['desensitization'], sudStart: 8, sudEnd: 0 }, false, ['processed', 'desensitized', 'left']],
    [{ phases: ['installation'], vocEnd: 7 }, false, ['installed', 'left']],
    [{ phases: ['installation'], vocEnd: 6 }, false, ['left']],
    [{ phases: ['body_scan'], bodyScan: { clear: true } }, false, ['cleared', 'left']],
    [{ phases: ['body_scan'], bodyScan: { clear: false } }, false, ['left']],
    [{ bodyScan: { clear: true } }, false, ['left']],
    [{ phases: ['reevaluation'], sudStart: 0, vocStart: 7 }, false, ['held', 'desensitized', 'left']],
    [{ phases: ['reevaluation'], sudStart: 0, vocStart: 5 }, false, ['desensitized', 'left']],
    [{ phases: ['reevaluation'], sudStart: 4 }, false, ['came_back', 'left']],
    [{ phases: ['reevaluation'], sudEnd: 0 }, false, ['desensitized', 'left']],
  ]
  for (const [work, goesOn, found] of table) t.same(findingsOf(work, goesOn), found, JSON.stringify(work))
})

t.test('each status by each finding: nothing moves a target but what is listed', async t => {
  const stays = undefined
  const table: Record<TargetStatus, (TargetStatus | undefined)[]> = {
    // held, came_back, assessed, processed, desensitized, installed, cleared, left
    identified: [stays, stays, 'assessed', 'processing', stays, stays, stays, stays],
    assessed: [stays, stays, stays, 'processing', stays, stays, stays, stays],
    processing: [stays, stays, stays, stays, 'desensitized', stays, stays, 'incomplete'],
    incomplete: [stays, stays, stays, 'processing', 'desensitized', stays, stays, stays],
    desensitized: [stays, 'reopened', stays, 'processing', stays, 'installed', stays, stays],
    installed: [stays, 'reopened', stays, 'processing', stays, stays, 'cleared', stays],
    cleared: ['rechecked', 'reopened', stays, 'processing', stays, stays, stays, stays],
    rechecked: [stays, 'reopened', stays, 'processing', stays, stays, stays, stays],
    reopened: [stays, stays, 'assessed', 'processing', 'desensitized', stays, stays, stays],
  }
  t.same(findings, [
    'held',
    'came_back',
    'assessed',
    'processed',
    'desensitized',
    'installed',
    'cleared',
    'left',
  ])
  for (const from of targetStatuses)
    for (const [index, finding] of findings.entries())
      t.equal(statusAfter(from, [finding]), table[from][index] ?? from, `${from}: ${finding}`)
})

t.test('a whole session by every SUD and VOC at its end', async t => {
  const ofRow = (sud: number, voc: number, ecologicalReason?: string) =>
    statusAfter(
      'assessed',
      findingsOf(
        {
          phases: ['desensitization', 'installation', 'body_scan'],
          sudStart: 9,
          sudEnd: sud,
          vocStart: 2,
          vocEnd: voc,
          bodyScan: { clear: true },
          ecologicalReason,
        },
        false,
      ),
    )
  /** What VOC 1 to 7 lead to when the disturbance is worked through; with more of it the target stays incomplete. */
  const settled = (leastVoc: number) => (voc: number) => (voc >= leastVoc ? 'cleared' : 'desensitized')
  for (let sud = 0; sud <= 10; sud++)
    for (let voc = 1; voc <= 7; voc++) {
      const plain = sud === 0 ? settled(7)(voc) : 'incomplete'
      const reasoned = sud <= 1 ? settled(6)(voc) : 'incomplete'
      t.equal(ofRow(sud, voc), plain, `SUD ${sud}, VOC ${voc}`)
      t.equal(ofRow(sud, voc, 'Fits (fictional).'), reasoned, `SUD ${sud}, VOC ${voc}, with a reason`)
    }
})

const day = (number: number) => new Date(Date.UTC(2026, 0, number, 17))

const move = (version: number, on: number, noteId: string, found: Finding[]): HistoryStep => ({
  version,
  change: 'moved_by_note',
  occurredAt: day(on),
  toStatus: 'identified',
  findings: found,
  noteId,
  noteRevision: 1,
  sessionOn: `2026-01-${String(on).padStart(2, '0')}`,
  sud: on,
  voc: null,
})

const back = (version: number, noteId: string): HistoryStep => ({
  ...move(version, 20, noteId, []),
  change: 'taken_back',
  sud: null,
})

t.test('where a target stands follows from the notes that count, in the order of their sessions', async t => {
  const first = move(2, 1, 'a', ['assessed', 'processed', 'left'])
  const second = move(3, 8, 'b', ['processed', 'desensitized', 'installed', 'cleared', 'left'])
  t.match(standingAfter([]), { status: 'identified', lastSud: null, incompleteSessions: 0 })
  t.match(standingAfter([first]), { status: 'incomplete', lastSud: 1, incompleteSessions: 1 })
  t.match(standingAfter([first, second]), { status: 'cleared', lastSud: 8, lastSessionOn: '2026-01-08' })
  const late = { ...first, version: 4 }
  t.match(standingAfter([second, late]), { status: 'cleared', lastSud: 8 }, 'a note that was signed late')
  t.match(standingAfter([first, second, back(4, 'b')]), { status: 'incomplete', lastSud: 1 })
  t.match(standingAfter([first, second, back(4, 'a')]), { status: 'cleared', incompleteSessions: 0 })
  t.match(standingAfter([first, back(3, 'a')]), { status: 'identified', lastSud: null, lastSessionOn: null })
  const again = { ...first, version: 4, noteRevision: 2 }
  t.match(standingAfter([first, back(3, 'a'), again]), { status: 'incomplete' }, 'signed again')
  const byHand: HistoryStep = {
    ...move(4, 5, '', []),
    change: 'set_by_hand',
    toStatus: 'rechecked',
    noteId: null,
    noteRevision: null,
    sud: null,
  }
  t.match(standingAfter([first, byHand]), { status: 'rechecked', lastSud: 1 })
  t.match(
    standingAfter([byHand, late]),
    { status: 'rechecked' },
    'what was set by hand after that session stays',
  )
})

t.test(
  'whatever is signed and in whatever order, taking it all back leaves the target untouched',
  async t => {
    const steps = fc.array(
      fc.record({ on: fc.integer({ min: 1, max: 28 }), found: fc.subarray([...findings]) }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(steps, made => {
        const moves = made.map(({ on, found }, index) => move(index + 2, on, `note ${index}`, found))
        const standing = standingAfter(moves)
        t.ok(targetStatuses.includes(standing.status))
        t.same(standingAfter(moves.toReversed()), standing)
        const backs = moves.map(({ noteId }, index) => back(100 + index, String(noteId)))
        t.same(standingAfter([...moves, ...backs]), standingAfter([]))
      }),
      { numRuns: 60 },
    )
  },
)

t.test('a session without times counts as at its signing, at the latest at the end of its day', async t => {
  const session = { startedAt: null, sessionDate: '2026-01-05', timeZone: 'America/Los_Angeles' }
  const iso = (signedAt: string) => sessionInstant(session, new Date(signedAt)).toISOString()
  t.equal(iso('2026-01-05T20:00:00Z'), '2026-01-05T20:00:00.000Z')
  t.equal(iso('2026-01-09T20:00:00Z'), '2026-01-06T08:00:00.000Z')
  const startedAt = new Date('2026-01-05T17:00:00Z')
  t.equal(sessionInstant({ ...session, startedAt }, new Date('2026-01-09T20:00:00Z')), startedAt)
})

t.test('every open status asks for a look, and none that is through does', async t => {
  t.same(
    targetStatuses.filter(status => !(openStatuses as readonly string[]).includes(status)),
    ['identified', 'assessed', 'rechecked'],
  )
})
