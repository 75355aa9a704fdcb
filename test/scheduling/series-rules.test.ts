import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import type { Problem } from '../../src/lib/problems.ts'
import { datesOf, endedBefore, keptRule } from '../../src/modules/scheduling/series/recurrence.ts'
import { closedTimes, occurrencesOf, paired } from '../../src/modules/scheduling/series/series.rules.ts'
import { allClashes, reservationsFor, type Wish } from '../../src/modules/scheduling/series/wishes.rules.ts'

const newYork = { timeZone: 'America/New_York', minute: 9 * 60 }
const datesIn = (rule: string, firstOn: string, until: string, from = firstOn) =>
  datesOf(keptRule(rule, newYork), firstOn, { from, until })

/** Days of one month: `days('1997-09', 2, 4)`. */
const days = (month: string, ...numbers: number[]) =>
  numbers.map(number => `${month}-${String(number).padStart(2, '0')}`)

t.test('the examples of RFC 5545 (§3.8.5.3) give the instances that it publishes', async t => {
  const last = '2010-12-31'
  const september = (from: number, to: number, step = 1) =>
    days(
      '1997-09',
      ...Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step),
    )
  const examples: [rule: string, firstOn: string, instances: string[]][] = [
    ['FREQ=DAILY;COUNT=10', '1997-09-02', september(2, 11)],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', [...september(2, 22, 10), '1997-10-02', '1997-10-12']],
    [
      'FREQ=WEEKLY;COUNT=10',
      '1997-09-02',
      [...september(2, 30, 7), ...days('1997-10', 7, 14, 21, 28), '1997-11-04'],
    ],
    [
      'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      [...days('1997-09', 2, 4, 9, 11, 16, 18, 23, 25, 30), '1997-10-02'],
    ],
    [
      'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      [...days('1997-09', 2, 4, 9, 11, 16, 18, 23, 25, 30), '1997-10-02'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      [...days('1997-09', 2, 4, 16, 18, 30), ...days('1997-10', 2, 14, 16)],
    ],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', days('1997-08', 5, 10, 19, 24)],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', days('1997-08', 5, 17, 19, 31)],
    [
      'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
      '1997-09-05',
      [
        '1997-09-05',
        '1997-10-03',
        '1997-11-07',
        '1997-12-05',
        '1998-01-02',
        '1998-02-06',
        '1998-03-06',
        '1998-04-03',
        '1998-05-01',
        '1998-06-05',
      ],
    ],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      '1997-09-07',
      [
        '1997-09-07',
        '1997-09-28',
        '1997-11-02',
        '1997-11-30',
        '1998-01-04',
        '1998-01-25',
        '1998-03-01',
        '1998-03-29',
        '1998-05-03',
        '1998-05-31',
      ],
    ],
    [
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      '1997-09-22',
      ['1997-09-22', '1997-10-20', '1997-11-17', '1997-12-22', '1998-01-19', '1998-02-16'],
    ],
    [
      'FREQ=MONTHLY;COUNT=6;BYMONTHDAY=-3',
      '1997-09-28',
      ['1997-09-28', '1997-10-29', '1997-11-28', '1997-12-29', '1998-01-29', '1998-02-26'],
    ],
    [
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
      '1997-09-30',
      [
        '1997-09-30',
        '1997-10-01',
        '1997-10-31',
        '1997-11-01',
        '1997-11-30',
        '1997-12-01',
        '1997-12-31',
        '1998-01-01',
        '1998-01-31',
        '1998-02-01',
      ],
    ],
    [
      'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
      '1997-09-10',
      [...september(10, 15), ...days('1999-03', 10, 11, 12, 13)],
    ],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=5',
      '1997-09-03',
      ['1998-02-13', '1998-03-13', '1998-11-13', '1999-08-13', '2000-10-13'],
    ],
    [
      'FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3;COUNT=3',
      '1997-09-04',
      ['1997-09-04', '1997-10-07', '1997-11-06'],
    ],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=7',
      '1997-09-29',
      ['1997-09-29', '1997-10-30', '1997-11-27', '1997-12-30', '1998-01-29', '1998-02-26', '1998-03-30'],
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007-01-15',
      ['2007-01-15', '2007-01-30', '2007-02-15', '2007-03-15', '2007-03-30'],
    ],
    [
      'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
      '1997-06-10',
      [1997, 1998, 1999, 2000, 2001].flatMap(year => [`${year}-06-10`, `${year}-07-10`]),
    ],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
      '1997-01-01',
      [
        '1997-01-01',
        '1997-04-10',
        '1997-07-19',
        '2000-01-01',
        '2000-04-09',
        '2000-07-18',
        '2003-01-01',
        '2003-04-10',
        '2003-07-19',
        '2006-01-01',
      ],
    ],
    ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19', ['1997-05-19', '1998-05-18', '1999-05-17']],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3', '1997-05-12', ['1997-05-12', '1998-05-11', '1999-05-17']],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
      '1996-11-05',
      ['1996-11-05', '2000-11-07', '2004-11-02'],
    ],
  ]
  for (const [rule, firstOn, instances] of examples) t.same(datesIn(rule, firstOn, last), instances, rule)
  const untilChristmas = datesIn('FREQ=DAILY;UNTIL=19971224T000000Z', '1997-09-02', last)
  t.same(
    [untilChristmas.length, untilChristmas.at(-1)],
    [113, '1997-12-23'],
    'nine in the morning is after midnight UTC',
  )
  t.same(datesIn('FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13', '1998-06-13').length, 10)
})

