import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/** A buffer is no longer (`appointments_buffers_check`). */
const longestBuffer = sql`interval '4 hours'`
/** Nor an appointment with its buffers (`reservations_length_check`). */
const longest = sql`interval '32 hours'`

/**
 * What overbooked appointments take of clinicians and rooms within these instants, with buffers, as rows like those of
 * `reservations`. They hold none for what they double, and yet clinician and room are not free then: not beside what they
 * double, and not when that is gone. A canceled one is overbooked no more. Found by `appointments_overbooked`.
 *
 * @param from an instant, also of a column that stands to the left
 */
export const overbookedTimes = (
  trx: PracticeTransaction,
  from: RawBuilder<unknown>,
  to: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`(
  select a.id, a.id as holder_id, a.location_id, o.resource_kind, o.resource_id, t.starts_at, t.ends_at
  from appointments a
  cross join lateral (values ('clinician', a.clinician_id), ('room', a.room_id)) as o(resource_kind, resource_id)
  cross join lateral (select a.starts_at - make_interval(mins => a.buffer_before_minutes) as starts_at,
    a.ends_at + make_interval(mins => a.buffer_after_minutes) as ends_at) t
  where a.practice_id = ${trx.practiceId} and a.overbooked
    and a.starts_at < ${to}::timestamptz + ${longestBuffer} and a.starts_at > ${from}::timestamptz - ${longest}
    and t.starts_at < ${to}::timestamptz and t.ends_at > ${from}::timestamptz and o.resource_id is not null)`
