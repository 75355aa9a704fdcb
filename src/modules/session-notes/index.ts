import type { FastifyInstance } from 'fastify'
import { countNotesWith } from '../treatment-plans/index.ts'
import { amendmentRoutes } from './amendments/amendments.routes.ts'
import { attendanceRoutes } from './attendance/attendance.routes.ts'
import { billingFactsRoutes } from './billing/billing.routes.ts'
import { diaryCardPortalRoutes } from './diary-cards/cards.portal.ts'
import { diaryCardRoutes } from './diary-cards/cards.routes.ts'
import { noteDocumentRoutes } from './document/document.routes.ts'
import { emdrTargetRoutes } from './emdr/targets.routes.ts'
import { goldenThreadRoutes } from './golden-thread/golden-thread.routes.ts'
import { groupSessionRoutes } from './group/sessions.routes.ts'
import { neurofeedbackRoutes } from './neurofeedback/neurofeedback.routes.ts'
import { noteTemplateRoutes } from './note-templates.routes.ts'
import { countNotesOnObjectives } from './notes-on-objectives.ts'
import { releaseRoutes } from './release/release.routes.ts'
import { notePortalRoutes } from './release/released-notes.portal.ts'
import { noteSearchRoutes } from './search/search.routes.ts'
import { sessionNoteRoutes } from './session-notes.routes.ts'
import { noteTrendRoutes } from './trends/trends.routes.ts'

export { verifyGroupSessions } from './group/verify.ts'
export { lockDueNotes } from './locking.service.ts'
export { expireReleaseHold, tellOfPolicyRelease } from './release/expiry.ts'
export { type NoteFinding, verifyNotes } from './verify.ts'

/** What follows a signature. */
const followUpRoutes = [
  ...amendmentRoutes,
  ...billingFactsRoutes,
  ...noteDocumentRoutes,
  ...releaseRoutes,
  ...notePortalRoutes,
]

/** What stands in the chart beside its notes, and what is counted of them. */
const courseRoutes = [
  ...neurofeedbackRoutes,
  ...diaryCardRoutes,
  ...diaryCardPortalRoutes,
  ...noteTrendRoutes,
  ...groupSessionRoutes,
  ...goldenThreadRoutes,
  ...noteSearchRoutes,
  ...attendanceRoutes,
]

/** Progress notes: drafting, signing, co-signing and correcting. */
export default async function sessionNotes(app: FastifyInstance) {
  countNotesWith(countNotesOnObjectives)
  for (const route of [
    ...noteTemplateRoutes,
    ...sessionNoteRoutes,
    ...emdrTargetRoutes,
    ...courseRoutes,
    ...followUpRoutes,
  ])
    app.route(route)
}
