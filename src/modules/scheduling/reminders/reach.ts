import type { ContactDecision, Reachability } from '../../clients/index.ts'
import type { ClientMessagePolicy } from '../../practice/index.ts'
import type { Due } from './due.rules.ts'
import type { Hours } from './hours.rules.ts'

/** Where and how a client may be written to now. */
export interface Way {
  channel: 'text' | 'email'
  to: string
  hours: Hours
  /** Whether it may say who writes. */
  isNeutral: boolean
}

export interface Ground {
  policy: ClientMessagePolicy
  practiceTimeZone: string
  /** Whether the installation sends text messages at all. */
  sendsTexts: boolean
}

/** By the client's own settings, and by the practice's wishes within them; undefined where there is no way. */
export function wayTo(
  reachability: Reachability | undefined,
  purpose: Due['purpose'],
  { policy, practiceTimeZone, sendsTexts }: Ground,
): Way | undefined {
  const decision = reachability?.for(purpose)
  if (!reachability || !decision?.allowed) return undefined
  for (const channel of policy.channels) {
    const to = channel === 'text' && !sendsTexts ? undefined : addressFor(channel, decision)
    if (to === undefined) continue
    const hours = {
      timeZone: reachability.timeZone ?? practiceTimeZone,
      quietFrom: policy.quietFrom,
      quietUntil: policy.quietUntil,
      safe: decision.hours,
      practiceTimeZone,
    }
    return { channel, to, hours, isNeutral: decision.neutralText }
  }
  return undefined
}

function addressFor(
  channel: Way['channel'],
  { channels, mobiles, emails }: Extract<ContactDecision, { allowed: true }>,
): string | undefined {
  if (!channels.includes(channel)) return undefined
  return channel === 'text' ? mobiles[0] : emails[0]
}
