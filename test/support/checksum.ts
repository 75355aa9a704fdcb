import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** A digest of every row a practice has, by table: seen from behind the fence. */
export function checksumOf(test: TestApp, practiceId: string): Promise<Record<string, string>> {
  return asAdmin(test.adminUrl, async admin => {
    const tables = await admin.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'practice_id' and not a.attisdropped
       where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       order by 1`,
    )
    const digests: Record<string, string> = {}
    for (const { name } of tables.rows) {
      const { rows } = await admin.query<{ digest: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(one::text, '|' order by one::text)), '') as digest
         from ${name} one where practice_id = $1`,
        [practiceId],
      )
      digests[name] = rows[0]?.digest ?? ''
    }
    return digests
  })
}
