const attempts = {
  retryLimit: 8,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 600,
  expireInSeconds: 120,
  // The job of a worker that died is another's after this, not only when its time is up.
  heartbeatSeconds: 15,
}

/**
 * Queues of practices' own later work, with their retry policy. Work arrives through a practice's outbox
 * under the queue's name; `modules/jobs.ts` says who does it.
 */
export const queues = {
  'send-mail': attempts,
  'alert-response': attempts,
  'assessment-expiry': attempts,
  'release-hold-expiry': attempts,
  'note-release': attempts,
  'waitlist-opening': attempts,
  'client-message': attempts,
  'journey-migration': attempts,
  'partner-consent-withdrawal': attempts,
} as const

export type QueueName = keyof typeof queues

const byTheClock = { ...attempts, retryLimit: 2, expireInSeconds: 1_800, policy: 'short' as const }

/** Work of the whole installation, by the clock (cron, UTC). It visits practices one by one. */
export const timetable = {
  housekeeping: { cron: '17 * * * *', options: byTheClock },
  // Rounds look at what changes with the day, whichever hour it begins in.
  'recovery-watch': { cron: '41 * * * *', options: byTheClock },
  'dual-role-watch': { cron: '29 * * * *', options: byTheClock },
  'plan-review-watch': { cron: '11 * * * *', options: byTheClock },
  'inquiry-retention': { cron: '23 3 * * *', options: byTheClock },
  'client-messages': { cron: '* * * * *', options: byTheClock },
  'note-locks': { cron: '53 * * * *', options: byTheClock },
  'appointment-series': { cron: '5 * * * *', options: byTheClock },
  'safety-review-watch': { cron: '35 * * * *', options: byTheClock },
} as const

/** Of the timetable: what is done practice by practice, each in a transaction of its own. */
export type RoundName = Exclude<keyof typeof timetable, 'housekeeping'>
