import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientImports } from '../../lib/database/schema.ts'
import type { ImportedClient } from './imports.rules.ts'
import { forgetNames } from './search.repository.ts'

/** A row that waits: its client's id is chosen already. */
export type StagedClient = ImportedClient & { id: string }

export type ImportRow = Selectable<ClientImports>

export function insertImport(trx: PracticeTransaction, dryRun: boolean): Promise<ImportRow> {
  return trx
    .insertInto('client_imports')
    .values({ practice_id: trx.practiceId, dry_run: dryRun, created_by: trx.scope.actor.id })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** An import of this actor. Locked until commit where rows come or go: chunks follow one another. */
export function findImport(
  trx: PracticeTransaction,
  id: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<ImportRow | undefined> {
  const query = trx
    .selectFrom('client_imports')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('created_by', '=', trx.scope.actor.id)
    .where('id', '=', id)
  return (lock ? query.forUpdate() : query).executeTakeFirst()
}

export function updateImport(
  trx: PracticeTransaction,
  row: ImportRow,
  changes: { status?: ClientImportStatus; row_count?: number; problem_count?: number },
): Promise<ImportRow> {
  return trx
    .updateTable('client_imports')
    .set({ ...changes, version: row.version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export type ClientImportStatus = 'staged' | 'committed' | 'discarded'

/** Rows left behind longer than a day are discarded with their import. */
export async function discardForgotten(trx: PracticeTransaction): Promise<void> {
  const forgotten = await trx
    .updateTable('client_imports')
    .set({ status: 'discarded', version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'staged')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .returning('id')
    .execute()
  for (const { id } of forgotten) await forgetRows(trx, id)
}

export interface StagedRow {
  row: number
  content: StagedClient
  externalKey: string | null
}

export async function insertRows(
  trx: PracticeTransaction,
  importId: string,
  rows: readonly StagedRow[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into client_import_rows (practice_id, import_id, row_number, content, external_key)
    select ${trx.practiceId}, ${importId}, r.row, r.content, r."externalKey"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(row integer, content jsonb, "externalKey" text)`.execute(
    trx,
  )
}

/** Those of these row numbers and external keys that wait in this import already. */
export async function findStaged(
  trx: PracticeTransaction,
  importId: string,
  { rows, keys }: { rows: readonly number[]; keys: readonly string[] },
): Promise<{ rows: Set<number>; keys: Set<string> }> {
  const found = await trx
    .selectFrom('client_import_rows')
    .select(['row_number', 'external_key'])
    .where('practice_id', '=', trx.practiceId)
    .where('import_id', '=', importId)
    .where(({ or, eb }) =>
      or([
        eb('row_number', '=', sql<number>`any(${rows}::integer[])`),
        eb('external_key', '=', sql<string>`any(${keys}::text[])`),
      ]),
    )
    .execute()
  return {
    rows: new Set(found.map(row => row.row_number)),
    keys: new Set(found.flatMap(row => row.external_key ?? [])),
  }
}

export async function readRows(trx: PracticeTransaction, importId: string): Promise<StagedClient[]> {
  const rows = await trx
    .selectFrom('client_import_rows')
    .select(sql<StagedClient>`content`.as('content'))
    .where('practice_id', '=', trx.practiceId)
    .where('import_id', '=', importId)
    .orderBy('row_number')
    .execute()
  return rows.map(row => row.content)
}

export async function deleteRows(trx: PracticeTransaction, importId: string): Promise<void> {
  await trx
    .deleteFrom('client_import_rows')
    .where('practice_id', '=', trx.practiceId)
    .where('import_id', '=', importId)
    .execute()
}

/** Throws staged rows away, with what was written ahead to find them by. */
export async function forgetRows(trx: PracticeTransaction, importId: string): Promise<void> {
  const rows = await readRows(trx, importId)
  await forgetNames(
    trx,
    rows.map(row => row.id),
  )
  await deleteRows(trx, importId)
}

/** All clients of a file in one statement. */
export async function insertClients(
  trx: PracticeTransaction,
  clients: readonly StagedClient[],
): Promise<void> {
  await sql`
    insert into clients (practice_id, id, legal_given_name, legal_family_name, preferred_name, pronouns, birth_date,
      sex_recorded_at_birth, gender, languages, addresses, status)
    select ${trx.practiceId}, c.id, c."legalGivenName", c."legalFamilyName", c."preferredName", c.pronouns,
      c."birthDate", c."sexRecordedAtBirth", c.gender, c.languages, c.addresses, c.status
    from jsonb_to_recordset(${JSON.stringify(clients)}::jsonb) as c(id uuid, "legalGivenName" text,
      "legalFamilyName" text, "preferredName" text, pronouns text, "birthDate" date, "sexRecordedAtBirth" text,
      gender text, languages text[], addresses jsonb, status text)`.execute(trx)
}

export async function insertFirstStatuses(
  trx: PracticeTransaction,
  clients: readonly { id: string; status: string }[],
): Promise<void> {
  const ids = clients.map(client => client.id)
  const statuses = clients.map(client => client.status)
  await sql`
    insert into client_status_changes (practice_id, client_id, to_status, reason, effective_on, recorded_by)
    select p.practice_id, c.id, c.status, 'imported', (now() at time zone p.time_zone)::date, ${trx.scope.actor.staffId}::uuid
    from practices p, unnest(${ids}::uuid[], ${statuses}::text[]) as c(id, status)
    where p.practice_id = ${trx.practiceId}`.execute(trx)
}
