import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import {
  anniversary,
  type Circle,
  type CoveredDays,
  circleOfEvent,
  contractDays,
  coveredDays,
  coversFrom,
  type DefinitionDays,
  dayAfter,
  daysThrough,
  definitionInForce,
  eventsOf,
  type RecoveryEvent,
  type StepOnDay,
  streakMilestones,
  streaksOf,
} from '../../src/modules/recovery/days.rules.ts'
import { addictionFigures, median, repeated } from '../../src/modules/recovery/figures/figures.rules.ts'

const noDefinitions: DefinitionDays[] = []
const inner = (on: string): RecoveryEvent => ({ on, itemIds: [], circle: 'inner' })
const definition = (
  number: number,
  effectiveFrom: string,
  circles: Record<string, Circle>,
): DefinitionDays => ({ number, effectiveFrom, circleOf: new Map(Object.entries(circles)) })

t.test('a streak begins on the day after the last act of the inner circle', t => {
  const events = [inner('2026-01-10'), inner('2026-01-10'), inner('2026-02-01')]
  t.same(streaksOf('2026-01-01', noDefinitions, events, '2026-02-15'), {
    sobrietyDate: '2026-02-02',
    currentDays: 14,
    longestDays: 21,
    resetDays: 2,
  })
  t.same(streaksOf('2026-01-01', noDefinitions, [inner('2026-01-20')], '2026-01-20'), {
    sobrietyDate: '2026-01-21',
    currentDays: 0,
    longestDays: 19,
    resetDays: 1,
  })
  t.match(streaksOf('2026-01-01', noDefinitions, [], '2026-01-01'), { currentDays: 1, longestDays: 1 })
  t.equal(streaksOf('2026-01-02', noDefinitions, [], '2026-01-01'), undefined)
  t.match(
    streaksOf('2026-01-10', noDefinitions, [inner('2026-01-05')], '2026-01-12'),
    { currentDays: 3, resetDays: 0 },
    'what came before the first day changes nothing',
  )
  t.end()
})

t.test('an act counts by the definition in force on its day, whatever is defined later', t => {
  const definitions = [
    definition(1, '2026-01-01', { chats: 'middle', paid: 'inner' }),
    definition(2, '2026-02-01', { chats: 'inner', paid: 'inner' }),
    definition(3, '2026-03-01', { paid: 'inner' }),
  ]
  const chats = (on: string, circle: Circle | null = null) => ({ on, itemIds: ['chats'], circle })
  t.equal(circleOfEvent(definitions, chats('2026-01-31')), 'middle')
  t.equal(circleOfEvent(definitions, chats('2026-02-01')), 'inner')
  t.equal(circleOfEvent(definitions, chats('2026-03-01')), null, 'the item has ended')
  t.equal(circleOfEvent(definitions, chats('2026-03-01', 'middle')), 'middle')
  t.equal(circleOfEvent(definitions, chats('2025-12-31', 'inner')), 'inner', 'before any definition')
  const both = { on: '2026-01-15', itemIds: ['chats', 'paid'], circle: 'outer' as const }
  t.equal(circleOfEvent(definitions, both), 'inner', 'the innermost of several')
  const sameDay = [definition(1, '2026-01-01', {}), definition(2, '2026-01-01', {})]
  t.equal(definitionInForce(sameDay, '2026-01-01')?.number, 2)
  t.equal(definitionInForce(sameDay, '2025-12-31'), undefined)
  t.end()
})

const days = fc.integer({ min: 0, max: 160 }).map(offset => dayAfter('2023-12-01', offset))
const circle = fc.constantFrom<Circle | null>('inner', 'middle', 'outer', null)
const item = fc.constantFrom('a', 'b', 'c')
const event = fc.record({ on: days, itemIds: fc.uniqueArray(item, { maxLength: 2 }), circle })
const definitionsArbitrary = fc
  .array(fc.tuple(days, fc.dictionary(item, fc.constantFrom<Circle>('inner', 'middle', 'outer'))), {
    maxLength: 4,
  })
  .map(parts =>
    parts
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, circles], index) => definition(index + 1, from, circles)),
  )

/** Goes from day to day, as one would on a wall calendar. */
function byHand(startsOn: string, definitions: DefinitionDays[], events: RecoveryEvent[], today: string) {
  let [run, longest, resetDays] = [0, 0, 0]
  let day = Temporal.PlainDate.from(startsOn)
  let sobrietyDate = day
  const last = Temporal.PlainDate.from(today)
  while (Temporal.PlainDate.compare(day, last) <= 0) {
    const now = day.toString()
    const inForce = definitions.findLast(one => one.effectiveFrom <= now)
    const reset = events.some(({ on, itemIds, circle: said }) => {
      if (on !== now) return false
      const placed = itemIds.flatMap(id => inForce?.circleOf.get(id) ?? [])
      return placed.length > 0 ? placed.includes('inner') : said === 'inner'
    })
    run = reset ? 0 : run + 1
    longest = Math.max(longest, run)
    if (reset) {
      resetDays += 1
      sobrietyDate = day.add({ days: 1 })
    }
    day = day.add({ days: 1 })
  }
  return { sobrietyDate: sobrietyDate.toString(), currentDays: run, longestDays: longest, resetDays }
}

