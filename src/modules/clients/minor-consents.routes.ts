import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ClientParams } from './clients.schemas.ts'
import * as schemas from './minor-consents.schemas.ts'
import * as service from './minor-consents.service.ts'

const common = { tag: 'Clients' } as const

export const minorConsentRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/minor-consents',
    operationId: 'listMinorConsents',
    summary: 'List the bases on which a minor is in care',
    description: 'Newest first: the first one holds.',
    permission: 'clients:read',
    params: ClientParams,
    query: schemas.MinorConsentQuery,
    success: { status: 200, schema: schemas.MinorConsentPage, description: 'A page of them.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listMinorConsents(trx, params.clientId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/minor-consents',
    operationId: 'recordMinorConsent',
    summary: 'Record on what basis a minor is in care',
    description:
      'Checked against the rule of the jurisdiction. In California a minor of 12 or more may consent to outpatient counseling alone, when a professional found them mature enough and the record says whether a parent is involved, or why not (Fam. Code § 6924, Health & Saf. Code § 124260).',
    permission: 'clients:write',
    params: ClientParams,
    body: schemas.NewMinorConsent,
    success: { status: 201, schema: schemas.MinorConsent, description: 'The basis as recorded.' },
    problems: ['minor-consent-not-valid', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const consent = await service.recordMinorConsent(trx, params.clientId, body)
      return created(`/v1/clients/${params.clientId}/minor-consents`, consent)
    },
  }),
]
