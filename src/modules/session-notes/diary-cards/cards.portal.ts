import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './cards.schemas.ts'
import * as service from './cards.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const base = '/v1/portal/diary-cards'

export const diaryCardPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnDiaryCards',
    summary: 'List my diary cards',
    description: 'The client’s own cards, the newest day first; those they corrected only when asked for.',
    query: schemas.CardQuery,
    success: { status: 200, schema: schemas.CardPage, description: 'A page of cards.' },
    problems: ['not-found', 'invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listOwnCards(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'sendOwnDiaryCard',
    summary: 'Send a diary card',
    description:
      'One for each day. An urge to suicide at or over the threshold alerts the clinician; it is no emergency call, so the answer brings whom to reach at once, and a front-end shows that.',
    idempotency: 'required',
    body: schemas.NewDiaryCard,
    success: { status: 201, schema: schemas.SentDiaryCard, description: 'The card.' },
    problems: ['not-found', 'already-exists'],
    handler: async (trx, { body }) => created(base, await service.sendOwnCard(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{diaryCardId}/corrections`,
    operationId: 'correctOwnDiaryCard',
    summary: 'Correct my diary card',
    description: 'The whole card anew, for the same day, of a card the client sent. Both are kept.',
    idempotency: 'required',
    params: schemas.OwnCardParams,
    body: schemas.DiaryCardCorrection,
    success: { status: 201, schema: schemas.SentDiaryCard, description: 'The card in force now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) =>
      created(base, await service.correctOwnCard(trx, params.diaryCardId, body)),
  }),
]
