/** Money of an intensive, in whole cents. Nothing is paid here: these are figures for billing. */

/** Of the deposit so many percent go back when it is canceled at least so many days before the first day. */
export interface RefundStep {
  daysBefore: number
  percent: number
}

export interface Refund {
  refundCents: number
  keptCents: number
}

/**
 * What goes back of what was paid. What the practice cancels goes back in full; otherwise the most generous step that
 * was kept counts, rounded down to whole cents. Without a date everything goes back: nothing was held for anybody.
 *
 * @param daysBefore whole days from the day of the cancellation to the first day; null when nothing is booked
 */
export function refundOf(
  paidCents: number,
  by: 'client' | 'practice',
  daysBefore: number | null,
  schedule: readonly RefundStep[],
): Refund {
  const kept = schedule.filter(step => daysBefore !== null && daysBefore >= step.daysBefore)
  const isFull = by === 'practice' || daysBefore === null
  const percent = isFull ? 100 : Math.max(0, ...kept.map(step => step.percent))
  const refundCents = Math.floor((paidCents * percent) / 100)
  return { refundCents, keptCents: paidCents - refundCents }
}

/**
 * Shares a whole number of cents among weights by largest remainder; of equal remainders the first gets the cent. The
 * shares add up to the whole.
 */
export function shareOut(cents: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) return weights.map(() => 0)
  const shares = weights.map(weight => Math.floor((cents * weight) / total))
  const missing = cents - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = weights
    .map((weight, place) => ({ place, remainder: (cents * weight) % total }))
    .toSorted((one, other) => other.remainder - one.remainder || one.place - other.place)
  for (const { place } of byRemainder.slice(0, missing)) shares[place] = (shares[place] ?? 0) + 1
  return shares
}

/** What of a block's share was earned, by the minutes of it that were given; rounded down to whole cents. */
export const earnedOf = (shareCents: number, deliveredMinutes: number, minutes: number): number =>
  Math.floor((shareCents * Math.min(deliveredMinutes, minutes)) / minutes)
