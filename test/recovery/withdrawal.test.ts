import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { dayAfter, type StepOnDay } from '../../src/modules/recovery/days.rules.ts'
import {
  contractRuns,
  type FeltDay,
  withdrawalOf,
} from '../../src/modules/recovery/withdrawal/withdrawal.rules.ts'
import { createRecoveryGround, day } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

const step = (
  name: StepOnDay['step'],
  effectiveOn: string,
  plannedDays: number | null = null,
): StepOnDay => ({
  step: name,
  effectiveOn,
  plannedDays,
})

const reading = { noticed: 3, quietDays: 7 }

const felt = (on: string, more: Partial<FeltDay>): FeltDay => ({
  on,
  anxiety: null,
  irritability: null,
  depression: null,
  dysphoria: null,
  shame: null,
  hopelessness: null,
  urge: null,
  sleepMinutes: null,
  ...more,
})

t.test('a contract is in force from its start to a break, and again from a choice', async t => {
  const begun = [
    step('proposed', '2028-02-01', 30),
    step('agreed', '2028-02-01'),
    step('started', '2028-02-10'),
  ]
  t.same(contractRuns(begun.slice(0, 2), '2028-03-01'), [])
  t.same(contractRuns(begun, '2028-03-01'), [
    { startsOn: '2028-02-10', spans: [{ from: '2028-02-10', to: '2028-03-01' }] },
  ])
  t.same(
    contractRuns(begun, '2028-04-01'),
    [{ startsOn: '2028-02-10', spans: [{ from: '2028-02-10', to: '2028-03-10' }] }],
    'day 30 of a leap year is 10 March, and no day after it',
  )
  t.same(contractRuns(begun, '2028-02-09'), [{ startsOn: '2028-02-10', spans: [] }], 'it is ahead')
  const broken = [...begun, step('broken', '2028-02-15')]
  t.same(contractRuns(broken, '2028-03-01')[0]?.spans, [{ from: '2028-02-10', to: '2028-02-15' }])
  t.same(
    contractRuns([...broken, step('continued', '2028-02-18')], '2028-03-01'),
    [
      {
        startsOn: '2028-02-10',
        spans: [
          { from: '2028-02-10', to: '2028-02-15' },
          { from: '2028-02-18', to: '2028-03-01' },
        ],
      },
    ],
    'continued, it counts on from its first beginning',
  )
  const again = [...broken, step('restarted', '2028-02-15'), step('ended_early', '2028-02-20')]
  t.same(
    contractRuns(again, '2028-03-01'),
    [
      { startsOn: '2028-02-10', spans: [{ from: '2028-02-10', to: '2028-02-14' }] },
      { startsOn: '2028-02-15', spans: [{ from: '2028-02-15', to: '2028-02-20' }] },
    ],
    'who begins anew on the day of the break lives it as day 1',
  )
})

t.test('the curve, by hand', async t => {
  const run = { startsOn: '2028-02-25', spans: [{ from: '2028-02-25', to: '2028-03-25' }] }
  const days = [
    felt('2028-02-24', { anxiety: 10 }),
    // Day 1: (2 + 3) / 2.
    felt('2028-02-25', { anxiety: 2, shame: 3 }),
    // Day 3: (6 + 5 + 3) / 3.
    felt('2028-02-27', { anxiety: 6, irritability: 5, depression: 3, urge: 7 }),
    felt('2028-02-28', { urge: 9, sleepMinutes: 200 }),
    // Day 6, over 29 February: the same again, later.
    felt('2028-03-01', { anxiety: 6, irritability: 5, depression: 3 }),
    // Day 10 is exactly at the line, and so still felt.
    felt('2028-03-05', { dysphoria: 3 }),
    // Days 12 and 18 are calm, seven days with both.
    felt('2028-03-07', { anxiety: 2, hopelessness: 0, dysphoria: 1 }),
    felt('2028-03-13', { anxiety: 2 }),
  ]
  const curve = withdrawalOf(run, days, reading)
  t.same(
    curve.points.map(point => [point.day, point.burden]),
    [
      [1, 2.5],
      [3, 4.67],
      [6, 4.67],
      [10, 3],
      [12, 1],
      [18, 2],
    ],
  )
  t.same(curve.first, { day: 3, on: '2028-02-27' })
  t.same(curve.peak, { day: 3, on: '2028-02-27', burden: 4.67 }, 'the first of two as high')
  t.same(curve.settled, { day: 12, on: '2028-03-07' })
  t.same(withdrawalOf(run, days.slice(0, -1), reading).settled, null, 'one calm day settles nothing')
  t.same(
    withdrawalOf(run, [...days, felt('2028-03-14', { shame: 3 })], reading).settled,
    null,
    'and what comes back was not settled',
  )
  const nothing = { startsOn: run.startsOn, points: [], first: null, peak: null, settled: null }
  t.same(withdrawalOf(run, [], reading), nothing)
})

