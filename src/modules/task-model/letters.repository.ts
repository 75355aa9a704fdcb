import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { JourneyLetters } from '../../lib/database/schema.ts'
import type { OpenJourney } from './journeys.repository.ts'

export type LetterRow = Selectable<JourneyLetters>

const letters = (trx: PracticeTransaction, { row }: OpenJourney) =>
  trx
    .selectFrom('journey_letters')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('journey_id', '=', row.id)

export function findLetter(
  trx: PracticeTransaction,
  journey: OpenJourney,
  id: string,
): Promise<LetterRow | undefined> {
  return letters(trx, journey).where('id', '=', id).executeTakeFirst()
}

/** One row more than asked for, oldest first. */
export function listLetters(
  trx: PracticeTransaction,
  journey: OpenJourney,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<LetterRow[]> {
  let query = letters(trx, journey)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function insertLetter(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneyLetters>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('journey_letters')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** How papers name these clients: as the law does. Records that were merged are one person with another of them. */
export async function legalNamesOf(
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<string[]> {
  const rows = await trx
    .selectFrom('clients')
    .select(['legal_given_name', 'legal_family_name'])
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .where('status', '<>', 'merged')
    .orderBy('id')
    .execute()
  return rows.map(row => `${row.legal_given_name} ${row.legal_family_name}`)
}
