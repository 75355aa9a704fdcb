import { type Insertable, type Selectable, type SqlBool, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Disclosures } from '../../lib/database/schema.ts'
import type { RecipientKind, ReleaseCategory } from './releases.rules.ts'
import { isToldOf } from './told-charts.ts'

type Row = Omit<Selectable<Disclosures>, 'recipient_kind' | 'categories'>
export interface DisclosureRow extends Row {
  recipient_kind: RecipientKind
  categories: ReleaseCategory[]
  /** Of the release; null without one. */
  terms_sealed: Buffer | null
  part2: boolean | null
}

/** What a reader may see of disclosures. */
export interface Sight {
  classes: readonly ('clinical' | 'restricted')[]
  limit: number
  before: string | undefined
}

function disclosures(trx: PracticeTransaction, { classes, limit, before }: Sight) {
  const query = trx
    .selectFrom('disclosures as d')
    .leftJoin('releases as r', join =>
      join.onRef('r.practice_id', '=', 'd.practice_id').onRef('r.id', '=', 'd.release_id'),
    )
    .selectAll('d')
    .select([
      'r.terms_sealed',
      'r.part2',
      ({ ref }) => ref('d.recipient_kind').$castTo<RecipientKind>().as('recipient_kind'),
      ({ ref }) => ref('d.categories').$castTo<ReleaseCategory[]>().as('categories'),
    ])
    .where('d.practice_id', '=', trx.practiceId)
    .where(sql<SqlBool>`d.data_class = any(${classes}::text[])`)
    .orderBy('d.id', 'desc')
    .limit(limit + 1)
  return before ? query.where('d.id', '<', before) : query
}

/** Newest first, one row more than asked for. */
export const listDisclosures = (
  trx: PracticeTransaction,
  chartId: string,
  sight: Sight,
): Promise<DisclosureRow[]> => disclosures(trx, sight).where('d.chart_id', '=', chartId).execute()

/** Those about this client, as far as it is told; newest first, one row more than asked for. */
export const listDisclosuresOf = (
  trx: PracticeTransaction,
  clientIds: readonly string[],
  sight: Sight,
): Promise<DisclosureRow[]> =>
  disclosures(trx, sight)
    .where('d.client_id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .where(isToldOf(trx, 'd.chart_id'))
    .execute()

export async function insertDisclosures(
  trx: PracticeTransaction,
  rows: readonly Omit<Insertable<Disclosures>, 'practice_id'>[],
): Promise<void> {
  const values = rows.map(row => ({ ...row, practice_id: trx.practiceId }))
  await trx.insertInto('disclosures').values(values).execute()
}
