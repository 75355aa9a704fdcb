import type { JobHandlers } from '../lib/jobs/handlers.ts'
import { sendMail } from './identity/index.ts'

/** Who does the work of each queue. This list is the only place that wires them. */
export const jobHandlers: JobHandlers = {
  'send-mail': (house, { practiceId, subjectId }) => sendMail(house, practiceId, subjectId),
}
