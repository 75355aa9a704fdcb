import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './cards.schemas.ts'
import * as service from './cards.service.ts'
import { CardTrendQuery, DiaryCardTrends } from './trends.schemas.ts'

/** What a client tells of themselves, as check-ins are: no integration reads it. */
const common = { tag: 'Session notes' } as const
const base = '/v1/charts/{chartId}/diary-cards'
const card = { status: 201, schema: schemas.DiaryCard, description: 'The card.' } as const

export const diaryCardRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listDiaryCards',
    summary: 'List diary cards',
    description: 'The newest day first; those that were corrected only when asked for.',
    permission: 'recovery:read',
    params: schemas.ChartParams,
    query: schemas.CardQuery,
    success: { status: 200, schema: schemas.CardPage, description: 'A page of cards.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCards(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'enterDiaryCard',
    summary: 'Enter a diary card',
    description:
      'A day of a DBT diary card, for a client: a paper card, for instance. One is in force for each day. An urge to suicide at or over the threshold raises an alert at once.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: schemas.ChartParams,
    body: schemas.NewDiaryCard,
    success: card,
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body }) =>
      created(`/v1/charts/${params.chartId}/diary-cards`, await service.enterCard(trx, params.chartId, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{diaryCardId}/corrections`,
    operationId: 'correctDiaryCard',
    summary: 'Correct a diary card',
    description: 'The whole card anew, for the same day. What it corrects stays and counts no more.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: schemas.CardParams,
    body: schemas.DiaryCardCorrection,
    success: { ...card, description: 'The card in force now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params: { chartId, diaryCardId }, body }) =>
      created(
        `/v1/charts/${chartId}/diary-cards`,
        await service.correctCard(trx, chartId, diaryCardId, body),
      ),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/diary-card-trends',
    operationId: 'getDiaryCardTrends',
    summary: 'See trends of diary cards',
    description:
      'By week: urges and what was acted on, feelings, skills and their use, sleep, and days without a card.',
    permission: 'recovery:read',
    params: schemas.ChartParams,
    query: CardTrendQuery,
    success: { status: 200, schema: DiaryCardTrends, description: 'The weeks.' },
    handler: async (trx, { params, query }) => ok(await service.getCardTrends(trx, params.chartId, query)),
  }),
]
