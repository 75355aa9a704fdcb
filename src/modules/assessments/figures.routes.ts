import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ChartParams } from './assignments.schemas.ts'
import * as consents from './sharing.schemas.ts'
import * as sharing from './sharing.service.ts'
import * as schemas from './trends.schemas.ts'
import * as trends from './trends.service.ts'

const common = { tag: 'Assessments' } as const
const base = '/v1/charts/{chartId}/score-sharing-consents'

export const figureRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/score-trends',
    operationId: 'getScoreTrend',
    summary: 'Read scores over time',
    description:
      'A series for each scale of an instrument, with published bands and, where a threshold is confirmed, whether the change since the first score is more than chance. In a couple’s chart it is about one partner at a time.',
    permission: 'assessments:read',
    params: ChartParams,
    query: schemas.TrendQuery,
    success: { status: 200, schema: schemas.ScoreTrend, description: 'The series.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, query }) => ok(await trends.scoreTrend(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/paired-scores',
    operationId: 'getPairedScores',
    summary: 'Read both partners’ scores side by side',
    description:
      'Only from the couple’s own chart, only while both partners agree and both are in the joint care; else the answer is 404. Answers are never shown beside each other.',
    permission: 'assessments:read',
    params: ChartParams,
    query: schemas.PairedQuery,
    success: { status: 200, schema: schemas.PairedScores, description: 'The scores of both.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, query }) =>
      ok(await sharing.pairedScores(trx, params.chartId, query.instrument)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listScoreSharingConsents',
    summary: 'List consents to share scores',
    description: 'Newest first, withdrawn ones too.',
    permission: 'assessments:read',
    params: ChartParams,
    query: consents.ConsentQuery,
    success: { status: 200, schema: consents.ConsentPage, description: 'A page of consents.' },
    problems: ['invalid-cursor', 'invalid-state'],
    handler: async (trx, { params, query }) => ok(await sharing.listConsents(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'giveScoreSharingConsent',
    summary: 'Record a partner’s consent to share scores',
    description:
      'One partner agrees for themselves, for one instrument. Scores are shown side by side when both have agreed.',
    permission: 'assessments:write',
    idempotency: 'required',
    params: ChartParams,
    body: consents.NewSharingConsent,
    success: { status: 201, schema: consents.SharingConsent, description: 'The consent.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const consent = await sharing.giveConsent(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/score-sharing-consents`, consent)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{sharingConsentId}/withdrawal`,
    operationId: 'withdrawScoreSharingConsent',
    summary: 'Withdraw a consent to share scores',
    description: 'From this moment on nothing is shown side by side.',
    permission: 'assessments:write',
    ifMatch: true,
    params: consents.ConsentParams,
    success: { status: 200, schema: consents.SharingConsent, description: 'The consent as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(
        await sharing.withdrawConsent(trx, { chartId: params.chartId, id: params.sharingConsentId, version }),
      ),
  }),
]
