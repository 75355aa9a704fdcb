import type { KeyObject } from 'node:crypto'
import type pg from 'pg'
import {
  type CanonicalRow,
  type ChainHead,
  canonicalColumns,
  chainHash,
  firstLink,
  instantText,
} from './audit-chain.ts'
import { limits } from './limits.ts'
import { sameSecret } from './opaque-tokens.ts'

/** What is wrong with a chain, in the words `npm run audit -- verify` uses. */
export type ChainFault =
  | 'changed'
  | 'deleted'
  | 'moved in time'
  | 'seal missing'
  | 'inserted afterwards'
  | 'cut off'
  | 'rewritten'

export interface ChainReport {
  practiceId: string
  /** Rows found intact before the first fault, or all of them. */
  intact: number
  /** Rows that no sealer has come to yet. */
  unsealed: number
  firstBad?: { fault: ChainFault; sequence: number | null; auditId: string | null; occurredAt: string | null }
}

type SealedRow = CanonicalRow & {
  seal_sequence: string
  seal_audit_id: string
  seal_occurred_at: string
  hash: Buffer
  elsewhere: boolean
}

const batch = 1_000

const sealedSql = `select s.sequence as seal_sequence, s.audit_id as seal_audit_id,
    ${instantText('s.occurred_at')} as seal_occurred_at, s.hash, ${canonicalColumns},
    a.id is null and exists (select from cairn.audit_log e where e.practice_id = s.practice_id and e.id = s.audit_id)
      as elsewhere
  from cairn.audit_seals s
  left join cairn.audit_log a on a.practice_id = s.practice_id and a.occurred_at = s.occurred_at and a.id = s.audit_id
  where s.practice_id = $1 and ($2::bigint is null or s.sequence > $2) order by s.sequence limit $3`

const unsealedSql = `select a.id, ${instantText('a.occurred_at')} as occurred_at,
    a.occurred_at <= newest.at - make_interval(secs => $2) as late
  from cairn.audit_log a,
    (select coalesce(max(occurred_at), '-infinity') as at from cairn.audit_seals where practice_id = $1) newest
  where a.practice_id = $1 and not exists (select from cairn.audit_seals s
    where s.practice_id = a.practice_id and s.audit_id = a.id and s.occurred_at = a.occurred_at)
  order by a.occurred_at, a.id`

/**
 * Walks a practice's chain from its start and names the first bad row.
 *
 * @param database a connection that sees the practice: the owner's
 * @param anchors heads that were kept outside; without them an end that was cut off cannot be noticed
 */
export async function verifyChain(
  database: pg.ClientBase,
  auditKey: KeyObject,
  practiceId: string,
  anchors: readonly ChainHead[],
): Promise<ChainReport> {
  const anchored = earliestOf(anchors)
  const report: ChainReport = { practiceId, intact: 0, unsealed: 0 }
  let link: Buffer = firstLink
  for (;;) {
    const after = report.intact === 0 ? null : report.intact
    const { rows } = await database.query<SealedRow>(sealedSql, [practiceId, after, batch])
    for (const row of rows) {
      const fault = faultOf(row, report.intact + 1, auditKey, link) ?? anchorFault(row, anchored)
      if (fault) return { ...report, firstBad: { fault, ...placeOf(row, report.intact + 1) } }
      link = row.hash
      report.intact += 1
    }
    if (rows.length < batch) break
  }
  return { ...report, ...(await afterTheChain(database, report, anchored)) }
}

/**
 * Of two anchors of one place the earlier counts: seals that were removed are made anew by the service itself, and
 * the head of what it then finds is anchored like any other.
 */
function earliestOf(anchors: readonly ChainHead[]): ReadonlyMap<number, string> {
  return new Map(anchors.toReversed().map(({ sequence, hash }) => [sequence, hash]))
}

function faultOf(
  row: SealedRow,
  expected: number,
  auditKey: KeyObject,
  link: Uint8Array,
): ChainFault | undefined {
  // Seals begin with 1: one before that is none of the sealer's.
  if (Number(row.seal_sequence) < expected) return 'inserted afterwards'
  if (Number(row.seal_sequence) > expected) return 'seal missing'
  if (row.id === null) return row.elsewhere ? 'moved in time' : 'deleted'
  return sameSecret(chainHash(auditKey, link, row), row.hash) ? undefined : 'changed'
}

/** A chain that is whole in itself and still another one than was anchored was made anew, with the key. */
function anchorFault(row: SealedRow, anchored: ReadonlyMap<number, string>): ChainFault | undefined {
  const hash = anchored.get(Number(row.seal_sequence))
  return hash === undefined || hash === row.hash.toString('hex') ? undefined : 'rewritten'
}

/** A missing seal is named by its own number and by the row behind the gap, which may stand anywhere. */
const placeOf = (row: SealedRow, expected: number) => ({
  sequence: Math.min(Number(row.seal_sequence), expected),
  auditId: row.seal_audit_id,
  occurredAt: row.seal_occurred_at,
})

async function afterTheChain(
  database: pg.ClientBase,
  { practiceId, intact }: ChainReport,
  anchored: ReadonlyMap<number, string>,
): Promise<Partial<ChainReport>> {
  const { rows } = await database.query<{ id: string; occurred_at: string; late: boolean }>(unsealedSql, [
    practiceId,
    limits.audit.lateSeconds,
  ])
  const late = rows.find(row => row.late)
  const unsealed = rows.filter(row => !row.late).length
  if (late) {
    const place = { sequence: null, auditId: late.id, occurredAt: late.occurred_at }
    return { unsealed, firstBad: { fault: 'inserted afterwards', ...place } }
  }
  if (Math.max(0, ...anchored.keys()) > intact) {
    const place = { sequence: intact + 1, auditId: null, occurredAt: null }
    return { unsealed, firstBad: { fault: 'cut off', ...place } }
  }
  return { unsealed }
}
