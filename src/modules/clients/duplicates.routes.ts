import { listOf } from '../../lib/schemas.ts'
import { ok, operation } from '../../plugins/operations/index.ts'
import { ClientParams, DuplicateCandidate } from './clients.schemas.ts'
import { listDuplicates } from './duplicates.service.ts'

const DuplicateCandidatePage = listOf('DuplicateCandidatePage', DuplicateCandidate)

export const duplicateRoutes = [
  operation({
    tag: 'Clients',
    method: 'GET',
    path: '/v1/clients/{clientId}/duplicates',
    operationId: 'listDuplicateCandidates',
    summary: 'List who may be the same person',
    description:
      'Clients the caller may see who share an identifier, birth date and a similar name, an e-mail or a phone with this one, and why. The likeliest first, on one page of 20 at most.',
    permission: 'clients:read',
    params: ClientParams,
    success: { status: 200, schema: DuplicateCandidatePage, description: 'The candidates.' },
    handler: async (trx, { params }) => ok(await listDuplicates(trx, params.clientId)),
  }),
]
