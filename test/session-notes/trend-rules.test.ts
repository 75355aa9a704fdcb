import fc from 'fast-check'
import t from 'tap'
import {
  type Answers,
  mondayOf,
  weeksOf,
  worryingUrge,
} from '../../src/modules/session-notes/diary-cards/cards.rules.ts'
import {
  type Figure,
  ratesOf,
  seriesOf,
  slopeOf,
  summaryOf,
  wholeNotes,
} from '../../src/modules/session-notes/trends/trends.rules.ts'

const figure = (
  noteId: string,
  partKind: string,
  measure: string,
  value: number,
  more: Partial<Figure> = {},
) => ({
  noteId,
  partId: `part of ${noteId}`,
  sessionDate: '2026-01-05',
  partKind,
  measure,
  subjectId: null,
  value,
  ...more,
})

t.test('a slope is the least-squares rise from session to session, worked by hand', async t => {
  for (const [values, slope] of [
    [[], null],
    [[4], null],
    [[4, 7], 3],
    [[8, 6, 4], -2],
    [[5, 5, 5, 5], 0],
    // Middle 1, mean 3: (-1)(-1) + 0 + (1)(1.5) over 2... by hand: values 2, 2.5, 4.5.
    [[2, 2.5, 4.5], 1.25],
    [[1, 3, 2, 5], 1.1],
  ] as const)
    t.equal(slopeOf(values), slope, JSON.stringify(values))
  t.same(summaryOf([12, 9, 10.5]), {
    first: 12,
    last: 10.5,
    change: -1.5,
    mean: 10.5,
    min: 9,
    max: 12,
    slopePerSession: -0.75,
  })
})

t.test('a line has its own slope, wherever it begins', async () => {
  const [start, rise, count] = [
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -9, max: 9 }),
    fc.nat(40),
  ]
  fc.assert(
    fc.property(start, rise, count, (from, by, more) => {
      const values = Array.from({ length: more + 2 }, (_, at) => from + by * at)
      return slopeOf(values) === by
    }),
    { numRuns: 200 },
  )
})

t.test('a series is of one kind, measure and subject, in the order given', async t => {
  const of = seriesOf([
    figure('a', 'somatic', 'activation_peak', 8),
    figure('a', 'neurofeedback', 'microvolts_theta', 12, { subjectId: 'p1' }),
    figure('b', 'neurofeedback', 'microvolts_theta', 9, { subjectId: 'p2' }),
    figure('b', 'somatic', 'activation_peak', 5),
    figure('c', 'neurofeedback', 'microvolts_theta', 11, { subjectId: 'p1' }),
  ])
  t.same(
    of.map(({ partKind, measure, subjectId, points }) => [
      partKind,
      measure,
      subjectId,
      points.map(({ noteId, value }) => [noteId, value]),
    ]),
    [
      [
        'neurofeedback',
        'microvolts_theta',
        'p1',
        [
          ['a', 12],
          ['c', 11],
        ],
      ],
      ['neurofeedback', 'microvolts_theta', 'p2', [['b', 9]]],
      [
        'somatic',
        'activation_peak',
        null,
        [
          ['a', 8],
          ['b', 5],
        ],
      ],
    ],
  )
})

t.test('of too many notes the newest are shown, and none of them in part', async t => {
  const newest = ['c', 'c', 'b', 'b', 'a'].map(noteId => figure(noteId, 'somatic', 'activation_peak', 1))
  for (const [most, notes, truncated] of [
    [{ notes: 3, figures: 5 }, ['a', 'b', 'b', 'c', 'c'], false],
    [{ notes: 2, figures: 5 }, ['b', 'b', 'c', 'c'], true],
    [{ notes: 3, figures: 4 }, ['b', 'b', 'c', 'c'], true],
  ] as const) {
    const shown = wholeNotes(newest, most)
    t.same([shown.figures.map(({ noteId }) => noteId), shown.truncated], [notes, truncated])
  }
  t.same(wholeNotes([], { notes: 1, figures: 1 }), { figures: [], truncated: false })
})

t.test(
  'rates are over all sessions, and a part that says only half counts in none; worked by hand',
  async t => {
    const figures = [
      figure('a', 'cbt', 'homework_completion', 50),
      figure('b', 'cbt', 'homework_completion', 75),
      figure('b', 'header', 'homework_completion', 50),
      // 5 + 3 of 7 + 6 days; the third says nothing of days due.
      figure('a', 'dbt', 'diary_days_filled', 5),
      figure('a', 'dbt', 'diary_days_due', 7),
      figure('b', 'dbt', 'diary_days_filled', 3),
      figure('b', 'dbt', 'diary_days_due', 6),
      figure('c', 'dbt', 'diary_days_filled', 6),
      figure('a', 'somatic', 'over_activation', 1),
      figure('b', 'somatic', 'over_activation', 0),
      figure('c', 'somatic', 'over_activation', 0),
      figure('a', 'neurofeedback', 'side_effects', 2),
      figure('a', 'couple', 'agreements_kept', 0),
      figure('a', 'couple', 'agreements_reviewed', 0),
    ]
    t.same(ratesOf(figures), [
      { rate: 'homework_done', value: 0.58, of: 3 },
      { rate: 'diary_days_filled', value: 0.62, of: 13 },
      { rate: 'over_activated_sessions', value: 0.33, of: 3 },
      { rate: 'sessions_with_side_effects', value: 1, of: 1 },
    ])
    t.same(ratesOf([]), [])
  },
)

