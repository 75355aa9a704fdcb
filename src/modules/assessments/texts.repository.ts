import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { InstrumentTexts } from '../../lib/database/schema.ts'
import type { ItemTexts } from './instruments.schemas.ts'

export type TextRow = Omit<Selectable<InstrumentTexts>, 'texts'> & { texts: ItemTexts }

/** The wording to show of an instrument, by language. */
export function currentTexts(trx: PracticeTransaction, key: string, edition: number): Promise<TextRow[]> {
  return trx
    .selectFrom('instrument_texts')
    .selectAll()
    .$castTo<TextRow>()
    .where('practice_id', '=', trx.practiceId)
    .where('instrument_key', '=', key)
    .where('edition', '=', edition)
    .where('withdrawn_at', 'is', null)
    .orderBy('language')
    .execute()
}

/** Takes the wording of one language, or one by its id, out of use. @returns whether there was one */
export async function withdrawText(
  trx: PracticeTransaction,
  which: { key: string; edition: number; language: string } | { key: string; id: string },
): Promise<boolean> {
  let query = trx
    .updateTable('instrument_texts')
    .set({ withdrawn_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('instrument_key', '=', which.key)
    .where('withdrawn_at', 'is', null)
  query =
    'id' in which
      ? query.where('id', '=', which.id)
      : query.where('edition', '=', which.edition).where('language', '=', which.language)
  return (await query.returning('id').execute()).length > 0
}

export async function insertText(
  trx: PracticeTransaction,
  values: Omit<Insertable<InstrumentTexts>, 'practice_id' | 'texts'> & { texts: ItemTexts },
): Promise<TextRow> {
  return trx
    .insertInto('instrument_texts')
    .values({ ...values, texts: JSON.stringify(values.texts), practice_id: trx.practiceId })
    .returningAll()
    .$castTo<TextRow>()
    .executeTakeFirstOrThrow()
}
