import { Temporal } from 'temporal-polyfill'

/**
 * The last instant at which a client may cancel for nothing. Full days of the window are days of the clinic's wall clock:
 * two days before Monday 9:00 is Saturday 9:00, also when a clock changes in between. Hours beyond full days are counted
 * as they pass. Of a wall-clock time that does not exist or comes twice Temporal's `compatible` reading counts.
 */
export function freeUntil(startsAt: Date, timeZone: string, windowHours: number): Date {
  const start = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone)
  const until = start.subtract({ days: Math.floor(windowHours / 24) }).subtract({ hours: windowHours % 24 })
  return new Date(until.epochMilliseconds)
}

export interface Terms {
  graceCount: number
  lateCancellationFeeCents: number
  noShowFeeCents: number
}

export type FeeKind = 'late_cancellation' | 'no_show'

/** What one missed hour costs: nothing to write down where the policy asks for nothing. */
export function feeOf(
  kind: FeeKind,
  terms: Terms,
  graceUsed: number,
): { amountCents: number; status: 'due' | 'grace' } | undefined {
  const amountCents = kind === 'no_show' ? terms.noShowFeeCents : terms.lateCancellationFeeCents
  if (amountCents === 0) return undefined
  return { amountCents, status: graceUsed < terms.graceCount ? 'grace' : 'due' }
}
