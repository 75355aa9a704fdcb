import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './criteria.schemas.ts'
import * as service from './criteria.service.ts'

const common = {
  tag: 'Recovery',
  path: '/v1/charts/{chartId}/addictions/{addictionId}/criteria-reviews',
  params: schemas.RatedAddictionParams,
} as const

export const criteriaRoutes = [
  operation({
    ...common,
    method: 'GET',
    operationId: 'listCriteriaReviews',
    summary: 'List criteria reviews',
    description: 'How an addiction was rated over time, newest first.',
    permission: 'recovery:read',
    query: schemas.CriteriaQuery,
    success: { status: 200, schema: schemas.CriteriaPage, description: 'A page of reviews.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listCriteriaReviews(trx, params.chartId, params.addictionId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    operationId: 'reviewCriteria',
    summary: 'Rate an addiction by a framework',
    description:
      'Records which criteria of a framework are present, as the client, the clinician or somebody close sees it. The answer counts them. It never is a diagnosis.',
    permission: 'recovery:write',
    body: schemas.NewCriteriaReview,
    success: { status: 201, schema: schemas.CriteriaReview, description: 'The review.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const { chartId, addictionId } = params
      const review = await service.reviewCriteria(trx, chartId, addictionId, body)
      return created(`/v1/charts/${chartId}/addictions/${addictionId}/criteria-reviews`, review)
    },
  }),
]
