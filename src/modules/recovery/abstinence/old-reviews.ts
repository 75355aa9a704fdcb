import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { sealedRevision } from '../sealed-places.ts'
import type { ContractContent } from './abstinence.schemas.ts'

/**
 * Lists the days of review of contracts from before the watch knew them (migration 0034): until then they stood in the sealed
 * terms alone, which SQL cannot read. Each contract is done once, some hundreds in a round; what a round did not come to, or lost, the next one does.
 */
export async function listOldReviews(trx: PracticeTransaction): Promise<void> {
  // Terms never change, so those of any version are those that hold.
  const { rows } = await sql<{ id: string; version: number; content: Buffer }>`
    select k.id, v.version, v.content_sealed as content from abstinence_contracts k
    join recovery_document_revisions v on v.practice_id = k.practice_id and v.document_id = k.id and v.version = 1
    where k.practice_id = ${trx.practiceId} and not k.reviews_listed
    order by k.id limit 200`.execute(trx)
  if (rows.length === 0) return
  const sealer = await trx.sealer()
  const listed = await Promise.all(
    rows.map(async ({ id, version, content }) => {
      const sealed = JSON.parse(await sealer.openText(sealedRevision(id, version), content))
      const { reviewsOn } = (sealed as { content: Pick<ContractContent, 'reviewsOn'> }).content
      return { id, days: reviewsOn }
    }),
  )
  await sql`update abstinence_contracts k set reviews_on = l.days, reviews_listed = true
    from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as l(id uuid, days date[])
    where k.practice_id = ${trx.practiceId} and k.id = l.id and not k.reviews_listed`.execute(trx)
}
