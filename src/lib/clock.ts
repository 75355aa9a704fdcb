/** The service's view of time. Rows are stamped by the database; this is for tokens and due dates. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
