import { ok, operation } from '../../plugins/operations/index.ts'
import { DisclosurePage } from './disclosures.schemas.ts'
import { listOwnDisclosures } from './disclosures.service.ts'
import { PageOnly, ReleasePage } from './releases.schemas.ts'
import { listOwnReleases } from './releases.service.ts'

const common = { tag: 'Portal', permission: 'portal:use', method: 'GET', query: PageOnly } as const

export const releasePortalRoutes = [
  operation({
    ...common,
    path: '/v1/portal/releases',
    operationId: 'listOwnReleases',
    summary: 'List my releases of information',
    description:
      'What the client signed, for their own chart and for one they share, newest first. A partner’s are not among them.',
    success: { status: 200, schema: ReleasePage, description: 'A page of releases.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await listOwnReleases(trx, query)),
  }),
  operation({
    ...common,
    path: '/v1/portal/disclosures',
    operationId: 'listOwnDisclosures',
    summary: 'List what was given out about me',
    description: 'Letters and reports, to whom and on which release of the client, newest first.',
    success: { status: 200, schema: DisclosurePage, description: 'A page of disclosures.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await listOwnDisclosures(trx, query)),
  }),
]
