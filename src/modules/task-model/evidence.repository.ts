import type { Insertable, Selectable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { JourneyEvidence } from '../../lib/database/schema.ts'
import { whoEnters } from './history.repository.ts'

export interface EvidenceRow extends Selectable<JourneyEvidence> {
  withdrawn_at: Date | null
}

/** What was brought for a performable, oldest first; what was withdrawn is among it. */
export function listEvidence(trx: PracticeTransaction, performableId: string): Promise<EvidenceRow[]> {
  return trx
    .selectFrom('journey_evidence as e')
    .leftJoin('journey_evidence_withdrawals as w', join =>
      join.onRef('w.practice_id', '=', 'e.practice_id').onRef('w.evidence_id', '=', 'e.id'),
    )
    .selectAll('e')
    .select('w.recorded_at as withdrawn_at')
    .where('e.practice_id', '=', trx.practiceId)
    .where('e.performable_id', '=', performableId)
    .orderBy('e.id')
    .execute()
}

export async function insertEvidence(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneyEvidence>, 'practice_id' | 'entered_by' | 'recorded_by'>,
): Promise<void> {
  await trx
    .insertInto('journey_evidence')
    .values({ ...values, ...whoEnters(trx), practice_id: trx.practiceId })
    .execute()
}

/** Marks an entry as withdrawn, which was read while its journey was held. */
export async function withdrawEvidence(trx: PracticeTransaction, evidenceId: string): Promise<void> {
  await trx
    .insertInto('journey_evidence_withdrawals')
    .values({ ...whoEnters(trx), practice_id: trx.practiceId, evidence_id: evidenceId })
    .execute()
}
