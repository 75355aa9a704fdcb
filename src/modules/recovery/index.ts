import type { FastifyInstance } from 'fastify'
import { abstinenceRoutes } from './abstinence/abstinence.routes.ts'
import { addictionRoutes } from './addictions/addictions.routes.ts'
import { interactionRoutes } from './addictions/interactions.routes.ts'
import { behaviorRoutes } from './behaviors/behaviors.routes.ts'
import { checkInRoutes } from './check-ins/check-ins.routes.ts'
import { consentRoutes } from './consents/consents.routes.ts'
import { criteriaRoutes } from './criteria/criteria.routes.ts'
import { cyclePhaseRoutes } from './cycle/cycle-phases.routes.ts'
import { phaseSetRoutes } from './cycle/phase-sets.routes.ts'
import { engagementRoutes } from './engagement/engagement.routes.ts'
import { fellowshipRoutes } from './fellowships/fellowships.routes.ts'
import { figureRoutes } from './figures/figures.routes.ts'
import { lapseRoutes } from './lapses/lapses.routes.ts'
import { deadlineRoutes } from './mandated-reports/deadlines.routes.ts'
import { philosophyRoutes } from './philosophy/philosophy.routes.ts'
import { recoveryPortalRoutes } from './portal/recovery.portal.ts'
import { recordPortalRoutes } from './records/records.portal.ts'
import { recordRoutes } from './records/records.routes.ts'
import { referenceRoutes } from './reference/reference.routes.ts'
import { cohortRoutes } from './reports/cohorts.routes.ts'
import { blockListRoutes } from './reports/uncovered-blocks.routes.ts'
import { safetyNoticeRoutes } from './safety-notices/safety-notices.routes.ts'
import { sobrietyRoutes } from './sobriety/sobriety.routes.ts'
import { copingSkillRoutes } from './triggers/coping-skills.routes.ts'
import { triggerRoutes } from './triggers/triggers.routes.ts'
import { urgeRoutes } from './urges/urges.routes.ts'
import { withdrawalRoutes } from './withdrawal/withdrawal.routes.ts'

export { BehaviorFigures } from './behaviors/behavior-figures.schemas.ts'
export { behaviorFigures } from './behaviors/behavior-figures.ts'
export { tellOfWithdrawal } from './consents/taking.ts'
export { dayAfter, daysThrough } from './days.rules.ts'
export { notAfter, notFuture, notTooEarly, rangeOf } from './days.ts'
export { isLapseOf } from './lapses/lapses.service.ts'
export { groundworkOf, knownBehaviorIds, knownBlockIds, philosophyNow } from './plan-links.ts'
export { coverBlocks } from './records/covered-blocks.ts'
export { watchRecovery } from './watch.ts'

const routes = [
  ...philosophyRoutes,
  ...addictionRoutes,
  ...interactionRoutes,
  ...criteriaRoutes,
  ...behaviorRoutes,
  ...sobrietyRoutes,
  ...abstinenceRoutes,
  ...consentRoutes,
  ...withdrawalRoutes,
  ...triggerRoutes,
  ...copingSkillRoutes,
  ...cyclePhaseRoutes,
  ...phaseSetRoutes,
  ...urgeRoutes,
  ...lapseRoutes,
  ...checkInRoutes,
  ...figureRoutes,
  ...fellowshipRoutes,
  ...referenceRoutes,
  ...recordRoutes,
  ...safetyNoticeRoutes,
  ...engagementRoutes,
  ...deadlineRoutes,
  ...cohortRoutes,
  ...blockListRoutes,
  ...recoveryPortalRoutes,
  ...recordPortalRoutes,
]

/** Recovery work: definitions, contracts, check-ins, urges and lapses of one client, and every figure over them. */
export default async function recovery(app: FastifyInstance) {
  for (const route of routes) app.route(route)
}
