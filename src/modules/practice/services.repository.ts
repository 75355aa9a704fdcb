import { type Insertable, type Selectable, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Services } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import type { ServiceQuery } from './services.schemas.ts'

export type ServiceRow = Selectable<Services>

export function findService(trx: PracticeTransaction, id: string): Promise<ServiceRow | undefined> {
  return trx
    .selectFrom('services')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, ordered by id (creation). */
export function listServices(
  trx: PracticeTransaction,
  page: { limit: number; after: string | undefined } & Pick<ServiceQuery, 'status' | 'kind'>,
): Promise<ServiceRow[]> {
  let query = trx.selectFrom('services').selectAll().where('practice_id', '=', trx.practiceId)
  if (page.status) query = query.where('status', '=', page.status)
  if (page.kind) query = query.where('kind', '=', page.kind)
  if (page.after) query = query.where('id', '>', page.after)
  return query
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

export function insertService(
  trx: PracticeTransaction,
  values: Omit<Insertable<Services>, 'practice_id'>,
): Promise<ServiceRow> {
  return trx
    .insertInto('services')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export const updateService = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<Services>,
) => updateAtVersion(trx, 'services', { id, version }, changes)
