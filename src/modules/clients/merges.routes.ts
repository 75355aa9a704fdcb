import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ClientParams } from './clients.schemas.ts'
import type { MergeFollower } from './merges.follower.ts'
import * as schemas from './merges.schemas.ts'
import * as service from './merges.service.ts'

const common = { tag: 'Clients', permission: 'clients:merge' } as const

export const mergeRoutes = (follower: MergeFollower) => [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/merge',
    operationId: 'mergeClients',
    summary: 'Merge another record into a client',
    description:
      'For one person who was registered twice; two who are or were a couple in care are never one. The client in the path goes on; the other is kept as it was, read-only, with `mergedIntoId`. Both histories and both individual charts stay; search leads to the survivor by either name. Seats in groups, intensives of individual charts and the hours they take go to the survivor; separation rules of the other hold for the survivor too; calendar feeds of the other are revoked for good. `conflict` where both sit in one group, have open offers for the same or are expected at the same time. `stale-version` when either changed since the versions given.',
    idempotency: 'required',
    params: ClientParams,
    body: schemas.NewClientMerge,
    success: { status: 201, schema: schemas.ClientMerge, description: 'The merge.' },
    problems: ['unknown-reference', 'stale-version', 'invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => {
      const merge = await service.mergeClients(trx, follower, params.clientId, body)
      return created(`/v1/client-merges/${merge.id}`, merge)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/merges',
    operationId: 'listClientMerges',
    summary: "List a client's merges",
    description:
      'Merges in which this client is either of the two, newest first and on one page: undone ones too, 200 at most.',
    params: ClientParams,
    success: { status: 200, schema: schemas.ClientMergePage, description: 'The merges.' },
    handler: async (trx, { params }) => ok(await service.listMerges(trx, params.clientId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/client-merges/{mergeId}',
    operationId: 'getClientMerge',
    summary: 'Read a merge',
    description: 'One merge, and whether it was undone.',
    params: schemas.MergeParams,
    success: { status: 200, schema: schemas.ClientMerge, description: 'The merge.' },
    handler: async (trx, { params }) => ok(await service.getMerge(trx, params.mergeId)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/client-merges/{mergeId}',
    operationId: 'undoClientMerge',
    summary: 'Undo a merge',
    description:
      'Restores both records exactly as they were, with the seats and hours that had gone to the survivor; revoked calendar feeds stay revoked. Possible until either of them changes after the merge; later merges of the survivor are undone first.',
    ifMatch: true,
    params: schemas.MergeParams,
    success: { status: 200, schema: schemas.ClientMerge, description: 'The merge, undone.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, version }) =>
      ok(await service.undoMerge(trx, follower, params.mergeId, version)),
  }),
]
