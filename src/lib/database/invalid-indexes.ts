import type pg from 'pg'

/**
 * Finishes indexes whose building was broken off: PostgreSQL keeps such an index, maintains it with every write and
 * never uses it, and a migration that makes it `if not exists` would take it for done. To be called with the
 * migrations' lock held, outside a transaction. Building holds up no reader and no writer.
 */
export async function mendInvalidIndexes(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ name: string; leftover: boolean }>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relname ~ '_cc(new|old)[0-9]*$' as leftover
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'cairn' and c.relkind = 'i' and not i.indisvalid order by leftover desc, name`,
  )
  if (rows.length === 0) return
  await owner.query('set lock_timeout = 0')
  for (const { name, leftover } of rows) {
    // What a rebuild itself left behind has its original beside it.
    await owner.query(
      leftover ? `drop index concurrently if exists ${name}` : `reindex index concurrently ${name}`,
    )
  }
}
