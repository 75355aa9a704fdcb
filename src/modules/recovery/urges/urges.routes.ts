import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import * as schemas from './urges.schemas.ts'
import * as service from './urges.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/urges'

export const urgeRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listUrges',
    summary: 'List urges',
    description: 'The urge log, the newest day first, with entries that were withdrawn.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.UrgeQuery,
    success: { status: 200, schema: schemas.UrgePage, description: 'A page of the log.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listUrges(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'logUrge',
    summary: 'Log an urge',
    description:
      'When it came, how far it had gone when it was noticed, and what helped. A very strong urge alerts the clinician.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewUrge,
    success: { status: 201, schema: schemas.Urge, description: 'The entry.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) =>
      created(`/v1/charts/${params.chartId}/urges`, await service.logUrge(trx, params.chartId, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{urgeId}/withdrawal`,
    operationId: 'withdrawUrge',
    summary: 'Withdraw an entry of the urge log',
    description: 'For an entry that was made in error. It stays in the log and counts no more.',
    permission: 'recovery:write',
    params: schemas.UrgeParams,
    success: { status: 200, schema: schemas.Urge, description: 'The entry, withdrawn.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.withdrawUrge(trx, params.chartId, params.urgeId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/urge-patterns',
    operationId: 'getUrgePatterns',
    summary: 'See patterns of urges',
    description:
      'Top triggers, weekdays and hours, the mean stage at which urges are noticed, and what each coping skill achieves.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.PatternQuery,
    success: { status: 200, schema: schemas.UrgePatterns, description: 'The patterns.' },
    handler: async (trx, { params, query }) => ok(await service.getUrgePatterns(trx, params.chartId, query)),
  }),
]
