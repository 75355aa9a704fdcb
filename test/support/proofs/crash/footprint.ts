import type pg from 'pg'
import { until } from '../../until.ts'

/** What was done to a table: how many rows came to be, were written, and by how much their versions grew. */
export interface Trace {
  rows: number
  written: number
  versions: number
}

/** What was done since a mark. Tables that nothing was done to are left out. */
export interface Footprint {
  tables: Record<string, Trace>
  /** Rows of the audit log. */
  audited: { granted: number; denied: number }
}

interface Count extends Trace {
  name: string
}

export interface Mark {
  transaction: string
  counts: Map<string, Count>
}

export interface Footprints {
  mark(): Promise<Mark>
  since(mark: Mark): Promise<Footprint>
}

/**
 * Tells what a piece of work left in any table there is, without knowing what it should have. Rows are told
 * apart by the transaction that wrote them, so two runs can be compared in spite of fresh ids and times.
 *
 * @param admin a superuser's connection to the service's database
 */
export async function footprintsOf(admin: pg.Client): Promise<Footprints> {
  const sql = await countingSql(admin)
  const counts = async (transaction: string) => {
    const { rows } = await admin.query<Count>(sql, [transaction])
    return new Map(rows.map(row => [row.name, row]))
  }
  return {
    async mark() {
      await untilQuiet(admin)
      const { rows } = await admin.query<{ next: string }>(
        'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
      )
      const transaction = rows[0]?.next ?? '0'
      return { transaction, counts: await counts(transaction) }
    },
    async since(mark) {
      await untilQuiet(admin)
      const tables: Record<string, Trace> = {}
      for (const [name, now] of await counts(mark.transaction)) {
        const before = mark.counts.get(name)
        const rows = now.rows - (before?.rows ?? 0)
        const versions = now.versions - (before?.versions ?? 0)
        const isTouched = rows !== 0 || now.written !== 0 || versions !== 0
        if (isTouched && name !== 'audit_log') tables[name] = { rows, written: now.written, versions }
      }
      return { tables, audited: await auditedSince(admin, mark.transaction) }
    },
  }
}

/** A connection that was cut may still be at work on what it was sent. */
const untilQuiet = (admin: pg.Client) =>
  until(
    'the service comes to rest',
    async () => {
      const { rowCount } = await admin.query(
        `select from pg_stat_activity where datname = current_database() and usename = 'cairn_app' and state <> 'idle'`,
      )
      return rowCount === 0
    },
    { seconds: 4 },
  )

async function countingSql(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ name: string; versioned: boolean }>(
    `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version'
       and a.atttypid in ('int4'::regtype, 'int8'::regtype) and not a.attisdropped) as versioned
     from pg_class c where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  )
  return rows
    .map(
      ({ name, versioned }) => `select '${name}' as name, count(*)::int as rows,
        count(*) filter (where xmin::text::bigint >= $1::bigint)::int as written,
        ${versioned ? 'coalesce(sum(version), 0)' : '0'}::int as versions from cairn.${name}`,
    )
    .join(' union all ')
}

async function auditedSince(admin: pg.Client, transaction: string): Promise<Footprint['audited']> {
  const { rows } = await admin.query<Footprint['audited']>(
    `select count(*) filter (where decision = 'granted')::int as granted,
       count(*) filter (where decision = 'denied')::int as denied
     from cairn.audit_log where xmin::text::bigint >= $1::bigint`,
    [transaction],
  )
  return rows[0] ?? { granted: 0, denied: 0 }
}
