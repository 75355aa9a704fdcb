import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { credentialsOn } from './credentials.repository.ts'
import { licensesOn } from './licenses.repository.ts'
import { practiceToday } from './practice.repository.ts'
import { getPolicies } from './practice.service.ts'
import { findStaff } from './staff.repository.ts'
import { superviseeIds } from './supervisions.repository.ts'

/** Whether what this person signs needs a supervisor's co-signature now: their own flag, or the practice's policy. */
export async function needsCosign(trx: PracticeTransaction, staffId: string): Promise<boolean> {
  const day = practiceToday(trx)
  const [member, { cosignRequiredOf }, licenses, credentials] = await Promise.all([
    findStaff(trx, staffId),
    getPolicies(trx),
    licensesOn(trx, staffId, day),
    credentialsOn(trx, staffId, day),
  ])
  const { licenseTypes, candidatesFor, unlicensed } = cosignRequiredOf
  return (
    (member?.cosign_required ?? false) ||
    licenses.some(license => licenseTypes.includes(license.license_type)) ||
    credentials.some(({ code, status }) => status === 'candidate' && candidatesFor.includes(code)) ||
    (unlicensed && licenses.length === 0)
  )
}

/** Whether the actor supervises this person now; a supervisor of somebody else does not count. */
export async function isSupervisorOf(trx: PracticeTransaction, otherStaffId: string): Promise<boolean> {
  const { staffId } = trx.scope.actor
  if (staffId === null) return false
  const found = await superviseeIds(trx, staffId).where('id', '=', otherStaffId).executeTakeFirst()
  return found !== undefined
}
