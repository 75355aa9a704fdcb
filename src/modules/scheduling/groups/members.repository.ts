import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { TherapyGroupMembers } from '../../../lib/database/schema.ts'
import { displayName } from '../../charts/index.ts'

export type MemberRow = Selectable<TherapyGroupMembers> & { display_name: string }

const members = (trx: PracticeTransaction) =>
  trx
    .selectFrom('therapy_group_members as m')
    .innerJoin('clients as k', join =>
      join.onRef('k.practice_id', '=', 'm.practice_id').onRef('k.id', '=', 'm.client_id'),
    )
    .selectAll('m')
    .select(displayName.as('display_name'))
    .where('m.practice_id', '=', trx.practiceId)

export function findMember(
  trx: PracticeTransaction,
  groupId: string,
  id: string,
): Promise<MemberRow | undefined> {
  return members(trx).where('m.group_id', '=', groupId).where('m.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, in the order they joined: those who left too. */
export function listMembers(
  trx: PracticeTransaction,
  groupId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<MemberRow[]> {
  let query = members(trx).where('m.group_id', '=', groupId)
  if (after) query = query.where('m.id', '>', after)
  return query
    .orderBy('m.id')
    .limit(limit + 1)
    .execute()
}

/** Who has a seat now. */
export function presentMembers(
  trx: PracticeTransaction,
  groupId: string,
): Promise<{ id: string; client_id: string }[]> {
  return trx
    .selectFrom('therapy_group_members')
    .select(['id', 'client_id'])
    .where('practice_id', '=', trx.practiceId)
    .where('group_id', '=', groupId)
    .where('left_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** Whether somebody is a member of the group's chart. */
export async function isInChart(
  trx: PracticeTransaction,
  groupId: string,
  clientId: string,
): Promise<boolean> {
  const row = await trx
    .selectFrom('chart_members as m')
    .innerJoin('therapy_groups as g', join =>
      join.onRef('g.practice_id', '=', 'm.practice_id').onRef('g.chart_id', '=', 'm.chart_id'),
    )
    .select('m.id')
    .where('m.practice_id', '=', trx.practiceId)
    .where('g.id', '=', groupId)
    .where('m.client_id', '=', clientId)
    .where('m.left_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Who had a seat at this time. */
export function membersAt(
  trx: PracticeTransaction,
  groupId: string,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Promise<{ id: string }[]> {
  return trx
    .selectFrom('therapy_group_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('group_id', '=', groupId)
    .where('joined_at', '<', endsAt)
    .where(eb => eb.or([eb('left_at', 'is', null), eb('left_at', '>', startsAt)]))
    .orderBy('id')
    .execute()
}

/** The members a chart has already sit down in the order in which they joined it. */
export async function seatAll(
  trx: PracticeTransaction,
  groupId: string,
  clientIds: readonly string[],
): Promise<void> {
  await sql`
    insert into therapy_group_members (practice_id, group_id, client_id, seat_number)
    select ${trx.practiceId}, ${groupId}, c.id, c.turn
    from unnest(${clientIds}::uuid[]) with ordinality as c(id, turn)`.execute(trx)
}

/** The lowest seat on which nobody sits. */
const freeSeat = (trx: PracticeTransaction, groupId: string): RawBuilder<number> =>
  sql<number>`(select min(s.number) from therapy_group_seats s
    where s.practice_id = ${trx.practiceId} and s.group_id = ${groupId} and not exists (
      select from therapy_group_members o where o.practice_id = s.practice_id and o.group_id = s.group_id
        and o.seat_number = s.number))`

/** Sits down on a free seat. @returns undefined where there is none */
export async function takeSeat(
  trx: PracticeTransaction,
  values: { id: string; groupId: string; clientId: string; agreementSignedOn: string | null },
): Promise<{ id: string } | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into therapy_group_members (practice_id, id, group_id, client_id, seat_number, agreement_signed_on)
    select ${trx.practiceId}, ${values.id}, ${values.groupId}, ${values.clientId}, free.number,
      ${values.agreementSignedOn}::date
    from (select ${freeSeat(trx, values.groupId)} as number) free where free.number is not null
    returning id`.execute(trx)
  return rows[0]
}

/** Gives the seat up. @returns undefined for one who had left before */
export function leaveSeat(
  trx: PracticeTransaction,
  id: string,
  reason: string,
): Promise<{ client_id: string } | undefined> {
  return trx
    .updateTable('therapy_group_members')
    .set({
      left_at: sql<Date>`now()`,
      leaving_reason: reason,
      seat_number: null,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .returning('client_id')
    .executeTakeFirst()
}
