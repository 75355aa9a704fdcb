import { ok, operation } from '../../../plugins/operations/index.ts'
import { WaitlistOfferParams } from '../waitlist/waitlist.schemas.ts'
import * as schemas from './own-offers.schemas.ts'
import * as service from './own-offers.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const one = {
  ...common,
  method: 'POST',
  params: WaitlistOfferParams,
  ifMatch: true,
  success: { status: 200, schema: schemas.OwnOffer, description: 'The offer as it is now.' },
} as const
const base = '/v1/portal/waitlist-offers'

export const ownOfferRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnWaitlistOffers',
    summary: 'List what I am offered',
    description:
      'What the client or the couple waits for and may have, newest first: a time, or a seat that says no more than that it is one. Who acts for a client sees what is offered to the client alone.',
    query: schemas.OwnOfferQuery,
    success: { status: 200, schema: schemas.OwnOfferPage, description: 'A page of offers.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnOffers(trx, query)),
  }),
  operation({
    ...one,
    path: `${base}/{waitlistOfferId}/acceptance`,
    operationId: 'acceptOwnWaitlistOffer',
    summary: 'Accept an offer to me',
    description:
      'Books the time, or takes the seat, in the same request. Whoever is second is refused as `invalid-state`, and as `resource-busy` where the time was taken by something else.',
    idempotency: 'required',
    problems: ['invalid-state', 'resource-busy', 'unknown-reference', 'conflict', 'already-exists'],
    handler: async (trx, { params, version }) =>
      ok(await service.acceptOwnOffer(trx, params.waitlistOfferId, version)),
  }),
  operation({
    ...one,
    path: `${base}/{waitlistOfferId}/refusal`,
    operationId: 'declineOwnWaitlistOffer',
    summary: 'Decline an offer to me',
    description: 'The client waits on for something else, and others have their turn.',
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.declineOwnOffer(trx, params.waitlistOfferId, version)),
  }),
]
