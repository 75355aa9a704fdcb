import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { queueMail } from '../identity/index.ts'
import { rolePermissions, roles } from './access-policy.ts'

const reviewerRoles = roles.filter(role => rolePermissions[role].includes('emergency-access:review'))

/**
 * Tells everybody who may review it, except its holder, that emergency access was taken. The mail names
 * nobody and no chart: it lies in mailboxes outside.
 */
export async function announceEmergencyAccess(trx: PracticeTransaction, holderId: string): Promise<void> {
  const reviewers = await trx
    .selectFrom('staff_members')
    .select('email')
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'active')
    .where('id', '<>', holderId)
    .where(({ eb, val }) => eb('roles', '&&', val([...reviewerRoles])))
    .execute()
  for (const { email } of reviewers) await queueMail(trx, { to: email, ...text })
}

const text = {
  subject: 'Emergency access to a chart was taken',
  text: 'Somebody of your practice opened a chart for an emergency. It is limited in time and everything is recorded. Sign in and look at the list of emergency access; once it is over, somebody else than its holder has to review it.',
}
