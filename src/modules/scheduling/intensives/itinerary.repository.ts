import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { isOwnChart } from '../portal/own-charts.ts'
import type { IntensiveRow } from './intensives.repository.ts'

/** A block of one participant, with the names of whoever gives it and of its room. */
export interface ItineraryRow {
  id: string
  kind: string
  status: string
  starts_at: Date
  ends_at: Date
  version: number
  updated_at: Date
  clinicians: string[]
  room: string | null
}

/** What somebody takes part in and was booked, by start. Of other blocks nothing is read. */
export async function listOwnBlocks(
  trx: PracticeTransaction,
  intensiveId: string,
  clientId: string,
): Promise<ItineraryRow[]> {
  const { rows } = await sql<ItineraryRow>`
    select b.id, b.kind, b.status, b.starts_at, b.ends_at, b.version, b.updated_at, r.name as room,
      array(select s.display_name from unnest(b.clinician_ids) with ordinality as w(id, place)
        join staff_members s on s.practice_id = b.practice_id and s.id = w.id order by w.place) as clinicians
    from intensive_blocks b
    left join rooms r on r.practice_id = b.practice_id and r.id = b.room_id
    where b.practice_id = ${trx.practiceId} and b.intensive_id = ${intensiveId} and b.status <> 'planned'
      and ${clientId} = any(b.client_ids)
    order by b.starts_at, b.id`.execute(trx)
  return rows
}

export interface PlaceRow {
  name: string
  address: string | null
}

/** Where it is held, in one line. */
export async function findPlace(trx: PracticeTransaction, { location_id }: IntensiveRow): Promise<PlaceRow> {
  const { rows } = await sql<PlaceRow>`
    select name, nullif(concat_ws(', ', address->>'line1', address->>'line2', address->>'city',
      nullif(concat_ws(' ', address->>'state', address->>'postalCode'), '')), '') as address
    from locations where practice_id = ${trx.practiceId} and id = ${location_id}`.execute(trx)
  const [place] = rows
  if (!place) throw new Error('An intensive has a location')
  return place
}

/** Where the client at the portal takes part, in care that is theirs there: of a couple that they have not left. */
const takesPart = (trx: PracticeTransaction, clientId: string) => sql<boolean>`
  (i.client_a = ${clientId} or i.client_b = ${clientId}) and ${isOwnChart(trx, 'i.chart_id')}`

export async function isOwn(
  trx: PracticeTransaction,
  intensiveId: string,
  clientId: string,
): Promise<boolean> {
  const row = await trx
    .selectFrom('intensives as i')
    .select('i.id')
    .where('i.practice_id', '=', trx.practiceId)
    .where('i.id', '=', intensiveId)
    .where(takesPart(trx, clientId))
    .executeTakeFirst()
  return row !== undefined
}

export interface OwnIntensiveRow {
  id: string
  status: string
  time_zone: string
  starts_at: Date
  ends_at: Date
}

/** One row more than asked for, newest first: what a client takes part in, with the times of their own blocks. */
export async function listOwnIntensives(
  trx: PracticeTransaction,
  clientId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<OwnIntensiveRow[]> {
  const { rows } = await sql<OwnIntensiveRow>`
    select i.id, i.status, i.time_zone, own.starts_at, own.ends_at
    from intensives i
    cross join lateral (
      select min(b.starts_at) as starts_at, max(b.ends_at) as ends_at from intensive_blocks b
      where b.practice_id = i.practice_id and b.intensive_id = i.id and b.status <> 'planned'
        and (b.status <> 'canceled' or i.status = 'canceled') and ${clientId} = any(b.client_ids)
    ) own
    where i.practice_id = ${trx.practiceId} and ${takesPart(trx, clientId)} and own.starts_at is not null
      and (${after ?? null}::uuid is null or i.id < ${after ?? null}::uuid)
    order by i.id desc
    limit ${limit + 1}`.execute(trx)
  return rows
}
