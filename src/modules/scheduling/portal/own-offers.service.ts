import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { openOwnChart } from '../../charts/index.ts'
import {
  type Answerable,
  accept,
  assertStands,
  decline,
  findAnswerable,
  groundOf,
} from '../waitlist/answers.ts'
import { findOwnOffer, listOwnOffers as list, type OfferRow } from '../waitlist/offers.repository.ts'
import { toOpening } from '../waitlist/openings.service.ts'
import type { OwnOffer, OwnOfferQuery } from './own-offers.schemas.ts'

/** Newest first; the client's own and the couple's. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnOffers(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, status }: OwnOfferQuery,
): Promise<Page<OwnOffer>> {
  trx.audit({ resourceType: 'waitlist-offer' })
  const before = trx.cursorKey({ status }, cursor)?.[0] as string | undefined
  const [, rows] = await Promise.all([openOwnChart(trx), list(trx, { status }, { limit, before })])
  return toPage(rows, limit, toOwn, row => trx.cursorAfter({ status }, [row.id]))
}

/**
 * Books what was offered, as the front desk would.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, and those of a booking or of joining a group
 */
export async function acceptOwnOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<OwnOffer> {
  const found = await openOwnOffer(trx, id, version)
  return toOwn(await accept(trx, found, await groundOf(trx, found)))
}

/** They wait on, and others have their turn. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function declineOwnOffer(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<OwnOffer> {
  return toOwn(await decline(trx, await openOwnOffer(trx, id, version)))
}

async function openOwnOffer(trx: PracticeTransaction, id: string, version: number): Promise<Answerable> {
  trx.audit({ resourceType: 'waitlist-offer', resourceId: id, fields: ['status'] })
  // Sent in this order, in one round trip.
  const [, found] = await Promise.all([openOwnChart(trx), findAnswerable(trx, id, findOwnOffer)])
  if (!found) throw notFound()
  assertStands(found, version)
  return found
}

function toOwn(row: OfferRow): OwnOffer {
  const { slot } = toOpening(row.opening)
  return {
    id: row.id,
    slot: slot && {
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      timeZone: slot.timeZone,
      mode: slot.mode,
    },
    status: row.status as OwnOffer['status'],
    expiresAt: row.expires_at.toISOString(),
    version: row.version,
  }
}
