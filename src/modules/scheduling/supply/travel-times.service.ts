import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField } from '../../../lib/problems.ts'
import type { TravelTime, TravelTimeQuery } from './travel-times.schemas.ts'

/** @throws Problem `invalid-cursor` */
export async function listTravelTimes(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: TravelTimeQuery,
): Promise<Page<TravelTime>> {
  trx.audit({ resourceType: 'travel-time' })
  const [first, second] = trx.cursorKey({}, cursor) ?? []
  let query = trx.selectFrom('travel_times').selectAll().where('practice_id', '=', trx.practiceId)
  if (first !== undefined)
    query = query.where(
      sql<boolean>`(first_location_id, second_location_id) > (${String(first)}::uuid, ${String(second)}::uuid)`,
    )
  const rows = await query
    .orderBy('first_location_id')
    .orderBy('second_location_id')
    .limit(limit + 1)
    .execute()
  return toPage(
    rows,
    limit,
    row => ({
      fromLocationId: row.first_location_id,
      toLocationId: row.second_location_id,
      minutes: row.minutes,
    }),
    row => trx.cursorAfter({}, [row.first_location_id, row.second_location_id]),
  )
}

/** The way is kept once for both directions. @throws Problem `invalid-request`, `unknown-reference` */
export async function setTravelTime(trx: PracticeTransaction, input: TravelTime): Promise<TravelTime> {
  const { fromLocationId, toLocationId, minutes } = input
  const [first, second] = [fromLocationId.toLowerCase(), toLocationId.toLowerCase()].sort() as [
    string,
    string,
  ]
  if (first === second) throw invalidField('/toLocationId', 'same', 'Must be another location.')
  trx.audit({ resourceType: 'travel-time', resourceId: first, fields: ['minutes'] })
  const written = await trx
    .insertInto('travel_times')
    .values({
      practice_id: trx.practiceId,
      first_location_id: first,
      second_location_id: second,
      minutes,
    })
    .onConflict(conflict =>
      conflict
        .constraint('travel_times_pkey')
        .doUpdateSet({ minutes, updated_at: sql<Date>`now()` })
        .where('travel_times.minutes', '<>', minutes),
    )
    .returning('minutes')
    .executeTakeFirst()
  // Who says it once more changes nothing.
  if (written) emit(trx, { type: 'travel-time.updated', resourceId: first })
  return { fromLocationId: first, toLocationId: second, minutes }
}
