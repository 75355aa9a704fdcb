import { Problem } from '../../lib/problems.ts'

interface AccessState {
  staff_id: string
  running: boolean
  reviewed_at: Date | null
}

/** @throws Problem `invalid-state` */
export function checkEnd(access: AccessState): void {
  if (!access.running) throw new Problem('invalid-state', { detail: 'This emergency access is over.' })
}

/**
 * Somebody else reviews, and only when it is over: what is still used cannot be judged yet.
 *
 * @returns the reviewer
 * @throws Problem `not-permitted`, `invalid-state`
 */
export function checkReview(access: AccessState, reviewer: string | null): string {
  if (!reviewer || access.staff_id === reviewer) {
    throw new Problem('not-permitted', { detail: 'Somebody else has to review an emergency access.' })
  }
  if (access.running) throw new Problem('invalid-state', { detail: 'End it before you review it.' })
  if (access.reviewed_at) throw new Problem('invalid-state', { detail: 'It was reviewed already.' })
  return reviewer
}
