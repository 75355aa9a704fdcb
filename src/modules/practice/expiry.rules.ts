import { invalidField } from '../../lib/problems.ts'

interface Spanned {
  status: string
  issuedOn: string | null
  expiresOn: string | null
}

/**
 * Whether the last good day is over. Dates are ISO dates, so text compares as time does.
 *
 * @param today in the practice's zone
 */
export const isOver = (expiresOn: string | null, today: string) => expiresOn !== null && expiresOn < today

/**
 * Refuses to record as good what ran out before today.
 *
 * @param good the statuses that claim to be good
 * @throws Problem `invalid-request`
 */
export function requirePlausible(record: Spanned, good: readonly string[], today: string): void {
  const { status, issuedOn, expiresOn } = record
  if (issuedOn && expiresOn && expiresOn < issuedOn) {
    throw invalidField('/expiresOn', 'before-issue', 'It cannot expire before it was issued.')
  }
  if (good.includes(status) && isOver(expiresOn, today)) {
    throw invalidField('/expiresOn', 'expired', 'This date is over: the status has to say so.')
  }
}
