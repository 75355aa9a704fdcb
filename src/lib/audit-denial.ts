import { writeAudit } from './audit.ts'
import type { AuditDetails } from './audit-details.ts'
import { type Database, inPractice } from './database/in-practice.ts'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import type { Problem } from './problems.ts'
import type { Scope } from './scope.ts'

/** Audits a refusal, in a transaction of its own: the one that was refused is rolled back, or never began. */
export async function auditDenial(
  database: Database,
  scope: Scope,
  { code }: Problem,
  touched?: AuditDetails,
): Promise<void> {
  const work = async (trx: PracticeTransaction) => {
    if (touched) trx.audit(touched)
    writeAudit(trx, { decision: 'denied', outcome: code })
  }
  // Nothing is written but this row: like that of a read it does not wait for the disk, or refusals would cost most.
  await inPractice(database, scope, work, { readsOnly: true })
}