t.test('a rule is kept in one way of writing, with the last day of UNTIL', async t => {
  const kept = (rule: string, clock = newYork) => keptRule(rule, clock)
  t.equal(kept('byday=tu;freq=weekly;interval=2'), 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU')
  t.equal(kept('FREQ=DAILY;UNTIL=20270105T140000Z'), 'FREQ=DAILY;UNTIL=20270105', 'the start itself')
  t.equal(kept('FREQ=DAILY;UNTIL=20270105T135900Z'), 'FREQ=DAILY;UNTIL=20270104')
  t.equal(kept('FREQ=DAILY;UNTIL=20270105T090000'), 'FREQ=DAILY;UNTIL=20270105')
  t.equal(
    endedBefore('FREQ=WEEKLY;INTERVAL=2;COUNT=9;BYDAY=TU', '2027-01-05', '2027-03-01'),
    'FREQ=WEEKLY;INTERVAL=2;UNTIL=20270228;BYDAY=TU',
  )
  t.equal(kept(endedBefore('FREQ=DAILY', '2027-01-01', '2027-03-01')), 'FREQ=DAILY;UNTIL=20270228')
  for (const over of ['FREQ=WEEKLY;COUNT=8;BYDAY=TU', 'FREQ=DAILY;UNTIL=20270228'])
    t.equal(endedBefore(over, '2027-01-05', '2027-03-01'), over, 'nothing makes a series longer')
  t.equal(
    endedBefore('FREQ=WEEKLY;COUNT=9;BYDAY=TU', '2027-01-05', '2027-03-02'),
    'FREQ=WEEKLY;UNTIL=20270301;BYDAY=TU',
  )
  const wrong = [
    '',
    'FREQ',
    'FREQ=',
    'FREQ=HOURLY',
    'FREQ=DAILY;FREQ=DAILY',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ=DAILY;RSCALE=HEBREW',
    'FREQ=DAILY;X=1',
    'INTERVAL=2',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;COUNT=-1',
    'FREQ=DAILY;COUNT=2;UNTIL=20270101',
    'FREQ=DAILY;UNTIL=20270230',
    'FREQ=WEEKLY;BYDAY=1TU',
    'FREQ=WEEKLY;BYMONTHDAY=2',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=DAILY;BYMONTH=13',
    'FREQ=DAILY;BYSETPOS=1',
    'FREQ=DAILY;constructor=1',
  ]
  for (const rule of wrong)
    try {
      t.fail(`${rule} became ${kept(rule)}`)
    } catch (error) {
      t.match((error as Problem).options?.errors, [{ pointer: '/rule', code: 'rule' }], rule)
    }
})

t.test('any text at all is a rule or a refusal, and quickly', async t => {
  const part = fc.tuple(
    fc.constantFrom(
      'FREQ',
      'INTERVAL',
      'COUNT',
      'UNTIL',
      'BYDAY',
      'BYMONTHDAY',
      'BYSETPOS',
      'BYWEEKNO',
      'BYYEARDAY',
      'BYMONTH',
      'WKST',
    ),
    fc.constantFrom(
      'DAILY',
      'WEEKLY',
      'MONTHLY',
      'YEARLY',
      '1',
      '5',
      '53',
      '-1',
      'MO',
      '-1SU',
      'TU,TH',
      '366',
      '20270131',
      '29,30,31',
    ),
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 6 }).map(parts => parts.map(pair => pair.join('=')).join(';')),
  )
  fc.assert(
    fc.property(text, rule => {
      try {
        const dates = datesIn(rule, '2026-12-01', '2027-12-15')
        return (
          dates.every((date, index) => index === 0 || date > (dates[index - 1] ?? '')) && dates.length <= 380
        )
      } catch (error) {
        return (error as Problem).code === 'invalid-request'
      }
    }),
    { numRuns: 300 },
  )
  t.end()
})

