import type { BookablePractice } from './scheduling.ts'

/** What must never be, whatever raced, as rows of each kind: nothing is found where all is well. */
export function oracleOf({ run }: Pick<BookablePractice, 'run'>, practiceId: string) {
  const found = (sql: string) => run(sql, [practiceId])
  return async () => ({
    overlaps: await found(
      `select a.id from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.active and a.active
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
    ),
    unreserved: await found(
      `select a.id from appointments a where a.practice_id = $1 and a.status = 'scheduled' and (
         select count(*) from reservations r where r.practice_id = a.practice_id and r.holder_id = a.id
           and r.starts_at = a.starts_at and r.ends_at = a.ends_at) <> 1 + (a.room_id is not null)::int + (
         select count(*) from chart_members m where m.practice_id = a.practice_id and m.chart_id = a.chart_id)`,
    ),
    halfBooked: await found(
      `select i.id from intensives i where i.practice_id = $1 and (
         select count(distinct b.status) from intensive_blocks b where b.practice_id = i.practice_id
           and b.intensive_id = i.id) > 1`,
    ),
    oversold: await found(
      `select g.id from therapy_groups g where g.practice_id = $1 and g.capacity < (
         select count(*) from therapy_group_members m where m.practice_id = g.practice_id and m.group_id = g.id
           and m.left_at is null)`,
    ),
    offeredTwice: await found(
      `select o.id from waitlist_openings o where o.practice_id = $1 and (
         select count(*) from waitlist_offers f where f.practice_id = o.practice_id and f.opening_id = o.id
           and f.status = 'accepted') <> (o.status = 'filled')::int`,
    ),
  })
}

export const nothing = { overlaps: [], unreserved: [], halfBooked: [], oversold: [], offeredTwice: [] }

/** The service would try again, and nobody would see it. */
export async function deadlocks({ run }: Pick<BookablePractice, 'run'>): Promise<number> {
  const [row] = await run(
    'select deadlocks::int as count from pg_stat_database where datname = current_database()',
    [],
  )
  return Number(row?.count)
}
