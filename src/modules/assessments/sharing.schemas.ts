import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'
import { ids } from './assignments.schemas.ts'
import { InstrumentKey } from './definitions.schemas.ts'

const consentId = '019c0000-0000-7000-8000-0000000000a9'

const fields = {
  clientId: Id('The partner who agrees.', ids.client),
  instrumentKey: InstrumentKey,
  method: OneOf(['wet_ink', 'electronic', 'in_person', 'in_writing'] as const),
  givenOn: CalendarDate('The day they agreed; not in the future.', '2026-11-20'),
}

const example = {
  clientId: ids.client,
  instrumentKey: 'csi-16',
  method: 'in_person' as const,
  givenOn: '2026-11-20',
}

export const SharingConsent = component(
  'ScoreSharingConsent',
  strictObject(
    {
      id: Id('The consent.', consentId),
      chartId: Id('The couple’s chart.', ids.chart),
      ...fields,
      attestedById: Id('The staff member who recorded it.', ids.staff),
      createdAt: Instant('When it was recorded.'),
      withdrawnAt: Nullable(Instant('When it was withdrawn; null while it stands.')),
      withdrawalRecordedById: Nullable(Id('The staff member who recorded that.', ids.staff)),
      version: Version,
    },
    {
      description: 'That a partner agrees to have scores of one instrument shown beside the other’s.',
      examples: [
        {
          id: consentId,
          chartId: ids.chart,
          ...example,
          attestedById: ids.staff,
          createdAt: '2026-11-20T18:00:00.000Z',
          withdrawnAt: null,
          withdrawalRecordedById: null,
          version: 1,
        },
      ],
    },
  ),
)

export const NewSharingConsent = component(
  'NewScoreSharingConsent',
  strictObject(fields, {
    description: 'A partner’s consent, attested by the staff member who records it.',
    examples: [example],
  }),
)

export const ConsentParams = strictObject({
  chartId: Id('The couple’s chart.', ids.chart),
  sharingConsentId: Id('The consent.', consentId),
})
export const ConsentQuery = strictObject({
  ...PageQuery,
  instrument: Type.Optional(InstrumentKey),
})
export const ConsentPage = listOf('ScoreSharingConsentPage', SharingConsent)

export type SharingConsent = Static<typeof SharingConsent>
export type NewSharingConsent = Static<typeof NewSharingConsent>
export type ConsentQuery = Static<typeof ConsentQuery>
