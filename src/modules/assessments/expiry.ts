import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { House } from '../../lib/house.ts'
import { systemScope } from '../../lib/scope.ts'
import { today } from '../practice/index.ts'
import { removeDraft } from './answers.repository.ts'
import { changeAssignment, findForExpiry } from './assignments.repository.ts'
import { openStatuses } from './assignments.rules.ts'
import { record } from './recording.ts'
import { continueSeries, lookAgainAtExpiry } from './series.ts'

/**
 * Lets an assignment run out once its last day is over, unless it was answered; the next of its series follows. Doing
 * it twice changes nothing.
 */
export async function expireAssignment(house: House, practiceId: string, id: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'assessment-expiry'), trx => expire(trx, id))
}

async function expire(trx: PracticeTransaction, id: string): Promise<void> {
  const [row, day] = await Promise.all([findForExpiry(trx, id), today(trx)])
  if (!row?.expires_on || !openStatuses.some(status => status === row.status)) return
  // Its last day was moved meanwhile.
  if (row.expires_on >= day) return lookAgainAtExpiry(trx, id, row.expires_on)
  // Refused when somebody is answering it just now: the job is tried again.
  const { version } = await changeAssignment(trx, row, { status: 'expired' })
  // Sent in this order, in one round trip.
  await Promise.all([
    removeDraft(trx, id),
    record(trx, row, { change: 'expired', version }),
    continueSeries(trx, row, row.expires_on),
  ])
}
