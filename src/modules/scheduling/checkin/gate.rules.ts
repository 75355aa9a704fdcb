import { Problem } from '../../../lib/problems.ts'
import type { Participants } from '../participants.rules.ts'

/** The newest check-in of one client for one appointment. */
export interface CheckedIn {
  clientId: string
  state: string
  isPrivate: boolean
  /** Null where the client checked in themself and nobody has judged it. */
  isAppropriate: boolean | null
}

/**
 * What keeps a telehealth session from beginning: at each session the client's present place is asked for, and whether
 * telehealth is appropriate and confidential there (16 CCR 1815.5(d)); and the clinician has to be licensed where the
 * client is. Clients who are absent need no check-in.
 *
 * @returns undefined when nothing does
 */
export function hindranceOf(
  participants: Participants,
  checkIns: readonly CheckedIn[],
  licensed: readonly string[],
): Problem | undefined {
  const there = participants.filter(({ presence }) => presence !== 'absent')
  const found = there.map(({ clientId }) => checkIns.find(one => one.clientId === clientId))
  if (found.some(one => !one))
    return new Problem('check-in-required', {
      detail: 'Each client has to be checked in, or there is a reason.',
    })
  if (found.some(one => one?.isAppropriate === null))
    return new Problem('check-in-required', {
      detail: 'A client checked in themself: somebody has to judge whether telehealth is appropriate now.',
    })
  if (found.some(one => !(one?.isPrivate && one.isAppropriate)))
    return new Problem('check-in-required', {
      detail: 'A client is not in private, or telehealth is not appropriate now.',
    })
  if (found.some(one => !licensed.includes(one?.state ?? '')))
    return new Problem('license-not-valid-for-location')
  return undefined
}
