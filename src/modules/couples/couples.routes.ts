import { created, ok, operation } from '../../plugins/operations/index.ts'
import { getHistory } from './couple-history.service.ts'
import * as schemas from './couples.schemas.ts'
import * as service from './couples.service.ts'

const common = { tag: 'Couples' } as const
const changed = {
  status: 200,
  schema: schemas.Couple,
  description: 'The couple as it is now.',
} as const

export const coupleRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/couples',
    operationId: 'listCouples',
    summary: 'List couples',
    description:
      'The couples you may see, oldest first. The front desk sees all; clinicians those whose joint chart they are on the care team of, and supervisors those of their supervisees. Being on the care team of a partner is not enough.',
    permission: 'couples:read',
    query: schemas.CoupleQuery,
    success: { status: 200, schema: schemas.CouplePage, description: 'A page of couples.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listCouples(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/couples',
    operationId: 'createCouple',
    summary: 'Link a couple',
    description:
      'Links two clients and opens their joint chart; a clinician who links them becomes its primary clinician. A partner who is only a related person of the first client yet is bound later (`registerPartner`), and the joint chart opens then. The front desk links anybody, a clinician only two clients who are both in their care. Who cannot be linked is answered alike, whatever the reason.',
    permission: 'couples:write',
    idempotency: 'required',
    body: schemas.NewCouple,
    success: { status: 201, schema: schemas.Couple, description: 'The couple.' },
    // `not-found` is for a replay by somebody who may not see the couple any more.
    problems: ['unknown-reference', 'already-exists', 'conflict', 'not-found'],
    handler: async (trx, { body }) => {
      const couple = await service.createCouple(trx, body)
      return created(`/v1/couples/${couple.id}`, couple)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/couples/{coupleId}',
    operationId: 'getCouple',
    summary: 'Read a couple',
    description: 'The two by name, how it stands between them, and their joint chart.',
    permission: 'couples:read',
    params: schemas.CoupleParams,
    success: { status: 200, schema: schemas.Couple, description: 'The couple.' },
    handler: async (trx, { params }) => ok(await service.getCouple(trx, params.coupleId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/couples/{coupleId}/history',
    operationId: 'getCoupleHistory',
    summary: "Read a couple's history",
    description:
      'Every status with its reason, when each partner was in the joint care, and in whose name it was billed. It stays readable when the couple has ended.',
    permission: 'couples:read',
    params: schemas.CoupleParams,
    success: { status: 200, schema: schemas.CoupleHistory, description: 'The history.' },
    handler: async (trx, { params }) => ok(await getHistory(trx, params.coupleId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/couples/{coupleId}/partner-registration',
    operationId: 'registerPartner',
    summary: 'Bind the partner who became a client',
    description:
      'For a couple linked with a related person: names the client that person has become, and opens the joint chart. Done by the front desk or by the clinician for whom the couple was linked, who must have both clients in care. Nothing is added to either client record.',
    permission: 'couples:write',
    idempotency: 'required',
    ifMatch: true,
    params: schemas.CoupleParams,
    body: schemas.PartnerRegistration,
    success: changed,
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.registerPartner(trx, params.coupleId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/couples/{coupleId}/status-changes',
    operationId: 'changeCoupleStatus',
    summary: 'Record a status',
    description:
      'Together, separated, divorced, rejoined, ended: what may follow what is checked, and nothing recorded before is changed. A partner can leave the joint care with a step; both come back when the couple has rejoined. When the couple ends, both leave and the joint chart is closed: all of it stays readable.',
    permission: 'couples:write',
    ifMatch: true,
    params: schemas.CoupleParams,
    body: schemas.CoupleStatusStep,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeStatus(trx, params.coupleId, version, body)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/couples/{coupleId}/identified-patient',
    operationId: 'setIdentifiedPatient',
    summary: 'Set the identified patient',
    description:
      'In whose name the couple is billed from a day on. Earlier entries stay, and hold for their own days; of two for one day the later recorded holds. A claim tells the payer that this client is in couple care.',
    permission: 'couples:write',
    ifMatch: true,
    params: schemas.CoupleParams,
    body: schemas.IdentifiedPatientChoice,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.setIdentifiedPatient(trx, params.coupleId, version, body)),
  }),
]
