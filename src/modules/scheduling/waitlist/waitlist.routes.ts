import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as entries from './entries.service.ts'
import * as offers from './offers.service.ts'
import * as openings from './openings.service.ts'
import * as schemas from './waitlist.schemas.ts'

const common = { tag: 'Waitlist' } as const
const oneEntry = { ...common, params: schemas.WaitlistEntryParams } as const
const oneOffer = { ...common, params: schemas.WaitlistOfferParams } as const
const entryPath = '/v1/waitlist-entries/{waitlistEntryId}'
const offerPath = '/v1/waitlist-offers/{waitlistOfferId}'
const shownEntry = {
  status: 200,
  schema: schemas.WaitlistEntry,
  description: 'The entry as it is now.',
} as const
const shownOffer = {
  status: 200,
  schema: schemas.WaitlistOffer,
  description: 'The offer as it is now.',
} as const

export const waitlistRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/waitlist-entries',
    operationId: 'listWaitlist',
    summary: 'List who waits',
    description: 'In the order in which they have their turn; of charts that the caller may see.',
    permission: 'appointments:read',
    query: schemas.WaitlistQuery,
    success: { status: 200, schema: schemas.WaitlistPage, description: 'A page of the waitlist.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await entries.listEntries(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/waitlist-entries',
    operationId: 'joinWaitlist',
    summary: 'Put somebody on the waitlist',
    description:
      'A client or a couple waits for a time of a service, or a client for a seat of a group. A canceled or moved appointment and a seat that becomes free make offers by themselves, as the policies `waitlistOffers` and `waitlistOfferMinutes` of the practice say.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewWaitlistEntry,
    success: { status: 201, schema: schemas.WaitlistEntry, description: 'The entry.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { body }) => {
      const entry = await entries.createEntry(trx, body)
      return created(`/v1/waitlist-entries/${entry.id}`, entry)
    },
  }),
  operation({
    ...oneEntry,
    method: 'GET',
    path: entryPath,
    operationId: 'getWaitlistEntry',
    summary: 'Read an entry of the waitlist',
    description: 'Who waits for what, and what would suit them.',
    permission: 'appointments:read',
    success: shownEntry,
    handler: async (trx, { params }) => ok(await entries.getEntry(trx, params.waitlistEntryId)),
  }),
  operation({
    ...oneEntry,
    method: 'PATCH',
    path: entryPath,
    operationId: 'changeWaitlistEntry',
    summary: 'Change an entry of the waitlist',
    description: 'Other wishes, another priority or note of who waits.',
    permission: 'appointments:write',
    ifMatch: true,
    body: schemas.WaitlistEntryChange,
    success: shownEntry,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, version, body }) =>
      ok(await entries.changeEntry(trx, params.waitlistEntryId, version, body)),
  }),
  operation({
    ...oneEntry,
    method: 'POST',
    path: `${entryPath}/withdrawal`,
    operationId: 'leaveWaitlist',
    summary: 'Take somebody off the waitlist',
    description: 'They wait no more. Offers to them are withdrawn, and others have their turn.',
    permission: 'appointments:write',
    ifMatch: true,
    success: shownEntry,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await entries.withdrawEntry(trx, params.waitlistEntryId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/waitlist-openings',
    operationId: 'offerOpening',
    summary: 'Offer a time or a seat to those who wait',
    description:
      'For the front desk: offers something that is free to who waits for it, by priority and then by who waits longest, as far as wishes, calendars and rules allow. In turn, the next is asked when an offer is declined or has expired. The answer is `closed` where there is nobody to ask. Offers are in `GET /v1/waitlist-offers?openingId=`.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewWaitlistOpening,
    success: { status: 201, schema: schemas.WaitlistOpening, description: 'The opening.' },
    problems: ['unknown-reference', 'conflict'],
    handler: async (trx, { body }) => {
      const opening = await openings.openOpening(trx, body)
      return created(`/v1/waitlist-offers?openingId=${opening.id}`, opening)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/waitlist-offers',
    operationId: 'listWaitlistOffers',
    summary: 'List offers',
    description: 'Offers to those whose chart the caller may see, the newest first: who is to be called.',
    permission: 'appointments:read',
    query: schemas.OfferQuery,
    success: { status: 200, schema: schemas.WaitlistOfferPage, description: 'A page of offers.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await offers.listOffers(trx, query)),
  }),
  operation({
    ...oneOffer,
    method: 'GET',
    path: offerPath,
    operationId: 'getWaitlistOffer',
    summary: 'Read an offer',
    description: 'What is offered to whom, and until when.',
    permission: 'appointments:read',
    success: shownOffer,
    handler: async (trx, { params }) => ok(await offers.getOffer(trx, params.waitlistOfferId)),
  }),
  operation({
    ...oneOffer,
    method: 'POST',
    path: `${offerPath}/acceptance`,
    operationId: 'acceptWaitlistOffer',
    summary: 'Accept an offer',
    description:
      'Books the time, or takes the seat, in the same request; their entry is `booked` and other offers of the opening are withdrawn. Whoever is second is refused as `invalid-state`, and as `resource-busy` where the time was taken by something else.',
    permission: 'appointments:write',
    ifMatch: true,
    idempotency: 'required',
    success: shownOffer,
    problems: ['invalid-state', 'resource-busy', 'unknown-reference', 'conflict', 'already-exists'],
    handler: async (trx, { params, version }) =>
      ok(await offers.acceptOffer(trx, params.waitlistOfferId, version)),
  }),
  operation({
    ...oneOffer,
    method: 'POST',
    path: `${offerPath}/refusal`,
    operationId: 'declineWaitlistOffer',
    summary: 'Decline an offer',
    description: 'They wait on for something else, and others have their turn.',
    permission: 'appointments:write',
    ifMatch: true,
    success: shownOffer,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await offers.declineOffer(trx, params.waitlistOfferId, version)),
  }),
]
