import type { JobHandlers } from '../lib/jobs/handlers.ts'
import type { Rounds } from '../lib/jobs/rounds.ts'
import { findOverdue } from './alerts/index.ts'
import { expireAssignment, watchSafetyReviews } from './assessments/index.ts'
import { watchDualRoles } from './charts/index.ts'
import { sendMail } from './identity/index.ts'
import { anonymizeInquiries } from './inquiries/index.ts'
import { tellOfWithdrawal, watchRecovery } from './recovery/index.ts'
import { findDueMessages, keepSeries, sendClientMessage, workOnOpening } from './scheduling/index.ts'
import { expireReleaseHold, lockDueNotes, tellOfPolicyRelease } from './session-notes/index.ts'
import { workOnBatch } from './task-model/index.ts'
import { watchPlanReviews } from './treatment-plans/index.ts'

/** Who does the work of each queue. This list is the only place that wires them. */
export const jobHandlers: JobHandlers = {
  'alert-response': (house, { practiceId, subjectId }) => findOverdue(house, practiceId, subjectId),
  'assessment-expiry': (house, { practiceId, subjectId }) => expireAssignment(house, practiceId, subjectId),
  'release-hold-expiry': (house, { practiceId, subjectId }) =>
    expireReleaseHold(house, practiceId, subjectId),
  'note-release': (house, { practiceId, subjectId }) => tellOfPolicyRelease(house, practiceId, subjectId),
  'client-message': (house, { practiceId, subjectId }) => sendClientMessage(house, practiceId, subjectId),
  'waitlist-opening': (house, { practiceId, subjectId }) => workOnOpening(house, practiceId, subjectId),
  'journey-migration': (house, { practiceId, subjectId }) => workOnBatch(house, practiceId, subjectId),
  'partner-consent-withdrawal': (house, { practiceId, subjectId }) =>
    tellOfWithdrawal(house, practiceId, subjectId),
  'send-mail': (house, { practiceId, subjectId }) => sendMail(house, practiceId, subjectId),
}

/** What is done in each practice by the clock. */
export const rounds: Rounds = {
  'dual-role-watch': watchDualRoles,
  'inquiry-retention': anonymizeInquiries,
  'plan-review-watch': watchPlanReviews,
  'recovery-watch': watchRecovery,
  'note-locks': lockDueNotes,
  'appointment-series': keepSeries,
  'client-messages': findDueMessages,
  'safety-review-watch': watchSafetyReviews,
}
