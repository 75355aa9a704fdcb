import { Type } from 'typebox'
import { OneOf } from '../../../lib/schemas.ts'
import { content, figure, several, words } from './fields.ts'
import { missingFields, partKind } from './part.ts'

const TerminationContent = content({
  reason: OneOf([
    'goals_reached',
    'client_ended',
    'transferred',
    'moved_away',
    'no_contact',
    'practice_ended',
    'other',
  ] as const),
  course: words('The course of treatment in short.'),
  sessions: Type.Integer({ minimum: 0, maximum: 5_000, description: 'How many sessions there were.' }),
  progress: words('What was reached, goal by goal, and what was not.'),
  condition: words('How the client is doing at the end.'),
  relapsePrevention: words('What helps from here on, and what to watch for.'),
  referrals: several(Type.String({ maxLength: 200 }), 'Where the client was sent on to.', 20),
  returnTerms: words('How to come back.', 1_000),
})

export const termination = partKind({
  kind: 'termination',
  version: 1,
  title: 'Termination or transfer summary',
  about: 'The end of treatment: why, what was reached, and what comes after.',
  source: 'Own structure.',
  charts: ['individual', 'couple'],
  content: TerminationContent,
  example: {
    reason: 'goals_reached',
    course: 'Weekly for eight months, then every other week (fictional).',
    sessions: 38,
    progress: 'Sleep and evenings as planned; the second goal in part.',
    condition: 'Steady.',
    relapsePrevention: 'The three-circle plan; the Tuesday meeting.',
    referrals: ['Alumni group (fictional)'],
    returnTerms: 'A call is enough.',
  },
  missing: part => missingFields(part, ['reason', 'course', 'progress', 'condition']),
  warnings: ({ reason, referrals = [] }) =>
    (reason === 'transferred' || reason === 'practice_ended') && referrals.length === 0
      ? [
          {
            code: 'ended_without_referral',
            pointer: '/referrals',
            detail: 'Treatment goes on elsewhere, and no referral is named.',
          },
        ]
      : [],
  figures: ({ sessions }) => figure('sessions_at_termination', sessions),
})

const NoShowContent = content({
  reachedOut: Type.Array(OneOf(['called', 'left_message', 'wrote', 'not_tried'] as const), {
    maxItems: 4,
    uniqueItems: true,
  }),
  reason: words('What is known of why.', 1_000),
  concern: Type.Boolean({ description: 'Whether there is reason to worry.' }),
  followUp: words('What happens next.', 1_000),
})

export const noShow = partKind({
  kind: 'no_show',
  version: 1,
  title: 'No-show',
  about: 'A session that nobody came to, and what was done about it.',
  source: 'Own structure.',
  charts: ['individual', 'couple'],
  content: NoShowContent,
  example: {
    reachedOut: ['called', 'left_message'],
    reason: 'Not known.',
    concern: false,
    followUp: 'Call again tomorrow (fictional).',
  },
  missing: part => missingFields(part, ['reachedOut', 'followUp']),
  warnings: ({ concern, reachedOut = [] }) =>
    concern === true && reachedOut.includes('not_tried')
      ? [
          {
            code: 'concern_without_contact',
            pointer: '/reachedOut',
            detail: 'There is reason to worry, and nobody tried to reach the client.',
          },
        ]
      : [],
  figures: () => [{ measure: 'no_show', value: 1 }],
})
