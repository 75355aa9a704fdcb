import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientContactPoints, Clients, DB } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import { isClientWithin } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import type { ClientQuery } from './clients.schemas.ts'
import type { NormalPoint } from './contact-points.ts'

export type ClientRow = Selectable<Clients>
export type ContactPointRow = Selectable<ClientContactPoints>

/** A client with what belongs to the document: read in one statement, however many clients there are. */
export interface WholeClientRow extends ClientRow {
  contact_points: Omit<
    ContactPointRow,
    'practice_id' | 'id' | 'client_id' | 'position' | 'value_normalized'
  >[]
  external_ids: Record<string, string>
}

const wholeClients = (trx: PracticeTransaction) =>
  trx
    .selectFrom('clients as k')
    .selectAll('k')
    .select(
      sql<
        WholeClientRow['contact_points']
      >`coalesce((select jsonb_agg(jsonb_build_object('system', p.system, 'value', p.value,
          'kind', p.kind, 'label', p.label, 'is_primary', p.is_primary, 'usable', p.usable) order by p.position)
        from client_contact_points p where p.practice_id = k.practice_id and p.client_id = k.id), '[]')`.as(
        'contact_points',
      ),
    )
    .select(
      sql<WholeClientRow['external_ids']>`coalesce((select jsonb_object_agg(e.system, e.value)
        from client_external_ids e where e.practice_id = k.practice_id and e.client_id = k.id), '{}')`.as(
        'external_ids',
      ),
    )
    .where('k.practice_id', '=', trx.practiceId)

export function findClient(trx: PracticeTransaction, id: string): Promise<WholeClientRow | undefined> {
  return wholeClients(trx).where('k.id', '=', id).executeTakeFirst()
}

/** In one statement, however many. */
export function findWholeClients(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<WholeClientRow[]> {
  return wholeClients(trx).where('k.id', '=', sql<string>`any(${ids}::uuid[])`).execute()
}

export function findClients(trx: PracticeTransaction, ids: readonly string[]): Promise<ClientRow[]> {
  return trx
    .selectFrom('clients')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

/** Locks rows in the order of their ids, so that two who lock the same ones never wait for each other in turn. */
export function lockClients(trx: PracticeTransaction, ids: readonly string[]): Promise<ClientRow[]> {
  return trx
    .selectFrom('clients')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export interface ListedClient extends WholeClientRow {
  /** `updated_at` to the microsecond, as the list compares it. */
  changed_at: string
}

/** One row more than asked for: by id, or by last change where `updatedSince` is given. Visible clients only. */
export function listClients(
  trx: PracticeTransaction,
  { limit, after, ...filter }: Omit<ClientQuery, 'cursor'> & { limit: number; after: string[] | undefined },
): Promise<ListedClient[]> {
  let query = wholeClients(trx)
    .select(sql<string>`k.updated_at::text`.as('changed_at'))
    // Who may not see a status may not select by it either.
    .where(isClientWithin(trx, 'k.id', { fully: filter.status !== undefined }))
  query = filter.status
    ? query.where('k.status', '=', filter.status)
    : query.where('k.status', '<>', 'merged')
  if (!filter.updatedSince) {
    if (after?.[0]) query = query.where('k.id', '>', after[0])
    return query
      .orderBy('k.id')
      .limit(limit + 1)
      .execute()
  }
  query = query.where('k.updated_at', '>=', sql<Date>`${filter.updatedSince}::timestamptz`)
  if (after) {
    query = query.where(sql<boolean>`(k.updated_at, k.id) > (${after[1]}::timestamptz, ${after[0]}::uuid)`)
  }
  return query
    .orderBy('k.updated_at')
    .orderBy('k.id')
    .limit(limit + 1)
    .execute()
}

export function insertClient(
  trx: PracticeTransaction,
  values: Omit<Insertable<Clients>, 'practice_id'>,
): Promise<ClientRow> {
  return trx
    .insertInto('clients')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export const updateClient = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: UpdateObject<DB, 'clients'>,
) => updateAtVersion(trx, 'clients', { id, version }, changes)

export async function deleteContactPoints(trx: PracticeTransaction, clientId: string): Promise<void> {
  await trx
    .deleteFrom('client_contact_points')
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .execute()
}

export type OwnedPoint = NormalPoint & { clientId: string; position: number }

/** All in one statement, however many. */
export async function insertContactPoints(
  trx: PracticeTransaction,
  points: readonly OwnedPoint[],
): Promise<void> {
  if (points.length === 0) return
  await sql`
    insert into client_contact_points (practice_id, client_id, position, system, value, value_normalized, kind, label,
      is_primary, usable)
    select ${trx.practiceId}, p."clientId", p.position, p.system, p.value, p.normalized, p.kind, p.label, p."primary", p.usable
    from jsonb_to_recordset(${JSON.stringify(points)}::jsonb) as p("clientId" uuid, position integer, system text,
      value text, normalized text, kind text, label text, "primary" boolean, usable boolean)`.execute(trx)
}

export interface OwnedExternalId {
  clientId: string
  system: string
  value: string
}

/**
 * Inserts those that are free; one that is just being taken elsewhere is waited for.
 *
 * @returns how many were inserted
 */
export async function insertExternalIds(
  trx: PracticeTransaction,
  ids: readonly OwnedExternalId[],
): Promise<number> {
  if (ids.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into client_external_ids (practice_id, client_id, system, value)
    select ${trx.practiceId}, e."clientId", e.system, e.value
    from jsonb_to_recordset(${JSON.stringify(ids)}::jsonb) as e("clientId" uuid, system text, value text)
    order by e.system, e.value
    on conflict on constraint client_external_ids_value_key do nothing`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

export async function deleteExternalIds(trx: PracticeTransaction, clientId: string): Promise<void> {
  await trx
    .deleteFrom('client_external_ids')
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .execute()
}

/** Those of these external ids that somebody has. */
export async function holdersOf(
  trx: PracticeTransaction,
  ids: readonly Pick<OwnedExternalId, 'system' | 'value'>[],
): Promise<{ client_id: string; system: string; value: string }[]> {
  const { rows } = await sql<{ client_id: string; system: string; value: string }>`
    select e.client_id, e.system, e.value
    from jsonb_to_recordset(${JSON.stringify(ids)}::jsonb) as w(system text, value text)
    join client_external_ids e on e.practice_id = ${trx.practiceId} and e.system = w.system and e.value = w.value`.execute(
    trx,
  )
  return rows
}

export function insertStatusChange(
  trx: PracticeTransaction,
  change: { clientId: string; from: string | null; to: string; reason: string; effectiveOn?: string },
): void {
  trx.later(
    trx.insertInto('client_status_changes').values({
      practice_id: trx.practiceId,
      client_id: change.clientId,
      from_status: change.from,
      to_status: change.to,
      reason: change.reason,
      effective_on: change.effectiveOn ?? practiceToday(trx),
      recorded_by: trx.scope.actor.staffId,
    }),
  )
}