const answers = (more: Partial<Answers> = {}): Answers => ({
  emotions: [],
  urges: [],
  medicationAsPrescribed: null,
  sleepMinutes: null,
  skills: [],
  skillUse: null,
  note: null,
  ...more,
})

const urge = (
  target: Answers['urges'][number]['target'],
  strength: number,
  acted: boolean | null = null,
) => ({
  target,
  urge: strength,
  acted,
  times: null,
})

t.test('an urge to suicide of 3 or more, or acted on, has to be known of; others not', async t => {
  for (const [urges, worrying] of [
    [[], false],
    [[urge('suicide', 2)], false],
    [[urge('suicide', 3)], true],
    [[urge('suicide', 5, false)], true],
    [[urge('suicide', 0, true)], true],
    [[urge('self_harm', 5, true), urge('substance', 5, true)], false],
  ] as const)
    t.equal(worryingUrge({ urges: [...urges] }) !== undefined, worrying, JSON.stringify(urges))
})

t.test('weeks begin on Monday', async t => {
  for (const [day, monday] of [
    ['2026-01-05', '2026-01-05'],
    ['2026-01-11', '2026-01-05'],
    ['2026-01-12', '2026-01-12'],
    ['1969-12-31', '1969-12-29'],
    ['1969-12-28', '1969-12-22'],
    ['2024-02-29', '2024-02-26'],
  ] as const)
    t.equal(mondayOf(day), monday, day)
})

t.test('a week of cards, worked by hand', async t => {
  const cards = [
    {
      coversOn: '2026-01-06',
      answers: answers({
        urges: [urge('self_harm', 4, true), urge('suicide', 0)],
        emotions: [{ emotion: 'shame', strength: 3 }],
        skills: ['pausing', 'describing'],
        skillUse: 2,
        sleepMinutes: 400,
      }),
    },
    {
      coversOn: '2026-01-07',
      answers: answers({ urges: [urge('self_harm', 1, false)], skills: ['pausing'], skillUse: 5 }),
    },
    {
      coversOn: '2026-01-11',
      answers: answers({ urges: [urge('self_harm', 2), urge('self_harm', 0, false)] }),
    },
    { coversOn: '2026-01-12', answers: answers({ emotions: [{ emotion: 'joy', strength: 4 }] }) },
  ]
  const firstOn = '2026-01-06'
  const weeks = weeksOf(cards, { from: '2026-01-01', to: '2026-01-14' }, { firstOn, today: '2026-01-14' })
  t.same(
    weeks.map(({ weekOf, cards: count, blankDays }) => [weekOf, count, blankDays]),
    [
      ['2025-12-29', 0, 0],
      // From the 6th to the 11th there are six days, three of them with a card.
      ['2026-01-05', 3, 3],
      ['2026-01-12', 1, 2],
    ],
  )
  t.same(weeks[1], {
    weekOf: '2026-01-05',
    cards: 3,
    blankDays: 3,
    urges: [
      // Felt on three of four ratings; known of two of them, one acted on.
      { target: 'self_harm', max: 4, mean: 1.75, urgeDays: 3, actedDays: 1, notActedShare: 0.5 },
      { target: 'suicide', max: 0, mean: 0, urgeDays: 0, actedDays: 0, notActedShare: null },
    ],
    emotions: [{ emotion: 'shame', mean: 3 }],
    skillsPerDay: 1,
    skillUseMean: 3.5,
    skills: [
      { skill: 'pausing', days: 2 },
      { skill: 'describing', days: 1 },
    ],
    sleepMinutesMean: 400,
  })
  t.same(
    weeksOf(cards, { from: '2026-01-01', to: '2026-01-31' }, { firstOn, today: '2026-01-13' }).map(
      ({ blankDays }) => blankDays,
    ),
    [0, 3, 1, 0, 0],
    'no day to come is blank',
  )
  t.same(
    weeksOf([], { from: '2026-01-01', to: '2026-01-03' }, { firstOn: null, today: '2026-01-14' }).map(
      ({ blankDays }) => blankDays,
    ),
    [0],
    'before the first card no day is blank',
  )
})
