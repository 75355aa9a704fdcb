import fc from 'fast-check'
import t from 'tap'
import {
  daysByStatus,
  daysSince,
  isStuck,
  percentOf,
  progressOf,
  velocityOf,
} from '../../src/modules/task-model/figures.ts'
import { letterText } from '../../src/modules/task-model/letters.rules.ts'
import { type TaskStatus, taskStatuses } from '../../src/modules/task-model/tasks.rules.ts'

const clock = { today: '2026-03-31', timeZone: 'America/Los_Angeles' }
const at = (instant: string) => new Date(instant)

t.test('progress counts what applies, and 100 percent means all', async t => {
  const counted = (...statuses: TaskStatus[]) => progressOf(statuses.map(status => ({ status })))
  t.same(counted(), { applicable: 0, done: 0, inWork: 0, percent: null })
  t.same(counted('not_applicable'), { applicable: 0, done: 0, inWork: 0, percent: null })
  t.same(
    counted(
      'signed_off',
      'maintained',
      'pending_cosign',
      'deferred',
      'not_started',
      'returned',
      'not_applicable',
    ),
    { applicable: 6, done: 2, inWork: 2, percent: 33 },
  )
  t.equal(percentOf(199, 200), 99)
  t.equal(percentOf(200, 200), 100)
})

t.test('velocity counts days of the client’s zone, today included', async t => {
  const task = (lastSignedOffAt: string | null, status: TaskStatus = 'signed_off') => ({
    sectionKey: 'x',
    status,
    lastSignedOffAt: lastSignedOffAt === null ? null : at(lastSignedOffAt),
  })
  const tasks = [
    task('2026-03-31T20:00:00Z'),
    // In Los Angeles still the first of March, which is the 30th day before April.
    task('2026-03-02T07:30:00Z'),
    // The same evening in UTC, a day further back: the last of February.
    task('2026-03-01T07:30:00Z'),
    task('2025-12-31T12:00:00Z'),
    task('2025-10-03T12:00:00Z'),
    task('2026-03-20T12:00:00Z', 'in_progress'),
    task(null, 'not_started'),
  ]
  // Of 30 days (March 2 to 31): one. Of 90 (January 1 to March 31): three. Of 180 (October 3 on): five in 5.9 months.
  t.same(velocityOf(tasks, { ...clock, startedOn: '2020-01-01' }), {
    last30Days: 1,
    last90Days: 3,
    perMonth: 0.8,
  })
  t.equal(velocityOf(tasks, { ...clock, startedOn: '2026-03-02' }).perMonth, null)
  // 61 days are 2.004 months, in which three were signed off that still are: 1.5 a month.
  t.equal(velocityOf(tasks.slice(0, 3), { ...clock, startedOn: '2026-01-29' }).perMonth, 1.5)
})

t.test('stuck is what is in work and has not moved for longer than so many days', async t => {
  const daysInStatus = daysSince(at('2026-03-01T20:00:00Z'), clock)
  t.equal(daysInStatus, 30)
  t.equal(isStuck({ status: 'submitted', daysInStatus }, 29), true)
  t.equal(isStuck({ status: 'submitted', daysInStatus }, 30), false)
  for (const status of ['not_started', 'signed_off', 'deferred', 'not_applicable'] as const)
    t.equal(isStuck({ status, daysInStatus }, 1), false)
})

t.test('days by status add up to the days since the first step, over clock changes too', async t => {
  const steps = [
    { to: 'not_started' as const, at: at('2026-03-01T18:00:00Z') },
    // The clocks of Los Angeles went forward on March 8.
    { to: 'in_progress' as const, at: at('2026-03-08T09:59:00Z') },
    { to: 'submitted' as const, at: at('2026-03-20T18:00:00Z') },
    { to: 'returned' as const, at: at('2026-03-20T19:00:00Z') },
    { to: 'submitted' as const, at: at('2026-03-25T18:00:00Z') },
  ]
  t.same(daysByStatus(steps, clock), [
    { status: 'not_started', days: 7 },
    { status: 'in_progress', days: 12 },
    { status: 'submitted', days: 6 },
    { status: 'returned', days: 5 },
  ])
  const day = 86_400_000
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...taskStatuses), fc.nat(400 * day)), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.constantFrom('America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata', 'UTC'),
      (taken, timeZone) => {
        const start = Date.UTC(2025, 0, 2)
        const ordered = taken
          .map(([to, offset]) => ({ to, at: new Date(start + offset) }))
          .toSorted((a, b) => a.at.getTime() - b.at.getTime())
        const dayIn = (instant: Date) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(instant)
        const total = daysByStatus(ordered, { today: '2026-12-31', timeZone }).reduce(
          (sum, one) => sum + one.days,
          0,
        )
        const first = Date.parse(dayIn(ordered[0]?.at ?? new Date(start)))
        return total === (Date.parse('2026-12-31') - first) / day
      },
    ),
    { numRuns: 100 },
  )
})

t.test('a letter says its facts and nothing else', async t => {
  const head = {
    clientNames: ['Casey Example'],
    recipientName: 'Faketown Court',
    writtenOn: '2026-03-31',
    from: '2026-01-01',
    to: '2026-03-31',
    credentials: 'Avery Example, LMFT CA 000001',
    basis: { releases: [], part2: false },
  }
  const text = letterText(head, { counts: { applicable: 30, done: 4, inWork: 2 } })
  t.match(text, 'Assigned steps: 30. Completed: 4. In work: 2.')
  t.equal(text.split('\n\n').length, 6)
  t.equal(letterText(head, {}).split('\n\n').length, 5)
})
