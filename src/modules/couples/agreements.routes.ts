import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './agreements.schemas.ts'
import * as service from './agreements.service.ts'

const common = { tag: 'Couples' } as const
const base = '/v1/couples/{coupleId}/agreements'
const oneAgreement = { ...common, params: schemas.AgreementParams } as const
const changed = {
  status: 200,
  schema: schemas.CoupleAgreement,
  description: 'The agreement as it is now.',
} as const

export const agreementRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCoupleAgreements',
    summary: 'List agreements',
    description:
      'What the partners proposed and agreed on, oldest first. Agreements are clinical: the care team of the joint chart reads them, the front desk does not; integrations see those that both accepted.',
    permission: 'couples:read',
    params: schemas.CoupleOfAgreements,
    query: schemas.AgreementQuery,
    success: { status: 200, schema: schemas.AgreementPage, description: 'A page of agreements.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listAgreements(trx, params.coupleId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'proposeCoupleAgreement',
    summary: 'Propose an agreement',
    description:
      'Writes down what is to be agreed on. Its terms never change: other terms are another agreement.',
    permission: 'couples:write',
    idempotency: 'required',
    params: schemas.CoupleOfAgreements,
    body: schemas.NewCoupleAgreement,
    success: { status: 201, schema: schemas.CoupleAgreement, description: 'The agreement.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const agreement = await service.proposeAgreement(trx, params.coupleId, body)
      return created(`/v1/couples/${params.coupleId}/agreements/${agreement.id}`, agreement)
    },
  }),
  operation({
    ...oneAgreement,
    method: 'GET',
    path: `${base}/{agreementId}`,
    operationId: 'getCoupleAgreement',
    summary: 'Read an agreement',
    description: 'Its terms, who accepted them, and what became of it.',
    permission: 'couples:read',
    success: { status: 200, schema: schemas.CoupleAgreement, description: 'The agreement.' },
    handler: async (trx, { params }) =>
      ok(await service.getAgreement(trx, params.coupleId, params.agreementId)),
  }),
  operation({
    ...oneAgreement,
    method: 'POST',
    path: `${base}/{agreementId}/acceptances`,
    operationId: 'acceptCoupleAgreement',
    summary: "Record a partner's acceptance",
    description: 'One partner accepts for themselves. The agreement holds when both have.',
    permission: 'couples:write',
    idempotency: 'required',
    ifMatch: true,
    body: schemas.NewAgreementAcceptance,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.acceptAgreement(trx, params.coupleId, params.agreementId, version, body)),
  }),
  operation({
    ...oneAgreement,
    method: 'POST',
    path: `${base}/{agreementId}/status-changes`,
    operationId: 'changeCoupleAgreementStatus',
    summary: 'Record the end or breach of an agreement',
    description:
      'An agreement that holds can be broken or end; a proposal can only end. A broken one is not mended: the partners agree anew.',
    permission: 'couples:write',
    ifMatch: true,
    body: schemas.AgreementStep,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeAgreementStatus(trx, params.coupleId, params.agreementId, version, body)),
  }),
]
