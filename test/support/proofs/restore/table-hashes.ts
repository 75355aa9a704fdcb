import { asAdmin } from '../../test-server.ts'

/** What a restore itself writes, and so what is left out of the comparison: the rest of the row counts. */
const written: Record<string, { columns?: string[]; where?: string }> = {
  audit_log: { where: `operation <> 'restoreBackup'` },
  events: { where: `type <> 'practice.restored'` },
  event_backlog: { where: `id not in (select id from cairn.events where type = 'practice.restored')` },
  event_counters: { columns: ['practice_id'] },
  sessions: { columns: ['practice_id', 'id', 'user_id', 'refresh_hash', 'created_at'] },
  portal_sessions: { columns: ['practice_id', 'id', 'client_id', 'representative_id', 'created_at'] },
  calendar_feeds: { columns: ['practice_id', 'id', 'staff_id', 'client_id', 'secret_hash', 'created_at'] },
  client_messages: { columns: ['practice_id', 'id', 'client_id', 'kind', 'purpose', 'created_at'] },
  api_clients: { columns: ['practice_id', 'id', 'secret_hash', 'created_at'] },
}

/** A hash of all rows of each table of ours and of the job queue, whatever their order. */
export const tableHashes = (url: string): Promise<Record<string, string>> =>
  asAdmin(url, async client => {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('cairn', 'public') and (c.relkind = 'p' or c.relkind = 'r' and not c.relispartition)
       order by 1, 2`,
    )
    const hashes: Record<string, string> = {}
    for (const { schema, name } of tables) {
      const { columns, where = 'true' } = written[name] ?? {}
      const row = columns ? `(${columns.join(', ')})` : 't'
      const { rows } = await client.query<{ hash: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(md5(row), '' order by md5(row))), '') as hash
         from (select row(${row})::text as row from ${schema}.${name} t where ${where}) hashed`,
      )
      hashes[`${schema}.${name}`] = rows[0]?.hash ?? ''
    }
    return hashes
  })