t.test('the days of a curve keep their order', async t => {
  const told = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 10 })), {
    selector: ([at]) => at,
  })
  fc.assert(
    fc.property(told, some => {
      const days = some
        .toSorted(([a], [b]) => a - b)
        .map(([at, anxiety]) => felt(dayAfter('2028-01-01', at), { anxiety }))
      const run = { startsOn: '2028-01-01', spans: [{ from: '2028-01-01', to: '2028-02-15' }] }
      const { points, first, peak, settled } = withdrawalOf(run, days, reading)
      const strong = points.filter(({ burden }) => burden >= 3)
      t.equal(first?.on, strong[0]?.on)
      t.equal(peak?.burden ?? 0, Math.max(0, ...points.map(({ burden }) => burden)))
      if (settled) t.ok(strong.every(({ on }) => on < settled.on) && strong.length > 0)
    }),
    { numRuns: 200 },
  )
})

t.test('withdrawal by the day of a contract', async t => {
  const test = await createTestApp(t)
  const ground = await createRecoveryGround(test)
  const addiction = await ground.addiction()
  const other = await ground.addiction({ type: 'gaming' })
  let contract = await ground.made('abstinence-contracts', {
    scope: 'specified',
    specifics: 'Alone online (fictional)',
    addictionId: addiction.id,
    partnerSex: 'allowed',
    plannedDays: 30,
    proposedOn: day(-20),
  })
  const path = `abstinence-contracts/${contract.id}/withdrawal`
  t.same((await ground.read(path)).runs, [], 'nothing has begun')
  for (const body of [
    { step: 'agreed', effectiveOn: day(-20) },
    { step: 'started', effectiveOn: day(-19) },
  ]) {
    const headers = { ifMatch: contract.version, key: randomUUID() }
    contract = (
      await ground.clinician.post(`${ground.url}/abstinence-contracts/${contract.id}/steps`, body, headers)
    ).body
  }
  const about = (addictionId: string, urge: number) => ({
    addictionId,
    urge,
    innerCircle: null,
    middleCircle: null,
    outerCircle: null,
  })
  await ground.checkIn(day(-20), { anxiety: 10 })
  const first = await ground.checkIn(day(-17), { anxiety: 9, shame: 9 })
  await ground.checkIn(day(-16), {
    anxiety: 6,
    irritability: 4,
    sleepMinutes: 300,
    addictions: [about(addiction.id, 5), about(other.id, 8)],
  })
  await ground.checkIn(day(-9), { anxiety: 1 })
  await ground.checkIn(day(-2), { anxiety: 2, mood: 7 })
  await ground.made('check-ins', { kind: 'weekly', coversOn: day(-1), anxiety: 10 })
  await ground.made(`check-ins/${first.id}/corrections`, { anxiety: 4, shame: 2 })
  const curve = await ground.read(path)
  t.match(curve, { contractId: contract.id, noticedFrom: 3, settledAfterDays: 7 })
  t.equal(curve.runs.length, 1)
  const [run] = curve.runs
  t.match(run, {
    startsOn: day(-19),
    first: { day: 3, on: day(-17) },
    peak: { day: 4, on: day(-16), burden: 5 },
    settled: { day: 11, on: day(-9) },
  })
  t.same(
    run.points.map((point: { day: number; burden: number }) => [point.day, point.burden]),
    [
      [3, 3],
      [4, 5],
      [11, 1],
      [18, 2],
    ],
    'of a day what was said last, and of a week nothing',
  )
  t.match(
    run.points[1],
    { urge: 5, sleepMinutes: 300, depression: null },
    'the urge is that of its addiction',
  )

  const { practice, supervisor, clinician } = ground
  const url = `${ground.url}/${path}`
  t.equal((await supervisor.get(url)).status, 200)
  t.equal((await (await practice.staff(['clinician'])).get(url)).status, 404)
  t.equal((await (await practice.staff(['biller'])).get(url)).status, 403)
  t.equal((await clinician.get(`${ground.url}/abstinence-contracts/${addiction.id}/withdrawal`)).status, 404)
  const elsewhere = await createRecoveryGround(test)
  t.equal((await elsewhere.clinician.get(url)).status, 404)
  t.equal((await elsewhere.clinician.get(`${elsewhere.url}/${path}`)).status, 404)
})