t.test('streaks agree with a calendar that is walked day by day', async () => {
  fc.assert(
    fc.property(
      days,
      definitionsArbitrary,
      fc.array(event, { maxLength: 12 }),
      days,
      (from, defs, events, today) => {
        fc.pre(from <= today)
        const counted = streaksOf(from, defs, events, today)
        const walked = byHand(from, defs, events, today)
        return JSON.stringify(counted) === JSON.stringify(walked)
      },
    ),
    { numRuns: 400 },
  )
})

t.test('the order in which things were told changes nothing', async () => {
  fc.assert(
    fc.property(definitionsArbitrary, fc.array(event, { maxLength: 8 }), (defs, events) => {
      const told = (order: RecoveryEvent[]) =>
        JSON.stringify(streaksOf('2023-12-01', defs, order, '2024-05-01'))
      return told(events) === told(events.toReversed())
    }),
    { numRuns: 100 },
  )
})

t.test('days are counted across leap days and the changes of clocks', async t => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 3_000 }), (offset, length) => {
      const first = Temporal.PlainDate.from('1990-01-01').add({ days: offset })
      const last = first.add({ days: length })
      return (
        daysThrough(first.toString(), last.toString()) === length + 1 &&
        dayAfter(first.toString(), length) === last.toString() &&
        anniversary(first.toString(), 1) === first.add({ years: 1 }).toString()
      )
    }),
    { numRuns: 300 },
  )
  t.equal(daysThrough('2024-02-28', '2024-03-01'), 3)
  t.equal(daysThrough('2026-03-07', '2026-03-09'), 3, 'the clocks go forward between them')
  t.equal(daysThrough('2026-03-09', '2026-03-07'), 0)
  t.equal(anniversary('2024-02-29', 1), '2025-02-28')
  t.equal(anniversary('2024-02-29', 4), '2028-02-29')
})

t.test('milestones of a streak are those reached and the next one', t => {
  t.same(
    streakMilestones('2026-01-01', '2026-03-01').map(({ unit, count, on, reached }) => [
      unit,
      count,
      on,
      reached,
    ]),
    [
      ['days', 30, '2026-01-30', true],
      ['days', 60, '2026-03-01', true],
      ['days', 90, '2026-03-31', false],
    ],
  )
  t.same(
    streakMilestones('2024-02-29', '2026-02-28')
      .map(({ on, reached }) => [on, reached])
      .slice(3),
    [
      ['2024-08-26', true],
      ['2025-02-28', true],
      ['2026-02-28', true],
      ['2027-02-28', false],
    ],
  )
  t.end()
})

const step = (
  name: StepOnDay['step'],
  effectiveOn: string,
  plannedDays: number | null = null,
): StepOnDay => ({
  step: name,
  effectiveOn,
  plannedDays,
})

t.test('a break holds the count still, and only a choice moves it', t => {
  const begun = [
    step('proposed', '2026-01-01', 60),
    step('agreed', '2026-01-01'),
    step('started', '2026-01-05'),
  ]
  t.match(contractDays(begun, '2026-01-04'), { dayNumber: 0, startsOn: '2026-01-05', endsOn: '2026-03-05' })
  t.match(contractDays(begun, '2026-01-05'), { dayNumber: 1 })
  const broken = [...begun, step('broken', '2026-01-20')]
  t.match(contractDays(broken, '2026-02-20'), { dayNumber: 16, breaks: 1, endsOn: '2026-03-05' })
  const continued = [...broken, step('continued', '2026-01-24')]
  t.match(contractDays(continued, '2026-02-03'), { dayNumber: 30, breaks: 1 })
  t.same(
    contractDays(continued, '2026-02-03').milestones.map(({ count, on, reached }) => [count, on, reached]),
    [
      [30, '2026-02-03', true],
      [60, '2026-03-05', false],
    ],
  )
  const onDay30 = [...begun, step('broken', '2026-02-03')]
  t.match(
    contractDays(onDay30, '2026-02-20'),
    { dayNumber: 30, milestones: [{ count: 30, reached: false }, {}] },
    'a break on the day of a milestone keeps it from being told of',
  )
  t.match(contractDays([...onDay30, step('continued', '2026-02-04')], '2026-02-04'), {
    milestones: [{ count: 30, reached: true }, {}],
  })
  t.match(
    contractDays(onDay30, '2026-02-02').dayNumber,
    29,
    'the day before the break is counted as it was lived',
  )
  const restarted = [...broken, step('restarted', '2026-01-24')]
  t.match(contractDays(restarted, '2026-02-03'), {
    dayNumber: 11,
    startsOn: '2026-01-24',
    endsOn: '2026-03-24',
  })
  const longer = [...continued, step('extended', '2026-02-10', 90)]
  t.match(contractDays(longer, '2026-06-01'), { dayNumber: 90, plannedDays: 90, endsOn: '2026-04-04' })
  const over = [...continued, step('ended_early', '2026-02-13')]
  t.match(contractDays(over, '2026-06-01'), { dayNumber: 40 })
  t.same(contractDays(begun.slice(0, 2), '2026-06-01').milestones, [])
  t.end()
})

