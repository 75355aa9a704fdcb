import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './policies.schemas.ts'
import * as service from './policies.service.ts'

const common = { tag: 'Couples' } as const
const base = '/v1/couples/{coupleId}/policies'
const onePolicy = { ...common, params: schemas.CouplePolicyParams } as const
const changed = {
  status: 200,
  schema: schemas.CouplePolicy,
  description: 'The policy as it is now.',
} as const

export const policyRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCouplePolicies',
    summary: 'List confidentiality policies',
    description: 'All policies of the couple by number, with those no longer in force.',
    permission: 'couples:read',
    params: schemas.CoupleOfPolicies,
    query: schemas.CouplePolicyQuery,
    success: { status: 200, schema: schemas.CouplePolicyPage, description: 'A page of policies.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listPolicies(trx, params.coupleId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'draftCouplePolicy',
    summary: 'Draft a confidentiality policy',
    description:
      'Starts the next policy of the couple. One draft or offer is open at a time; the policy in force stays so until the next one is.',
    permission: 'couples:write',
    idempotency: 'required',
    params: schemas.CoupleOfPolicies,
    body: schemas.NewCouplePolicy,
    success: { status: 201, schema: schemas.CouplePolicy, description: 'The draft.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const policy = await service.draftPolicy(trx, params.coupleId, body)
      return created(`/v1/couples/${params.coupleId}/policies/${policy.id}`, policy)
    },
  }),
  operation({
    ...onePolicy,
    method: 'GET',
    path: `${base}/{policyId}`,
    operationId: 'getCouplePolicy',
    summary: 'Read a confidentiality policy',
    description:
      "The text, its hash, and how many partners have signed. Who of the two stands where is shown only to clinicians on the couple's own care team.",
    permission: 'couples:read',
    success: { status: 200, schema: schemas.CouplePolicy, description: 'The policy.' },
    handler: async (trx, { params }) => ok(await service.getPolicy(trx, params.coupleId, params.policyId)),
  }),
  operation({
    ...onePolicy,
    method: 'PATCH',
    path: `${base}/{policyId}`,
    operationId: 'changeCouplePolicy',
    summary: 'Change a draft',
    description: 'Writes a draft anew. A policy that was offered is not changed any more.',
    permission: 'couples:write',
    ifMatch: true,
    body: schemas.CouplePolicyChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeDraft(trx, params.coupleId, params.policyId, version, body)),
  }),
  operation({
    ...onePolicy,
    method: 'POST',
    path: `${base}/{policyId}/offer`,
    operationId: 'offerCouplePolicy',
    summary: 'Offer a policy',
    description:
      'Offers the draft to both partners, who must both be in the joint care. Its text is fixed now.',
    permission: 'couples:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.offerPolicy(trx, params.coupleId, params.policyId, version)),
  }),
  operation({
    ...onePolicy,
    method: 'POST',
    path: `${base}/{policyId}/cancellation`,
    operationId: 'cancelCouplePolicy',
    summary: 'Cancel a draft or offer',
    description: 'A draft or an offer that will not come in force. What was signed of it stays on record.',
    permission: 'couples:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.cancelPolicy(trx, params.coupleId, params.policyId, version)),
  }),
  operation({
    ...onePolicy,
    method: 'POST',
    path: `${base}/{policyId}/signatures`,
    operationId: 'signCouplePolicy',
    summary: "Record a partner's signature",
    description:
      'One partner signs for themselves, and the staff member who records it attests to that: never one signature for both. The policy is in force when both have signed, and supersedes the one before. A partner who withdrew may sign again.',
    permission: 'couples:write',
    idempotency: 'required',
    ifMatch: true,
    body: schemas.CouplePolicySignature,
    success: changed,
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.signPolicy(trx, params.coupleId, params.policyId, version, body)),
  }),
  operation({
    ...onePolicy,
    method: 'POST',
    path: `${base}/{policyId}/withdrawals`,
    operationId: 'withdrawCouplePolicySignature',
    summary: "Record a partner's withdrawal",
    description:
      'One partner takes the signature back, also after leaving the joint care. A policy in force is suspended for both.',
    permission: 'couples:write',
    idempotency: 'required',
    ifMatch: true,
    body: schemas.CouplePolicyWithdrawal,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.withdrawSignature(trx, params.coupleId, params.policyId, version, body)),
  }),
]
