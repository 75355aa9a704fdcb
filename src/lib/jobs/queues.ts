const attempts = {
  retryLimit: 8,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 600,
  expireInSeconds: 120,
}

/**
 * Every queue, with its retry policy. A practice's work arrives through its outbox under the queue's
 * name; the `each-…` queues are on a timetable and visit practices one by one.
 */
export const queues = {
  'send-mail': attempts,
  'seal-audit': { ...attempts, retryLimit: 2, policy: 'short' as const },
  housekeeping: { ...attempts, retryLimit: 2, policy: 'short' as const },
} as const

export type QueueName = keyof typeof queues
