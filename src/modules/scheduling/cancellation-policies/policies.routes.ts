import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as fees from './fees.service.ts'
import * as schemas from './policies.schemas.ts'
import * as service from './policies.service.ts'

const common = { tag: 'Appointments' } as const

export const policyRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/cancellation-policies',
    operationId: 'listCancellationPolicies',
    summary: 'List versions of the cancellation policy',
    description: 'Every version, newest first.',
    permission: 'practice:read',
    query: schemas.PolicyQuery,
    success: { status: 200, schema: schemas.CancellationPolicyPage, description: 'A page of versions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listPolicies(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/cancellation-policies',
    operationId: 'createCancellationPolicy',
    summary: 'Write the next version of the cancellation policy',
    description:
      'Adds a version; earlier ones stay as they were signed. What a client owes follows from the newest version in force that they signed, of a couple that both did.',
    permission: 'practice:write',
    idempotency: 'required',
    body: schemas.NewCancellationPolicy,
    success: { status: 201, schema: schemas.CancellationPolicy, description: 'The version.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) =>
      created('/v1/cancellation-policies', await service.createPolicy(trx, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/cancellation-policy-signatures',
    operationId: 'listCancellationPolicySignatures',
    summary: 'List what a client signed of the cancellation policy',
    description: 'The newest version first.',
    permission: 'clients:read',
    params: schemas.SignatureParams,
    query: schemas.SignatureQuery,
    success: { status: 200, schema: schemas.PolicySignaturePage, description: 'A page of signatures.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listSignatures(trx, params.clientId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/cancellation-policy-signatures',
    operationId: 'recordCancellationPolicySignature',
    summary: 'Record that a client signed the cancellation policy',
    description: 'For signatures on paper or from elsewhere. A version is signed once.',
    permission: 'clients:write',
    idempotency: 'required',
    params: schemas.SignatureParams,
    body: schemas.NewPolicySignature,
    success: { status: 201, schema: schemas.PolicySignature, description: 'The signature.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/clients/${params.clientId}/cancellation-policy-signatures`,
        await service.recordSignature(trx, params.clientId, body),
      ),
  }),
  operation({
    method: 'POST',
    path: '/v1/portal/cancellation-policy-signatures',
    operationId: 'signCancellationPolicyInPortal',
    tag: 'Portal',
    summary: 'Sign the cancellation policy',
    description: 'The client, or who acts for them, signs one version.',
    permission: 'portal:use',
    idempotency: 'required',
    body: schemas.NewPortalSignature,
    success: { status: 201, schema: schemas.PolicySignature, description: 'The signature.' },
    problems: ['unknown-reference', 'already-exists', 'not-found'],
    handler: async (trx, { body }) =>
      created(
        '/v1/portal/cancellation-policy-signatures',
        await service.signInPortal(trx, body.cancellationPolicyId),
      ),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/appointment-fees',
    operationId: 'listAppointmentFees',
    summary: 'List fees for missed hours',
    description:
      'What late cancellations and missed sessions cost by the version that was signed, by time; only of appointments the caller may see. A biller sees no reason of a waiver.',
    permission: 'appointments:read',
    query: schemas.FeeQuery,
    success: { status: 200, schema: schemas.AppointmentFeePage, description: 'A page of fees.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await fees.listFees(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointment-fees/{feeId}/waiver',
    operationId: 'waiveAppointmentFee',
    summary: 'Waive a fee',
    description: 'Decides, for a reason, not to ask for a fee that is due. Whoever keeps the calendar may.',
    permission: 'appointments:write',
    ifMatch: true,
    params: schemas.FeeParams,
    body: schemas.NewWaiver,
    success: { status: 200, schema: schemas.AppointmentFee, description: 'The fee as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await fees.waiveFee(trx, params.feeId, version, body)),
  }),
]
