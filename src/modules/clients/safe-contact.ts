import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { safeContactOf } from './clients.projection.ts'
import { findClient, findWholeClients, type WholeClientRow } from './clients.repository.ts'
import type { SafeContact } from './clients.schemas.ts'

/** `own-care` concerns the client alone; the others are linked to another person. */
export type ContactPurpose = 'own-care' | 'joint-care' | 'related-person'

export type ContactDecision =
  | { allowed: false }
  | {
      allowed: true
      /** E.164 numbers and e-mails the client may be reached at, the primary one first. */
      phones: string[]
      /** Of these, those that are nobody else's: a text message may be read by whoever answers a home or work phone. */
      mobiles: string[]
      emails: string[]
      channels: SafeContact['channels']
      /** Local times of the practice between which it may happen. */
      hours: SafeContact['hours']
      neutralText: boolean
      voicemailAllowed: boolean
    }

/** How a client may be reached, by what it is about, and the zone in which their day passes. */
export interface Reachability {
  for(purpose: ContactPurpose): ContactDecision
  /** Null where the practice's zone holds. */
  timeZone: string | null
}

/**
 * Whether and how a message may be sent to a client; every sender asks before it sends. A refusal gives no
 * reason: a sender that reported "danger" would tell whom the flag protects from.
 *
 * For jobs and modules that already act for the client: it checks no caller's reach.
 */
export async function mayContact(
  trx: PracticeTransaction,
  clientId: string,
  purpose: ContactPurpose,
): Promise<ContactDecision> {
  const row = await findClient(trx, clientId)
  return row ? decide(row, purpose) : { allowed: false }
}

/** The same for many clients, in one statement. Who is not there is left out. */
export async function reachabilityOf(
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, Reachability>> {
  const rows = await findWholeClients(trx, clientIds)
  return new Map(rows.map(row => [row.id, { for: purpose => decide(row, purpose), timeZone: row.time_zone }]))
}

function decide(row: WholeClientRow, purpose: ContactPurpose): ContactDecision {
  if (row.status === 'deceased' || row.status === 'merged') return { allowed: false }
  const { channels, danger, hours, neutralText, voicemailAllowed } = safeContactOf(row)
  if (danger && purpose !== 'own-care') return { allowed: false }
  const points = row.contact_points
    .filter(point => point.usable)
    .toSorted((a, b) => Number(b.is_primary) - Number(a.is_primary))
  const byPhone = channels.includes('phone') || channels.includes('text')
  const phones = byPhone ? points.filter(point => point.system === 'phone') : []
  return {
    allowed: true,
    phones: phones.map(point => point.value),
    mobiles: phones.filter(point => point.kind === 'mobile').map(point => point.value),
    emails: channels.includes('email')
      ? points.filter(point => point.system === 'email').map(point => point.value)
      : [],
    channels,
    hours,
    neutralText,
    voicemailAllowed,
  }
}
