import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/**
 * keys: pace, setting. measures: heard, aims, approach, overall. Four generic questions of our own: the known scales of
 * this kind are licensed.
 */
export const sessionFeedback = defineKind({
  kind: 'session_feedback',
  name: 'RecoverySessionFeedback',
  title: 'Feedback on a session',
  about:
    'How a session was for the client, by four questions from 0 to 10. A fall of their mean raises an alert in the same transaction.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      heard: Rating(0, 10, 'Whether they felt heard and respected.'),
      aims: Rating(0, 10, 'Whether it was about what matters to them.'),
      approach: Rating(0, 10, 'Whether the way of working suits them.'),
      overall: Rating(0, 10, 'Whether the session was right for them.'),
      pace: Type.Optional(OneOf(['too_slow', 'right', 'too_fast'] as const)),
      setting: Type.Optional(
        OneOf(['good', 'not_private', 'noisy', 'uncomfortable', 'technical_trouble'] as const, {
          description: 'What of the place or connection stood out.',
        }),
      ),
      comment: Type.Optional(Words(2_000, 'In the client’s words.')),
    },
    'Feedback on a session.',
    {
      heard: 9,
      aims: 8,
      approach: 7,
      overall: 8,
      pace: 'too_fast',
      setting: 'good',
      comment: 'A little less homework (fictional).',
    },
  ),
  log: true,
  steps: { recorded: [] },
  session: true,
  portal: 'write',
  indexed: ({ heard, aims, approach, overall, pace, setting }) => ({
    keys: [pace ?? null, setting ?? null],
    measures: [heard, aims, approach, overall],
  }),
})
