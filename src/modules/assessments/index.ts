import type { FastifyInstance } from 'fastify'
import { alertRuleRoutes } from './alert-rules.routes.ts'
import { assessmentPortalRoutes } from './assessments.portal.ts'
import { assignmentRoutes } from './assignments.routes.ts'
import { figureRoutes } from './figures.routes.ts'
import { instrumentRoutes } from './instruments.routes.ts'
import { psychosocialRoutes } from './psychosocial.routes.ts'
import { safetyRoutes } from './safety.routes.ts'

export { Crisis, exampleCrisis } from './crisis.schemas.ts'
export { crisisSupport } from './crisis.ts'
export { expireAssignment } from './expiry.ts'
export { knownScales } from './known-scales.ts'
export { type LatestScore, latestScores } from './latest-scores.ts'
export { watchSafetyReviews } from './review-watch.ts'
export { isRiskAssessmentOf } from './risk-reference.ts'
export { type ScoredOnce, scoresOverTime } from './scores-over-time.ts'

const routes = [
  ...instrumentRoutes,
  ...alertRuleRoutes,
  ...assignmentRoutes,
  ...figureRoutes,
  ...psychosocialRoutes,
  ...safetyRoutes,
  ...assessmentPortalRoutes,
]

/** Instruments as data, assessments from assigning to trends, and what keeps people safe. */
export default async function assessments(app: FastifyInstance) {
  for (const route of routes) app.route(route)
}