t.test('weekly rules give what counting days gives', async t => {
  const letters = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 4 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 200 }),
      (offset, interval, weekdays, skip) => {
        const first = Temporal.PlainDate.from('2026-01-01').add({ days: offset })
        const week = first.subtract({ days: first.dayOfWeek - 1 })
        const from = first.add({ days: skip })
        const expected = Array.from({ length: 60 }, (_, index) => from.add({ days: index })).filter(
          date => weekdays.includes(date.dayOfWeek) && Math.floor(week.until(date).days / 7) % interval === 0,
        )
        const rule = `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${weekdays.map(number => letters[number - 1]).join(',')}`
        const found = datesIn(rule, first.toString(), from.add({ days: 59 }).toString(), from.toString())
        return JSON.stringify(found) === JSON.stringify(expected.map(String))
      },
    ),
    { numRuns: 100 },
  )
  t.end()
})

t.test(
  'the hour stays on the wall clock: missing hours move forward by the gap, of two the first counts',
  async t => {
    /** Zone, date, time on the clock, and the instant. */
    const table: [zone: string, date: string, time: string, instant: string][] = [
      ['America/New_York', '2026-03-07', '02:30', '2026-03-07T07:30:00Z'],
      ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00Z'],
      ['America/New_York', '2026-03-09', '02:30', '2026-03-09T06:30:00Z'],
      ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00Z'],
      ['America/New_York', '2026-11-02', '01:30', '2026-11-02T06:30:00Z'],
      ['America/Los_Angeles', '2026-03-08', '02:00', '2026-03-08T10:00:00Z'],
      ['America/Los_Angeles', '2026-03-08', '18:00', '2026-03-09T01:00:00Z'],
      ['America/Los_Angeles', '2026-11-01', '18:00', '2026-11-02T02:00:00Z'],
      ['America/Phoenix', '2026-03-08', '02:30', '2026-03-08T09:30:00Z'],
      ['America/Phoenix', '2026-11-01', '01:30', '2026-11-01T08:30:00Z'],
      ['Europe/London', '2026-03-29', '01:30', '2026-03-29T01:30:00Z'],
      ['Europe/London', '2026-10-25', '01:30', '2026-10-25T00:30:00Z'],
      ['Europe/London', '2026-10-26', '01:30', '2026-10-26T01:30:00Z'],
      ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00Z'],
      ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00Z'],
      ['Australia/Lord_Howe', '2026-04-06', '01:45', '2026-04-05T15:15:00Z'],
    ]
    for (const [timeZone, date, time, instant] of table) {
      const [hours = 0, minutes = 0] = time.split(':').map(Number)
      const [occurrence] = occurrencesOf([date], {
        minute: hours * 60 + minutes,
        timeZone,
        durationMinutes: 50,
      })
      t.equal(
        occurrence?.period.startsAt.toISOString(),
        new Date(instant).toISOString(),
        `${timeZone} ${date} ${time}`,
      )
      t.equal(occurrence?.period.endsAt.getTime(), Date.parse(instant) + 50 * 60_000)
    }
  },
)

t.test('dates of the old rule become those of the new one, within a week, a month or a year', async t => {
  const old = (...dates: string[]) => dates.map(date => ({ date }))
  const pairs = (from: string[], to: string[], rules: [string, string]) => {
    const { pairs: found, dropped } = paired(old(...from), to, rules)
    return [
      [...found].map(([date, { date: before }]) => `${before} ${date}`).sort(),
      dropped.map(({ date }) => date),
    ]
  }
  const weekly: [string, string] = ['FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=TH']
  t.same(pairs(['2026-12-01', '2026-12-08'], ['2026-12-03', '2026-12-10'], weekly), [
    ['2026-12-01 2026-12-03', '2026-12-08 2026-12-10'],
    [],
  ])
  t.same(
    pairs(['2026-12-01', '2026-12-03'], ['2026-12-03'], weekly),
    [['2026-12-03 2026-12-03'], ['2026-12-01']],
    'the same date first',
  )
  t.same(pairs(['2026-12-06'], ['2026-12-07'], weekly), [[], ['2026-12-06']], 'Sunday is of the week before')
  const monthly: [string, string] = ['FREQ=MONTHLY;BYDAY=1MO', 'FREQ=MONTHLY;BYDAY=-1FR']
  t.same(pairs(['2026-12-07', '2027-01-04'], ['2026-12-25', '2027-01-29'], monthly), [
    ['2026-12-07 2026-12-25', '2027-01-04 2027-01-29'],
    [],
  ])
  t.same(pairs(['2026-12-07'], ['2026-12-08'], ['FREQ=MONTHLY', 'FREQ=WEEKLY']), [[], ['2026-12-07']])
})

