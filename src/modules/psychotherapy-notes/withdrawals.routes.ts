import { ok, operation } from '../../plugins/operations/index.ts'
import { AuthorizationParams } from './authorizations.schemas.ts'
import * as schemas from './withdrawals.schemas.ts'
import * as service from './withdrawals.service.ts'

const own = '/v1/portal/psychotherapy-authorizations'

export const withdrawalRoutes = [
  operation({
    tag: 'Portal',
    method: 'GET',
    path: own,
    operationId: 'listOwnPsychotherapyAuthorizations',
    summary: 'List my authorizations for psychotherapy notes',
    description:
      'What the client permitted a therapist to disclose of such notes, the newest first, also when it holds no longer. Whether there are any notes it does not say.',
    permission: 'portal:use',
    query: schemas.OwnAuthorizationsQuery,
    success: {
      status: 200,
      schema: schemas.OwnAuthorizationPage,
      description: 'A page of authorizations.',
    },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listOwn(trx, query)),
  }),
  operation({
    tag: 'Portal',
    method: 'POST',
    path: `${own}/{psychotherapyAuthorizationId}/revocation`,
    operationId: 'revokeOwnPsychotherapyAuthorization',
    summary: 'Take back my authorization for psychotherapy notes',
    description: 'From the next request on its recipient finds nothing (45 CFR 164.508(b)(5)).',
    permission: 'portal:use',
    ifMatch: true,
    params: AuthorizationParams,
    success: { status: 200, schema: schemas.OwnAuthorization, description: 'The revoked authorization.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.revokeOwn(trx, params.psychotherapyAuthorizationId, version)),
  }),
  operation({
    tag: 'Psychotherapy notes',
    hidden: true,
    method: 'POST',
    path: '/v1/psychotherapy-authorizations/{psychotherapyAuthorizationId}/withdrawal',
    operationId: 'withdrawPsychotherapyAuthorization',
    summary: 'Revoke an authorization of an author who left',
    description:
      'For a client who takes back an authorization whose author works here no longer. The answer says that it ended and nothing of what it was for; there is no list. While the author works here, they revoke it. Doing it twice changes nothing.',
    permission: 'psychotherapy-authorizations:withdraw',
    params: AuthorizationParams,
    success: { status: 200, schema: schemas.AuthorizationWithdrawal, description: 'That it ended.' },
    handler: async (trx, { params }) => ok(await service.withdraw(trx, params.psychotherapyAuthorizationId)),
  }),
]
