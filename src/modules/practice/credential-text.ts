import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { credentialsOn } from './credentials.repository.ts'
import { licensesOn } from './licenses.repository.ts'
import { practiceToday } from './practice.repository.ts'
import { findStaff } from './staff.repository.ts'

/**
 * How a person signs today, for a signature to keep as it was: display name, licenses that are good today
 * with state and number, credentials held, and those in training marked as such.
 *
 * @returns for example `Avery Example, LMFT CA 000001, CSAT, EMDRIA (candidate)`
 * @throws Problem `not-found`
 */
export async function credentialTextOf(trx: PracticeTransaction, staffId: string): Promise<string> {
  const day = practiceToday(trx)
  const [member, licenses, credentials] = await Promise.all([
    findStaff(trx, staffId),
    licensesOn(trx, staffId, day),
    credentialsOn(trx, staffId, day),
  ])
  if (!member) throw notFound()
  return [
    member.display_name,
    ...licenses.map(license => `${license.license_type} ${license.state} ${license.number}`),
    ...credentials.map(({ code, status }) => (status === 'candidate' ? `${code} (candidate)` : code)),
  ].join(', ')
}