t.test('no date is paired twice, none is lost, and a date that stays is paired with itself', async t => {
  const dates = (most: number) =>
    fc
      .uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: most })
      .map(offsets =>
        offsets
          .toSorted((a, b) => a - b)
          .map(days => Temporal.PlainDate.from('2026-12-01').add({ days }).toString()),
      )
  const rule = fc.constantFrom(
    'FREQ=DAILY',
    'FREQ=WEEKLY',
    'FREQ=WEEKLY;INTERVAL=2',
    'FREQ=MONTHLY',
    'FREQ=YEARLY',
  )
  fc.assert(
    fc.property(dates(20), dates(20), rule, rule, (from, to, before, after) => {
      const old = from.map(date => ({ date }))
      const { pairs, dropped } = paired(old, to, [before, after])
      const used = [...pairs.values(), ...dropped].map(({ date }) => date).sort()
      const stays = (date: string) => !to.includes(date) || pairs.get(date)?.date === date
      const isWhole = JSON.stringify(used) === JSON.stringify(from)
      return isWhole && [...pairs.keys()].every(date => to.includes(date)) && from.every(stays)
    }),
    { numRuns: 200 },
  )
  t.end()
})

t.test(
  'closed days are those of the clock of the place, and only of the place and the clinician',
  async t => {
    const [clinicianId, locationId] = ['c', 'l']
    const exception = {
      telehealth: false,
      startsOn: '2026-12-24',
      startsMinute: 720,
      endsOn: '2026-12-25',
      endsMinute: 1440,
    }
    const timeOff = { ...exception, kind: 'time_off' as const, staffId: clinicianId, locationId: null }
    const holiday = { ...exception, kind: 'holiday' as const, staffId: null, locationId }
    const at = (instant: string) => ({
      startsAt: new Date(instant),
      endsAt: new Date(Date.parse(instant) + 3_600_000),
    })
    const where = { clinicianId, locationId, timeZone: 'America/Los_Angeles' }
    for (const one of [timeOff, holiday]) {
      const isClosed = closedTimes([one], where)
      t.equal(isClosed(at('2026-12-24T19:00Z')), false, 'ends as it begins')
      t.equal(isClosed(at('2026-12-24T19:01Z')), true)
      t.equal(isClosed(at('2026-12-26T07:59Z')), true)
      t.equal(isClosed(at('2026-12-26T08:00Z')), false)
    }
    t.equal(closedTimes([timeOff], { ...where, clinicianId: 'd' })(at('2026-12-25T18:00Z')), false)
    t.equal(closedTimes([holiday], { ...where, locationId: 'm' })(at('2026-12-25T18:00Z')), false)
    t.equal(closedTimes([{ ...timeOff, kind: 'extra_hours' }], where)(at('2026-12-25T18:00Z')), false)
  },
)

t.test(
  'of wishes for one time the first has it, and what cannot move stays in the way of others',
  async t => {
    const hour = (start: number) => ({
      startsAt: new Date(start * 3_600_000),
      endsAt: new Date((start + 1) * 3_600_000),
    })
    const buffers = { beforeMinutes: 0, afterMinutes: 0 }
    const placement = { clinicianId: 'c', roomId: null, locationId: null }
    const wish = (id: string, at: number, has: number | null = null): Wish => {
      const common = { id, placement, clientIds: ['k'], buffers }
      return {
        ...common,
        period: hour(at),
        has: has === null ? null : reservationsFor({ ...common, period: hour(has) }),
      }
    }
    const clashesOf = (wishes: Wish[], found: string[] = []) => {
      const clash = (id: string) => ({
        reservation: {
          kind: 'client' as const,
          id,
          holder: { kind: 'appointment' as const, id },
          period: hour(0),
        },
        resource: 'unspecified' as const,
        appointmentId: null,
      })
      return [...allClashes(wishes, new Map(found.map(id => [id, clash(id)]))).keys()].sort()
    }
    t.same(clashesOf([wish('a', 1), wish('b', 2)]), [])
    t.same(clashesOf([wish('a', 1), wish('b', 1)]), ['b'])
    t.same(
      clashesOf([wish('a', 2, 1), wish('b', 3, 2), wish('c', 4, 3)]),
      [],
      'each into the hour of the next',
    )
    t.same(
      clashesOf([wish('a', 2, 1), wish('b', 3, 2), wish('c', 4, 3)], ['c']),
      ['a', 'b', 'c'],
      'unless the last cannot',
    )
  },
)
