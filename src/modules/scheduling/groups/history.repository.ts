import { type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { TherapyGroupChanges } from '../../../lib/database/schema.ts'
import { tellOf } from '../reminders/tell.ts'
import type { groupChangeKinds } from './groups.schemas.ts'

export type ChangeKind = (typeof groupChangeKinds)[number]
export type HistoryRow = Selectable<TherapyGroupChanges>

/** Adds one step with what holds after it. It leaves with COMMIT. */
export function record(
  trx: PracticeTransaction,
  kind: ChangeKind,
  groupId: string,
  after: {
    status?: string
    capacity?: number
    facilitator_ids?: string[]
    member_id?: string
    reason_code?: string
    agreement_signed_on?: string | null
  } = {},
): void {
  const { actor } = trx.scope
  trx.later(
    trx.insertInto('therapy_group_changes').values({
      practice_id: trx.practiceId,
      id: uuidv7(),
      group_id: groupId,
      kind,
      actor_kind: actor.kind,
      actor_id: actor.id,
      staff_id: actor.staffId,
      ...after,
    }),
  )
}

/** One step of each of these meetings, as they stand then, of which those who come are told. It leaves with COMMIT. */
export function recordMeetings(
  trx: PracticeTransaction,
  kind: Extract<ChangeKind, `meeting_${string}`>,
  meetingIds: readonly string[],
): void {
  const { actor } = trx.scope
  const ids = meetingIds.map(() => uuidv7())
  if (kind !== 'meeting_held') tellOf(trx, 'group_session', meetingIds, { isNew: kind === 'meeting_booked' })
  trx.later(
    sql`
      insert into therapy_group_changes (practice_id, id, group_id, kind, actor_kind, actor_id, staff_id, meeting_id,
        facilitator_ids, location_id, room_id, starts_at, ends_at, reason_code)
      select m.practice_id, w.id, m.group_id, ${kind}, ${actor.kind}, ${actor.id}::uuid, ${actor.staffId}::uuid, m.id,
        m.facilitator_ids, m.location_id, m.room_id, m.starts_at, m.ends_at, m.cancellation_reason
      from unnest(${ids}::uuid[], ${meetingIds}::uuid[]) as w(id, meeting_id)
      join group_meetings m on m.practice_id = ${trx.practiceId} and m.id = w.meeting_id`.compile(trx),
  )
}

/** One row more than asked for, oldest first. */
export function listHistory(
  trx: PracticeTransaction,
  groupId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<HistoryRow[]> {
  let query = trx
    .selectFrom('therapy_group_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('group_id', '=', groupId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}
