import { createHmac, type KeyObject } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import { limits } from './limits.ts'

/**
 * The chain over a practice's audit log. Each row's hash covers the row and the hash before it, under a key
 * that the database does not have: whoever changes, removes, reorders or adds a row in the past breaks it.
 */

/** The end of a practice's chain. Kept elsewhere, it also shows that the end was cut off. */
export interface ChainHead {
  practiceId: string
  sequence: number
  /** Hexadecimal. */
  hash: string
}

/** The row as it is hashed: every column, as text, times to the microsecond. Its order is part of the format. */
export type CanonicalRow = Record<(typeof chainedColumns)[number], unknown>

export const chainedColumns = [
  'practice_id',
  'occurred_at',
  'id',
  'actor_kind',
  'actor_id',
  'session_id',
  'request_id',
  'operation',
  'decision',
  'outcome',
  'purpose',
  'resource_type',
  'resource_id',
  'chart_id',
  'client_ids',
  'fields',
  'emergency_access_id',
  'remote_address',
] as const

/** A JavaScript date would lose the microseconds. */
export const instantText = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Selects a `CanonicalRow` from `audit_log a`. */
export const canonicalColumns = `a.practice_id, ${instantText('a.occurred_at')} as occurred_at, a.id, a.actor_kind,
  a.actor_id, a.session_id, a.request_id, a.operation, a.decision, a.outcome, a.purpose, a.resource_type,
  a.resource_id, a.chart_id, a.client_ids::text[] as client_ids, a.fields, a.emergency_access_id,
  a.remote_address::text as remote_address`

export const firstLink: Buffer = Buffer.alloc(32)

/** HMAC-SHA256 over the previous hash and the row as a JSON array. */
export function chainHash(auditKey: KeyObject, previous: Uint8Array, row: CanonicalRow): Buffer {
  const canonical = JSON.stringify(chainedColumns.map(name => row[name]))
  return createHmac('sha256', auditKey).update(previous).update(canonical).digest()
}

const headSql = `select sequence, hash,
    (select max(occurred_at) from audit_seals where practice_id = $1) - make_interval(secs => $2) as since
  from audit_seals where practice_id = $1 order by sequence desc limit 1`

const unsealedSql = `select ${canonicalColumns} from audit_log a
  where a.practice_id = $1 and a.occurred_at > coalesce($2::timestamptz, '-infinity')
    and not exists (select from audit_seals s where s.practice_id = a.practice_id and s.audit_id = a.id)
  order by a.occurred_at, a.id limit $3`

const sealSql = `insert into audit_seals (practice_id, sequence, occurred_at, audit_id, hash)
  select $1, n, o, i, h from unnest($2::bigint[], $3::timestamptz[], $4::uuid[], $5::bytea[]) as t (n, o, i, h)`

/**
 * Seals the practice's next rows. Two sealers at once do not fork the chain: the sequence is a key, so the
 * later one fails (`audit_seals_pkey`) and its turn is over.
 *
 * @returns the new head and whether more rows wait; undefined when nothing was to be sealed
 */
export async function sealAudit(
  trx: PracticeTransaction,
  auditKey: KeyObject,
): Promise<{ head: ChainHead; more: boolean } | undefined> {
  const { practiceId } = trx
  const run = async <Row>(text: string, parameters: unknown[]) =>
    (await trx.executeQuery<Row>(CompiledQuery.raw(text, parameters))).rows
  const [head] = await run<{ sequence: number; hash: Buffer; since: Date }>(headSql, [
    practiceId,
    limits.audit.lateSeconds,
  ])
  const { sealBatch } = limits.audit
  const rows = await run<CanonicalRow>(unsealedSql, [practiceId, head?.since ?? null, sealBatch])
  if (rows.length === 0) return undefined
  const first = (head?.sequence ?? 0) + 1
  let link: Buffer = head?.hash ?? firstLink
  const hashes = rows.map(row => {
    link = chainHash(auditKey, link, row)
    return link
  })
  await run(sealSql, [
    practiceId,
    rows.map((_row, index) => first + index),
    rows.map(row => row.occurred_at),
    rows.map(row => row.id),
    hashes,
  ])
  const sequence = first + rows.length - 1
  return { head: { practiceId, sequence, hash: link.toString('hex') }, more: rows.length === sealBatch }
}
