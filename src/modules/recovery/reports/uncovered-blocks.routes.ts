import { ok, operation } from '../../../plugins/operations/index.ts'
import { UncoveredBlockPage, UncoveredBlockQuery } from './uncovered-blocks.schemas.ts'
import { listUncoveredBlocks } from './uncovered-blocks.service.ts'

export const blockListRoutes = [
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/uncovered-blocks',
    operationId: 'listUncoveredBlocks',
    summary: 'List blocks without an objective',
    description:
      'Open blocks that the treatment plan in force has no objective for, in the open charts the caller may read, the oldest first: clinicians see those of their care teams, supervisors those of their supervisees. There should be none.',
    permission: 'recovery:read',
    query: UncoveredBlockQuery,
    success: { status: 200, schema: UncoveredBlockPage, description: 'A page of blocks.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await listUncoveredBlocks(trx, query)),
  }),
]
