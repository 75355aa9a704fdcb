import type { FastifyInstance } from 'fastify'
import { abstinenceRoutes } from './abstinence/abstinence.routes.ts'
import { addictionRoutes } from './addictions/addictions.routes.ts'
import { interactionRoutes } from './addictions/interactions.routes.ts'
import { behaviorRoutes } from './behaviors/behaviors.routes.ts'
import { checkInRoutes } from './check-ins/check-ins.routes.ts'
import { criteriaRoutes } from './criteria/criteria.routes.ts'
import { figureRoutes } from './figures/figures.routes.ts'
import { lapseRoutes } from './lapses/lapses.routes.ts'
import { philosophyRoutes } from './philosophy/philosophy.routes.ts'
import { recoveryPortalRoutes } from './portal/recovery.portal.ts'
import { recordPortalRoutes } from './records/records.portal.ts'
import { recordRoutes } from './records/records.routes.ts'
import { referenceRoutes } from './reference/reference.routes.ts'
import { sobrietyRoutes } from './sobriety/sobriety.routes.ts'
import { copingSkillRoutes } from './triggers/coping-skills.routes.ts'
import { triggerRoutes } from './triggers/triggers.routes.ts'
import { urgeRoutes } from './urges/urges.routes.ts'

export { groundworkOf, knownBehaviorIds, knownBlockIds, philosophyNow } from './plan-links.ts'
export { coverBlocks } from './records/covered-blocks.ts'
export { watchRecords } from './records/watch.ts'

const routes = [
  ...philosophyRoutes,
  ...addictionRoutes,
  ...interactionRoutes,
  ...criteriaRoutes,
  ...behaviorRoutes,
  ...sobrietyRoutes,
  ...abstinenceRoutes,
  ...triggerRoutes,
  ...copingSkillRoutes,
  ...urgeRoutes,
  ...lapseRoutes,
  ...checkInRoutes,
  ...figureRoutes,
  ...referenceRoutes,
  ...recordRoutes,
  ...recoveryPortalRoutes,
  ...recordPortalRoutes,
]

/** Recovery work: definitions, contracts, check-ins, urges and lapses of one client, and every figure over them. */
export default async function recovery(app: FastifyInstance) {
  for (const route of routes) app.route(route)
}
