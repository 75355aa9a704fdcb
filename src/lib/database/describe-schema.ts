import pg from 'pg'

const relations = `
  select c.oid, c.relname as name, coalesce(obj_description(c.oid), '') as comment,
    c.relrowsecurity and c.relforcerowsecurity as fenced
  from pg_class c where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname`

const parts: readonly string[] = [
  `select format('%s %s%s%s', attname, format_type(atttypid, atttypmod), case when attnotnull then ' not null' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`,
  `select format('constraint %s %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
    where conrelid = $1 and contype <> 'n' order by contype desc, conname`,
  `select pg_get_indexdef(indexrelid) as line from pg_index i where indrelid = $1
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) order by 1`,
  `select format('%spolicy %s to %s using (%s) check (%s)', case when polpermissive then '' else 'restrictive ' end, polname,
      (select string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any(polroles)),
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) as line
    from pg_policy where polrelid = $1 order by polname`,
  `select format('grant %s to %s', string_agg(lower(x.privilege_type), ', ' order by x.privilege_type), g.rolname) as line
    from pg_class c, aclexplode(c.relacl) x, pg_roles g
    where c.oid = $1 and g.oid = x.grantee and g.rolname <> 'cairn_owner' group by g.rolname order by g.rolname`,
]

/**
 * The resulting schema as text, for review: a change of a migration shows what it changes. It is no dump to
 * load (migrations do that); partitions are left out because their names depend on the date.
 */
export async function describeSchema(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const lines = ['-- Generated from the migrations by `npm run database-files`. Do not edit.', '']
    const { rows } = await client.query<{ oid: number; name: string; comment: string; fenced: boolean }>(
      relations,
    )
    for (const { oid, name, comment, fenced } of rows) {
      lines.push(`table ${name}${fenced ? ' (row security forced)' : ` (${comment || 'no row security'})`}`)
      for (const sql of parts) {
        const found = await client.query<{ line: string }>(sql, [oid])
        lines.push(...found.rows.map(({ line }) => `  ${line}`))
      }
      lines.push('')
    }
    const functions = await client.query<{ line: string }>(
      `select format('function %s%s', p.oid::regprocedure, case when prosecdef then ' security definer' else '' end) as line
       from pg_proc p where pronamespace = 'app'::regnamespace order by 1`,
    )
    return `${[...lines, ...functions.rows.map(({ line }) => line)].join('\n')}\n`
  } finally {
    await client.end()
  }
}
