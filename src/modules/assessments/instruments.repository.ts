import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Instruments } from '../../lib/database/schema.ts'
import { changeAtVersion, type RowVersion } from '../../lib/versions.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'

/** A practice's own instrument with its definition, drafted or published. */
export type OwnInstrumentRow = Omit<Selectable<Instruments>, 'draft'> & { definition: InstrumentDefinition }

const own = (trx: PracticeTransaction) =>
  trx
    .selectFrom('instruments as i')
    .leftJoin('instrument_editions as e', join =>
      join.onRef('e.practice_id', '=', 'i.practice_id').onRef('e.instrument_id', '=', 'i.id'),
    )
    .select(['i.practice_id', 'i.id', 'i.key', 'i.edition', 'i.status', 'i.version', 'i.created_by'])
    .select(['i.created_at', 'i.updated_at'])
    .select(sql<InstrumentDefinition>`coalesce(e.definition, i.draft)`.as('definition'))
    .where('i.practice_id', '=', trx.practiceId)

/** One edition of an own instrument; without a number the published one, else the newest. */
export function findOwn(
  trx: PracticeTransaction,
  key: string,
  edition: number | undefined,
): Promise<OwnInstrumentRow | undefined> {
  let query = own(trx).where('i.key', '=', key)
  if (edition !== undefined) query = query.where('i.edition', '=', edition)
  return query
    .orderBy(sql`(i.status = 'published')`, 'desc')
    .orderBy('i.edition', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export function findOwnPublished(
  trx: PracticeTransaction,
  key: string,
): Promise<OwnInstrumentRow | undefined> {
  return own(trx).where('i.key', '=', key).where('i.status', '=', 'published').executeTakeFirst()
}

export function findOwnDraft(trx: PracticeTransaction, key: string): Promise<OwnInstrumentRow | undefined> {
  return own(trx).where('i.key', '=', key).where('i.status', '=', 'draft').executeTakeFirst()
}

export interface InstrumentPageKey {
  limit: number
  status: string | undefined
  after: readonly [key: string, edition: number] | undefined
}

/** One row more than asked for, by key and edition. */
export function listOwn(
  trx: PracticeTransaction,
  { limit, status, after }: InstrumentPageKey,
): Promise<OwnInstrumentRow[]> {
  let query = own(trx)
  if (status) query = query.where('i.status', '=', status)
  if (after) {
    const [key, edition] = after
    query = query.where(sql<boolean>`(i.key collate "C", i.edition) > (${key}, ${edition}::int)`)
  }
  return query
    .orderBy(sql`i.key collate "C"`)
    .orderBy('i.edition')
    .limit(limit + 1)
    .execute()
}

/** The next edition of a key as a draft. The database refuses a second draft, and a second of the same number. */
export async function insertDraft(
  trx: PracticeTransaction,
  values: { id: string; key: string; definition: InstrumentDefinition; createdBy: string },
): Promise<{ edition: number; version: number }> {
  const { practiceId } = trx
  const next = await trx
    .selectFrom('instruments')
    .select(sql<number>`coalesce(max(edition), 0) + 1`.as('edition'))
    .where('practice_id', '=', practiceId)
    .where('key', '=', values.key)
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('instruments')
    .values({
      practice_id: practiceId,
      id: values.id,
      key: values.key,
      edition: next.edition,
      draft: JSON.stringify(values.definition),
      created_by: values.createdBy,
    })
    .execute()
  return { edition: next.edition, version: 1 }
}

/** @throws Problem `stale-version` */
export const changeInstrument = (
  trx: PracticeTransaction,
  at: RowVersion,
  changes: { status?: 'published' | 'retired'; draft?: string | null },
) => changeAtVersion(trx, 'instruments', at, changes)

/** Retires the published edition of a key. @returns it, unless there was none */
export function retirePublished(
  trx: PracticeTransaction,
  key: string,
): Promise<{ id: string; version: number } | undefined> {
  return trx
    .updateTable('instruments')
    .set(eb => ({ status: 'retired', version: eb('version', '+', 1), updated_at: sql<Date>`now()` }))
    .where('practice_id', '=', trx.practiceId)
    .where('key', '=', key)
    .where('status', '=', 'published')
    .returning(['id', 'version'])
    .executeTakeFirst()
}

export async function insertEdition(
  trx: PracticeTransaction,
  values: { instrumentId: string; definition: InstrumentDefinition; publishedBy: string },
): Promise<void> {
  await trx
    .insertInto('instrument_editions')
    .values({
      practice_id: trx.practiceId,
      instrument_id: values.instrumentId,
      definition: JSON.stringify(values.definition),
      published_by: values.publishedBy,
    })
    .execute()
}
