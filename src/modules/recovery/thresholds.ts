/**
 * Where a rule raises an alert, or a curve is read. None of these numbers was found in a published source: they are settings of good
 * practice, and say so wherever they are shown.
 */
export interface Threshold {
  value: number
  unit: 'points' | 'days' | 'points_rise' | 'points_fall' | 'sessions'
  explains: string
  source: string
  confidence: 'verified' | 'general_knowledge'
}

const practical = {
  source: 'clinical judgment; no published cut-off',
  confidence: 'general_knowledge',
} as const

export const thresholds = {
  urge: {
    value: 9,
    unit: 'points',
    explains: 'An urge of at least this strength asks for attention.',
    ...practical,
  },
  hopelessness: {
    value: 8,
    unit: 'points',
    explains: 'Hopelessness or depression of at least this strength in a check-in asks for a look at risk.',
    ...practical,
  },
  substitution_quiet: {
    value: 14,
    unit: 'days',
    explains:
      'One addiction counts as silent after so many days without its inner circle and without an urge above 2.',
    ...practical,
  },
  substitution_rise: {
    value: 3,
    unit: 'points_rise',
    explains:
      'Meanwhile the mean urge of another one is higher by so much this week than in the two weeks before.',
    ...practical,
  },
  withdrawal_noticed: {
    value: 3,
    unit: 'points',
    explains: 'Withdrawal counts as felt on a day whose symptoms are this strong on average.',
    ...practical,
  },
  withdrawal_quiet: {
    value: 7,
    unit: 'days',
    explains: 'Withdrawal counts as settled after so many days without a day on which it was felt.',
    ...practical,
  },
  alliance_fall: {
    value: 2,
    unit: 'points_fall',
    explains:
      'Feedback on a session counts as fallen when its mean is so far below that of the three before it.',
    ...practical,
  },
  readiness_fall: {
    value: 2,
    unit: 'points_fall',
    explains:
      'Readiness counts as fallen when the last rating about the same is so far below the one before it.',
    ...practical,
  },
  missed_sessions: {
    value: 2,
    unit: 'sessions',
    explains: 'From so many sessions missed, or canceled late by the client, somebody may be about to leave.',
    ...practical,
  },
  engagement_window: {
    value: 60,
    unit: 'days',
    explains: 'Only sessions, feedback and ratings of so many days count for the risk that somebody leaves.',
    ...practical,
  },
} as const satisfies Readonly<Record<string, Threshold>>
