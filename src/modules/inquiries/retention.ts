import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { getPolicies } from '../practice/index.ts'

/**
 * Takes away who it was and what was said from inquiries that ended without anybody becoming a client, once the practice's
 * time for that is over. What stays (source, month, how it ended) is what the report counts. Repeated, it finds nothing
 * it has done before; what is more than a transaction should write waits for the next round.
 */
export async function anonymizeInquiries(trx: PracticeTransaction): Promise<void> {
  const { inquiryRetentionDays } = await getPolicies(trx)
  const due = trx
    .selectFrom('inquiries')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('anonymized_at', 'is', null)
    .where('client_id', 'is', null)
    .where('ended_at', '<', sql<Date>`now() - make_interval(days => ${inquiryRetentionDays})`)
    .orderBy('ended_at')
    .limit(limits.inquiries.perRound)
    .forUpdate()
    .skipLocked()
  const rows = await trx
    .updateTable('inquiries')
    .set(eb => ({
      person_sealed: null,
      words_sealed: null,
      region: null,
      anonymized_at: sql<Date>`now()`,
      version: eb('version', '+', 1),
      updated_at: sql<Date>`now()`,
    }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', 'in', due)
    .returning(['id', 'version'])
    .execute()
  if (rows.length === 0) return
  await trx
    .updateTable('inquiry_steps')
    .set({ note_sealed: null })
    .where('practice_id', '=', trx.practiceId)
    .where('inquiry_id', '=', sql<string>`any(${rows.map(({ id }) => id)}::uuid[])`)
    .where('note_sealed', 'is not', null)
    .execute()
  for (const { id, version } of rows) {
    emit(trx, { type: 'inquiry.anonymized', resourceId: id, resourceVersion: version })
  }
}
