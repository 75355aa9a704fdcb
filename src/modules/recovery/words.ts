export const philosophies = ['abstinence', 'harm_reduction', 'integrated'] as const
export type Philosophy = (typeof philosophies)[number]

export const severities = ['slip', 'lapse', 'relapse'] as const
export type LapseSeverity = (typeof severities)[number]

/** Words for what a client is shown. Neutral ones: none of them names a person. */
export interface Words {
  goal: string
  event: Readonly<Record<LapseSeverity, string>>
  dayCount: string
  /** The figure that a front-end shows first: days in a row, or how often within four weeks. */
  headline: 'streak' | 'events_per_four_weeks'
}

/** The words of each philosophy. A chart without one is spoken of in the words of `integrated`. */
export const wordsOf: Readonly<Record<Philosophy, Words>> = {
  abstinence: {
    goal: 'abstinence goal',
    event: { slip: 'slip', lapse: 'lapse', relapse: 'relapse' },
    dayCount: 'days of sobriety',
    headline: 'streak',
  },
  harm_reduction: {
    goal: 'goal',
    event: { slip: 'use event', lapse: 'use event', relapse: 'period of use' },
    dayCount: 'days within the goal',
    headline: 'events_per_four_weeks',
  },
  integrated: {
    goal: 'recovery goal',
    event: { slip: 'slip', lapse: 'setback', relapse: 'longer setback' },
    dayCount: 'days in a row',
    headline: 'streak',
  },
}