t.test('without a choice no day is gained or lost, however long a break stands', async () => {
  const begun = [
    step('proposed', '2024-01-01', 90),
    step('agreed', '2024-01-01'),
    step('started', '2024-01-15'),
  ]
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), (lived, waited) => {
      const brokenOn = dayAfter('2024-01-15', lived)
      const today = dayAfter(brokenOn, waited)
      const held = contractDays([...begun, step('broken', brokenOn)], today)
      const goes = contractDays([...begun, step('broken', brokenOn), step('continued', today)], today)
      return (
        held.dayNumber === Math.min(lived + 1, 90) &&
        goes.dayNumber === Math.min(lived + waited + 1, 90) &&
        held.startsOn === '2024-01-15'
      )
    }),
    { numRuns: 200 },
  )
})

t.test('a weekly check-in counts on its last day, unless a lapse or a daily one says the day', t => {
  const weekly = { kind: 'weekly' as const, coversOn: '2026-01-11' }
  const daily = { kind: 'daily' as const, coversOn: '2026-01-07' }
  t.same(coversFrom(weekly), '2026-01-05')
  const told = (lapses: RecoveryEvent[], touched: CoveredDays[] = [weekly]) =>
    eventsOf(noDefinitions, lapses, touched)
      .filter(({ circle: counted }) => counted === 'inner')
      .map(({ on }) => on)
  const before = { ...daily, coversOn: '2026-01-04' }
  t.same(told([]), ['2026-01-11'])
  t.same(told([], [weekly, daily]), ['2026-01-07'], 'the day that was named, and no other beside it')
  t.same(told([], [weekly, before]), ['2026-01-11', '2026-01-04'], 'another week tells nothing of this one')
  t.same(told([inner('2026-01-07')], [weekly, daily]), ['2026-01-07'])
  t.same(told([inner('2026-01-05')], [weekly, daily]), ['2026-01-05', '2026-01-07'])
  const middle = { on: '2026-01-07', itemIds: [], circle: 'middle' as const }
  t.same(told([middle]), ['2026-01-11'], 'a lapse of the middle circle tells of no other')
  t.equal(coveredDays([weekly, daily], '2026-01-07', '2026-01-09'), 3)
  t.equal(coveredDays([daily, daily], '2026-01-01', '2026-01-31'), 1)
  t.end()
})

t.test('figures of an addiction, by hand', t => {
  const checked = [
    { kind: 'daily' as const, coversOn: '2026-01-30', inner: false, middle: true, outer: true },
    { kind: 'daily' as const, coversOn: '2026-01-29', inner: true, middle: true, outer: false },
    { kind: 'daily' as const, coversOn: '2026-01-28', inner: null, middle: null, outer: null },
    { kind: 'daily' as const, coversOn: '2025-12-20', inner: true, middle: null, outer: true },
  ]
  const lapses = [inner('2026-01-29'), { on: '2026-01-15', itemIds: [], circle: 'middle' as const }]
  const figures = addictionFigures(
    { soberSince: '2025-12-01', definitions: [], lapses, checked },
    '2026-01-31',
  )
  t.match(figures, {
    streak: { sobrietyDate: '2026-01-30', currentDays: 2, longestDays: 39, resetDays: 2 },
    innerLast28Days: 1,
    innerPrevious28Days: 1,
    middleLast28Days: 3,
    outerRateLast28Days: 0.5,
  })
  t.equal(addictionFigures({ soberSince: null, definitions: [], lapses, checked }, '2026-01-31').streak, null)
  t.equal(median([]), null)
  t.equal(median([5]), 5)
  t.equal(median([9, 1, 4, 2]), 3)
  t.same(repeated(['b', 'a', 'b', 'c', 'a', 'b']), [
    { word: 'b', count: 3 },
    { word: 'a', count: 2 },
  ])
  t.end()
})
