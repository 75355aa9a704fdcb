/**
 * Where a rule raises an alert, or a curve is read. None of these numbers was found in a published source: they are settings of good
 * practice, and say so wherever they are shown.
 */
export interface Threshold {
  value: number
  unit: 'points' | 'days' | 'points_rise'
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
} as const satisfies Readonly<Record<string, Threshold>>
