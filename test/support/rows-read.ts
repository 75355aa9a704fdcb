import pg from 'pg'
import { Batch } from '../../src/lib/database/batch.ts'
import type { Caller } from './practice.ts'
import type { TestApp } from './test-app.ts'

interface Asked {
  text: string
  values: readonly unknown[]
}

/** Keeps what requests read from the database, as they ask for it: one request at a time. */
export function keepingReads({ house }: Pick<TestApp, 'house'>): () => Asked[] {
  let kept: Asked[] = []
  const watched = new WeakSet<pg.PoolClient>()
  house.database.pool.on('acquire', client => {
    if (watched.has(client)) return
    watched.add(client)
    const { query } = client
    const keeping = (...args: unknown[]) => {
      const [asked] = args
      const each = asked instanceof Batch ? asked.asked : [asked]
      for (const one of each) if (isRead(one)) kept.push({ text: one.text, values: one.values ?? [] })
      return Reflect.apply(query, client, args)
    }
    Object.assign(client, { query: keeping })
  })
  return () => {
    const taken = kept
    kept = []
    return taken
  }
}

const isRead = (asked: unknown): asked is { text: string; values?: unknown[] } =>
  typeof asked === 'object' &&
  asked !== null &&
  'text' in asked &&
  /^\s*(select|with)\b/i.test(String(asked.text)) &&
  !/\binsert into\b/i.test(String(asked.text))

/** What statements cost: rows that were looked at, whether or not they were wanted, and pages. */
export interface Work {
  rows: number
  pages: number
}

/**
 * Runs statements once more as the runtime role, behind row security, and adds up what they looked at.
 *
 * @param plan for these very values, or the one plan that a named statement keeps
 */
export async function workOf(
  { appUrl }: Pick<TestApp, 'appUrl'>,
  { practiceId, caller }: { practiceId: string; caller: Caller },
  statements: readonly Asked[],
  plan: 'force_custom_plan' | 'force_generic_plan',
): Promise<Work> {
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select app.use_practice($1, $2, true)', [practiceId, caller.actorId])
    await client.query(`set local plan_cache_mode = ${plan}`)
    const total = { rows: 0, pages: 0 }
    for (const { text, values } of statements) {
      await client.query(`prepare asked as ${text}`)
      const given = values.length > 0 ? `(${values.map(literalOf).join(', ')})` : ''
      // The first time fills the catalog caches, which are pages too.
      await client.query(`execute asked${given}`)
      const { rows } = await client.query(`explain (analyze, buffers, format json) execute asked${given}`)
      const root: PlanNode = rows[0]['QUERY PLAN'][0].Plan
      total.rows += rowsIn(root)
      total.pages += (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0)
      await client.query('deallocate asked')
    }
    return total
  } finally {
    await client.end()
  }
}

interface PlanNode {
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  Plans?: PlanNode[]
}

function rowsIn(node: PlanNode): number {
  const looksAtTable = node['Relation Name'] !== undefined || node['Index Name'] !== undefined
  const each =
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  const own = looksAtTable ? each * node['Actual Loops'] : 0
  return own + (node.Plans ?? []).map(rowsIn).reduce((all, rows) => all + rows, 0)
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Array.isArray(value))
    return pg.escapeLiteral(`{${value.map(one => JSON.stringify(String(one))).join(',')}}`)
  return pg.escapeLiteral(String(value))
}
