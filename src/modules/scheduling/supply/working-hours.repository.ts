import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { WorkingHours, WorkingHoursSpans } from '../../../lib/database/schema.ts'
import type { WorkingSpan } from '../slots/free-time.rules.ts'

export type WorkingHoursRow = Selectable<WorkingHours> & { spans: WorkingSpan[] }

/** The spans of `working_hours h`, as they were given. */
export const spansOfHours = sql<
  WorkingSpan[]
>`(select coalesce(json_agg(json_build_object('weekday', s.weekday,
    'startsMinute', s.starts_minute, 'endsMinute', s.ends_minute, 'locationId', s.location_id,
    'telehealth', s.telehealth) order by s.position), '[]')
  from working_hours_spans s where s.practice_id = h.practice_id and s.working_hours_id = h.id)`

/** One row more than asked for, the one that begins last first. */
export async function listWorkingHours(
  trx: PracticeTransaction,
  staffId: string,
  { limit, after }: { limit: number; after: { effectiveFrom: string; id: string } | undefined },
): Promise<WorkingHoursRow[]> {
  let query = trx
    .selectFrom('working_hours as h')
    .selectAll('h')
    .select(spansOfHours.as('spans'))
    .where('h.practice_id', '=', trx.practiceId)
    .where('h.staff_id', '=', staffId)
  if (after)
    query = query.where(
      sql<boolean>`(h.effective_from, h.id) < (${after.effectiveFrom}::date, ${after.id}::uuid)`,
    )
  return query
    .orderBy('h.effective_from', 'desc')
    .orderBy('h.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The version and its spans, in one round trip. */
export async function insertWorkingHours(
  trx: PracticeTransaction,
  values: Omit<Insertable<WorkingHours>, 'practice_id' | 'id'> & { id: string },
  spans: readonly WorkingSpan[],
): Promise<WorkingHoursRow> {
  const hours = trx
    .insertInto('working_hours')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
  const [row] = await Promise.all([hours, spans.length > 0 && insertSpans(trx, values.id, spans)])
  return { ...row, spans: [...spans] }
}

function insertSpans(trx: PracticeTransaction, id: string, spans: readonly WorkingSpan[]) {
  const rows = spans.map(
    (
      { weekday, startsMinute, endsMinute, locationId, telehealth },
      position,
    ): Insertable<WorkingHoursSpans> => ({
      practice_id: trx.practiceId,
      working_hours_id: id,
      position,
      weekday,
      starts_minute: startsMinute,
      ends_minute: endsMinute,
      location_id: locationId,
      telehealth,
    }),
  )
  return trx.insertInto('working_hours_spans').values(rows).execute()
}
