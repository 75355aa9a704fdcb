import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'

/** States (USPS codes) of which a member of staff holds a license that is good at an instant, counted in a zone. */
export function licensedStates(
  trx: PracticeTransaction,
  { clinicianId, at, timeZone }: { clinicianId: string; at: Date; timeZone: string },
): RawBuilder<string[]> {
  const day = sql`(${at}::timestamptz at time zone ${timeZone})::date`
  return sql<string[]>`array(select distinct l.state from staff_licenses l
    where l.practice_id = ${trx.practiceId} and l.staff_id = ${clinicianId} and l.status = 'active'
      and (l.issued_on is null or l.issued_on <= ${day}) and (l.expires_on is null or l.expires_on >= ${day})
    order by l.state)`
}
