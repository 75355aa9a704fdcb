import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { appointmentModes } from '../session-fields.schemas.ts'
import { offerStatuses } from '../waitlist/waitlist.schemas.ts'

const offer = '019c0000-0000-7000-8000-0000000f3003'

export const OwnOffer = component(
  'OwnWaitlistOffer',
  strictObject(
    {
      id: Id('The offer.', offer),
      slot: Nullable(
        strictObject(
          {
            startsAt: Instant('When it starts.'),
            endsAt: Instant('When it ends at the latest.'),
            timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
            mode: OneOf(appointmentModes),
          },
          { description: 'The time; null for a seat.' },
        ),
      ),
      status: OneOf(offerStatuses, { description: '`withdrawn`: it is not to be had any more.' }),
      expiresAt: Instant('Until when it can be answered.'),
      version: Version,
    },
    {
      description: 'Something that the client waits for and may have now. It is not kept for them.',
      examples: [
        {
          id: offer,
          slot: {
            startsAt: '2026-12-01T17:00:00.000Z',
            endsAt: '2026-12-01T17:50:00.000Z',
            timeZone: 'America/Los_Angeles',
            mode: 'in_person',
          },
          status: 'open',
          expiresAt: '2026-11-23T20:00:00.000Z',
          version: 1,
        },
      ],
    },
  ),
)

export const OwnOfferQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(offerStatuses, { description: 'Only these.', examples: ['open'] })),
})
export const OwnOfferPage = listOf('OwnWaitlistOfferPage', OwnOffer)

export type OwnOffer = Static<typeof OwnOffer>
export type OwnOfferQuery = Static<typeof OwnOfferQuery>
