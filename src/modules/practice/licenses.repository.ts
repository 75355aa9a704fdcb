import { type Expression, type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { StaffLicenses } from '../../lib/database/schema.ts'

export type LicenseRow = Selectable<StaffLicenses>

/** Written into the statement, so that the index on active licenses serves every plan of it. */
const isActive = sql<boolean>`staff_licenses.status = 'active'`

export function findLicense(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
): Promise<LicenseRow | undefined> {
  return trx
    .selectFrom('staff_licenses')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, ordered by id (creation). */
export function listLicenses(
  trx: PracticeTransaction,
  staffId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<LicenseRow[]> {
  let query = trx
    .selectFrom('staff_licenses')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** Licenses meant to be good, of people not disabled, that end before a day; the most urgent first. */
export function listExpiring(
  trx: PracticeTransaction,
  page: { limit: number; before: string; after: { expiresOn: string; id: string } | undefined },
): Promise<LicenseRow[]> {
  let query = trx
    .selectFrom('staff_licenses')
    .innerJoin('staff_members', join =>
      join
        .onRef('staff_members.practice_id', '=', 'staff_licenses.practice_id')
        .onRef('staff_members.id', '=', 'staff_licenses.staff_id'),
    )
    .selectAll('staff_licenses')
    .where('staff_licenses.practice_id', '=', trx.practiceId)
    .where(isActive)
    .where('staff_licenses.expires_on', '<', page.before)
    .where('staff_members.status', '<>', 'disabled')
  if (page.after) {
    const { expiresOn, id } = page.after
    query = query.where(eb =>
      eb(eb.refTuple('staff_licenses.expires_on', 'staff_licenses.id'), '>', eb.tuple(expiresOn, id)),
    )
  }
  return query
    .orderBy('staff_licenses.expires_on')
    .orderBy('staff_licenses.id')
    .limit(page.limit + 1)
    .execute()
}

/** Licenses by which a person may practice on this day, in order of type and state. */
export function licensesOn(
  trx: PracticeTransaction,
  staffId: string,
  day: Expression<string>,
): Promise<LicenseRow[]> {
  return trx
    .selectFrom('staff_licenses')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where(isActive)
    .where(eb => eb.or([eb('expires_on', 'is', null), eb('expires_on', '>=', day)]))
    .orderBy('license_type')
    .orderBy('state')
    .orderBy('number')
    .execute()
}

export function insertLicense(
  trx: PracticeTransaction,
  values: Omit<Insertable<StaffLicenses>, 'practice_id'>,
): Promise<LicenseRow> {
  return trx
    .insertInto('staff_licenses')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export function updateLicense(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
  version: number,
  changes: Updateable<StaffLicenses>,
): Promise<LicenseRow | undefined> {
  return trx
    .updateTable('staff_licenses')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
