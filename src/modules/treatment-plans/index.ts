import type { FastifyInstance } from 'fastify'
import { diagnosisCodeRoutes } from './diagnosis-codes.routes.ts'
import { planPortalRoutes } from './plans.portal.ts'
import { planRoutes } from './plans.routes.ts'

export { standingOf as standingOfCodes, unlisted as unlistedCode } from './diagnosis-codes.service.ts'
export { knownObjectives, knownObjectivesIn, type PlanForNotes, planInForce } from './for-notes.ts'
export { countNotesWith, type NotesOnObjective, progressRatings } from './note-source.ts'
export { watchPlanReviews } from './watch.ts'

/** Treatment plans: written, offered, signed, reviewed, revised; progress of objectives; diagnosis codes. */
export default async function treatmentPlans(app: FastifyInstance) {
  for (const route of [...planRoutes, ...planPortalRoutes, ...diagnosisCodeRoutes]) app.route(route)
}
