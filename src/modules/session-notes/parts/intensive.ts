import { Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import { OneOf } from '../../../lib/schemas.ts'
import { content, figure, growing, minutes, rating, several, words } from './fields.ts'
import { rise } from './numbers.ts'
import { missingFields, partKind } from './part.ts'

const day = (description: string) => Type.Integer({ minimum: 1, maximum: 30, description })

const Block = growing(
  {
    startedAt: Type.String({
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      description: 'On the clock, HH:MM.',
    }),
    minutes: minutes('How long it took'),
    kind: OneOf([
      'individual',
      'couple',
      'group',
      'education',
      'written_work',
      'body_work',
      'break',
    ] as const),
    about: words('On what.', 1_000),
    activationEnd: rating(0, 10, 'How activated the client was at its end'),
  },
  'A block of the day. Work of a method in it is a part of its own beside this one.',
)

const IntensiveDayContent = content({
  dayNumber: day('Which day of the intensive.'),
  ofDays: day('How many days it has.'),
  blocks: several(Block, 'The day, in order.', 20),
  stabilityAtEnd: rating(0, 10, 'How stable the client is as the day ends'),
  eveningPlan: words('Where the client is tonight, with whom, and what helps.'),
  tomorrow: words('What tomorrow begins with.', 1_000),
})

const total = (blocks: readonly { minutes?: number; kind?: string }[]) =>
  blocks.filter(({ kind }) => kind !== 'break').reduce((sum, block) => sum + (block.minutes ?? 0), 0)

export const intensiveDay = partKind({
  kind: 'intensive_day',
  version: 1,
  title: 'Intensive: a day',
  about: 'The blocks of one day of an intensive, and how it was closed.',
  source: 'Own structure.',
  charts: ['individual', 'couple'],
  content: IntensiveDayContent,
  example: {
    dayNumber: 1,
    ofDays: 3,
    blocks: [
      { startedAt: '09:00', minutes: 90, kind: 'couple', about: 'Timeline (fictional).', activationEnd: 4 },
      { startedAt: '10:30', minutes: 30, kind: 'break' },
      { startedAt: '11:00', minutes: 60, kind: 'individual', about: 'EMDR', activationEnd: 3 },
    ],
    stabilityAtEnd: 7,
    eveningPlan: 'At the guest house, with a friend on call.',
    tomorrow: 'The open target first.',
  },
  missing: part => missingFields(part, ['dayNumber', 'blocks', 'eveningPlan']),
  // The next day of the same intensive; the last one is followed by none.
  carry: ({ dayNumber, ofDays, eveningPlan, tomorrow }) =>
    dayNumber === undefined || dayNumber >= (ofDays ?? 30)
      ? {}
      : given({
          dayNumber: dayNumber + 1,
          ofDays,
          eveningPlan,
          blocks: tomorrow === undefined ? undefined : [{ about: tomorrow }],
        }),
  warnings: ({ stabilityAtEnd }) =>
    stabilityAtEnd !== undefined && stabilityAtEnd < 5
      ? [
          {
            code: 'day_ended_unstable',
            pointer: '/stabilityAtEnd',
            detail: 'The client left the day less than half as stable as the scale goes.',
          },
        ]
      : [],
  figures: ({ blocks = [], stabilityAtEnd }) => [
    ...figure('intensive_minutes', blocks.length === 0 ? undefined : total(blocks)),
    ...figure('stability_at_end', stabilityAtEnd),
  ],
})

const IntensiveSummaryContent = content({
  days: day('How many days it had.'),
  goals: words('What it was for.'),
  course: words('How it went, day by day.'),
  results: words('What was reached, and what is still open.'),
  distressAtStart: rating(0, 10, 'Distress as it began'),
  distressAtEnd: rating(0, 10, 'Distress as it ended'),
  aftercare: words('What follows, with whom and when.'),
})

export const intensiveSummary = partKind({
  kind: 'intensive_summary',
  version: 1,
  title: 'Intensive: summary',
  about: 'What an intensive was for, what came of it, and what follows.',
  source: 'Own structure.',
  charts: ['individual', 'couple'],
  content: IntensiveSummaryContent,
  example: {
    days: 3,
    goals: 'Disclosure, and the three memories that hold it in place (fictional).',
    course: 'Two days of preparation, the third for the disclosure.',
    results: 'Two targets cleared, one open.',
    distressAtStart: 8,
    distressAtEnd: 4,
    aftercare: 'Weekly sessions from Monday; a call on Saturday.',
  },
  missing: part => missingFields(part, ['days', 'goals', 'results', 'aftercare']),
  warnings: () => [],
  figures: ({ distressAtStart, distressAtEnd }) => [
    ...figure('distress_start', distressAtStart),
    ...figure('distress_end', distressAtEnd),
    ...figure('distress_drop', rise(distressAtEnd, distressAtStart)),
  ],
})
