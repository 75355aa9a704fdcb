import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ContractParams } from '../abstinence/abstinence.schemas.ts'
import * as portal from './consents.portal.service.ts'
import * as schemas from './consents.schemas.ts'
import * as service from './consents.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/abstinence-contracts/{contractId}/partner-consents'
const shown = { status: 200, schema: schemas.PartnerConsent, description: 'The consent.' } as const

const inPortal = { tag: 'Portal', permission: 'portal:use' } as const
const asked = { status: 200, schema: schemas.AskedConsent, description: 'What is asked.' } as const

export const consentRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listPartnerConsents',
    summary: 'List consents of partners to a contract',
    description: 'What each was asked and what they answered, with those that were taken back.',
    permission: 'recovery:read',
    params: ContractParams,
    success: { status: 200, schema: schemas.PartnerConsentList, description: 'The consents.' },
    handler: async (trx, { params }) => ok(await service.listConsents(trx, params)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'askForPartnerConsent',
    summary: 'Ask a partner to consent to a contract',
    description:
      'In words that the client agreed to share: a partner who is a client sees them at the portal, and nothing else of this chart. With `coupleId` that partner is asked; without, staff record what the partner says. A partner is asked once about a contract.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ContractParams,
    body: schemas.NewPartnerConsent,
    success: { status: 201, schema: schemas.PartnerConsent, description: 'The consent.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const { chartId, contractId } = params
      const consent = await service.askForConsent(trx, params, body)
      return created(
        `/v1/charts/${chartId}/abstinence-contracts/${contractId}/partner-consents/${consent.id}`,
        consent,
      )
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{partnerConsentId}`,
    operationId: 'getPartnerConsent',
    summary: 'Read a consent of a partner',
    description: 'What was asked, and every answer with its day.',
    permission: 'recovery:read',
    params: schemas.ConsentParams,
    success: shown,
    handler: async (trx, { params }) => ok(await service.getConsent(trx, params)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{partnerConsentId}/steps`,
    operationId: 'recordPartnerConsentStep',
    summary: 'Record what a partner said',
    description:
      'That the partner gave, declined or withdrew consent before a member of staff, with the day; or that the question is taken back. A withdrawal alerts who cares for the chart.',
    permission: 'recovery:write',
    ifMatch: true,
    params: schemas.ConsentParams,
    body: schemas.NewConsentStep,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.recordConsentStep(trx, params, version, body)),
  }),
  operation({
    ...inPortal,
    method: 'GET',
    path: '/v1/portal/partner-consents',
    operationId: 'listAskedPartnerConsents',
    summary: 'See what I am asked as a partner',
    description:
      'What somebody’s partner is asked to consent to, in the words that were shared. Not for who acts on behalf of a client.',
    success: { status: 200, schema: schemas.AskedConsents, description: 'What is asked.' },
    problems: ['not-found'],
    handler: async trx => ok(await portal.listAskedConsents(trx)),
  }),
  operation({
    ...inPortal,
    method: 'GET',
    path: '/v1/portal/partner-consents/{partnerConsentId}',
    operationId: 'getAskedPartnerConsent',
    summary: 'Read what I am asked as a partner',
    description: 'The words that were shared, and the own answers.',
    params: schemas.AskedParams,
    success: asked,
    handler: async (trx, { params }) => ok(await portal.getAskedConsent(trx, params.partnerConsentId)),
  }),
  operation({
    ...inPortal,
    method: 'POST',
    path: '/v1/portal/partner-consents/{partnerConsentId}/answers',
    operationId: 'answerPartnerConsent',
    summary: 'Answer what I am asked as a partner',
    description:
      'Gives, declines or withdraws consent, for today. What was given may be withdrawn at any time, and needs no reason.',
    ifMatch: true,
    params: schemas.AskedParams,
    body: schemas.NewAnswer,
    success: asked,
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await portal.answerConsent(trx, params.partnerConsentId, version, body.answer)),
  }),
]
