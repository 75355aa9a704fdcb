import type { JobHandlers } from '../lib/jobs/handlers.ts'
import type { Rounds } from '../lib/jobs/rounds.ts'
import { findOverdue } from './alerts/index.ts'
import { expireAssignment } from './assessments/index.ts'
import { sendMail } from './identity/index.ts'
import { watchRecords } from './recovery/index.ts'

/** Who does the work of each queue. This list is the only place that wires them. */
export const jobHandlers: JobHandlers = {
  'alert-response': (house, { practiceId, subjectId }) => findOverdue(house, practiceId, subjectId),
  'assessment-expiry': (house, { practiceId, subjectId }) => expireAssignment(house, practiceId, subjectId),
  'send-mail': (house, { practiceId, subjectId }) => sendMail(house, practiceId, subjectId),
}

/** What is done in each practice by the clock. */
export const rounds: Rounds = {
  'recovery-watch': watchRecords,
}
