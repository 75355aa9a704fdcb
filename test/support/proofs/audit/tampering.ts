import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type CanonicalRow, canonicalColumns, chainHash, firstLink } from '../../../../src/lib/audit-chain.ts'
import { insertRow, type LongChain } from './chain.ts'

/** A way to tamper, and the sequences of which one has to be named as the first bad one. */
export interface Tampering {
  name: string
  /** @returns the sequences that may be named; `null` stands for a row without a seal */
  tamper(admin: pg.ClientBase, chain: LongChain, pick: (most: number) => number): Promise<(number | null)[]>
}

interface Column {
  name: string
  type: string
  /** The words its check allows. */
  words: string[] | null
}

/** Every column of a table, from the catalog: one that is added later is tampered with as well. */
export async function columnsOf(admin: pg.ClientBase, table: string): Promise<Column[]> {
  const { rows } = await admin.query<Column>(
    `select a.attname as name, a.atttypid::regtype::text as type,
       (select array(select (regexp_matches(pg_get_constraintdef(k.oid), '''([a-z_]+)''::text', 'g'))[1])
        from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as words
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  )
  return rows
}

/** Another value of the same type, as SQL over the old one. */
const otherValue: Readonly<Record<string, string>> = {
  uuid: 'uuidv7()',
  'uuid[]': '%I || uuidv7()',
  text: `coalesce(%I, '') || 'x'`,
  'text[]': `%I || 'x'::text`,
  'timestamp with time zone': `%I + interval '1 microsecond'`,
  inet: `'198.51.100.9'`,
  bytea: `set_byte(%I, 3, (get_byte(%I, 3) + 1) %% 256)`,
  bigint: '%I + 100000',
}

function changeOf({ name, type, words }: Column): string {
  if (words && words.length > 0)
    return `case when ${name} = '${words[0]}' then '${words[1]}' else '${words[0]}' end`
  const value = otherValue[type]
  if (!value) throw new Error(`Say how a value of type ${type} is changed: ${name}`)
  return value.replaceAll('%I', name).replaceAll('%%', '%')
}

const rowOf = `where practice_id = $1 and id = $2`
const sealOfRow = `where practice_id = $1 and sequence = $2`

/** Tampers with one column of the log, or of the seals. */
export const columnTamperings = (
  log: readonly Column[],
  seals: readonly Column[],
  otherPractice: string,
): Tampering[] => [
  ...log.map(column => ({
    name: `audit_log.${column.name} changed`,
    async tamper(
      admin: pg.ClientBase,
      { practiceId, ids, length }: LongChain,
      pick: (most: number) => number,
    ) {
      const at = 1 + pick(length)
      const value = column.name === 'practice_id' ? `'${otherPractice}'` : changeOf(column)
      const { rowCount } = await admin.query(
        `update cairn.audit_log set ${column.name} = ${value} ${rowOf}`,
        [practiceId, ids[at]],
      )
      if (rowCount !== 1) throw new Error('Nothing was changed')
      return [at]
    },
  })),
  ...seals.map(column => ({
    name: `audit_seals.${column.name} changed`,
    async tamper(admin: pg.ClientBase, { practiceId, length }: LongChain, pick: (most: number) => number) {
      const at = 1 + pick(length)
      const value = column.name === 'practice_id' ? `'${otherPractice}'` : changeOf(column)
      await admin.query(`update cairn.audit_seals set ${column.name} = ${value} ${sealOfRow}`, [
        practiceId,
        at,
      ])
      return [at, at + 1]
    },
  })),
]

/** Tampers with rows as a whole. @param auditKey the real key, for those who stole it as well */
export const rowTamperings = (auditKey: KeyObject): Tampering[] => [
  {
    name: 'a row removed',
    async tamper(admin, { practiceId, ids, length }, pick) {
      const at = 1 + pick(length)
      await admin.query(`delete from cairn.audit_log ${rowOf}`, [practiceId, ids[at]])
      return [at]
    },
  },
  {
    name: 'a row removed with its seal',
    async tamper(admin, { practiceId, ids, length }, pick) {
      const at = 1 + pick(length)
      await admin.query(`delete from cairn.audit_log ${rowOf}`, [practiceId, ids[at]])
      await admin.query(`delete from cairn.audit_seals ${sealOfRow}`, [practiceId, at])
      return [at, at + 1]
    },
  },
  {
    name: 'a row removed and the later ones moved up',
    async tamper(admin, { practiceId, ids, length }, pick) {
      const at = 1 + pick(length)
      await admin.query(`delete from cairn.audit_log ${rowOf}`, [practiceId, ids[at]])
      await admin.query(`delete from cairn.audit_seals ${sealOfRow}`, [practiceId, at])
      const move =
        'update cairn.audit_seals set sequence = sequence + $3 where practice_id = $1 and sequence > $2'
      await admin.query(move, [practiceId, at, 1_000_000])
      await admin.query(move, [practiceId, at, -1_000_001])
      return [at]
    },
  },
  {
    name: 'two rows in each other’s place',
    async tamper(admin, { practiceId, length }, pick) {
      const first = 1 + pick(length - 1)
      const second = first + 1 + pick(length - first)
      const move = `update cairn.audit_seals set sequence = $3 ${sealOfRow}`
      await admin.query(move, [practiceId, first, 2_000_000])
      await admin.query(move, [practiceId, second, first])
      await admin.query(move, [practiceId, 2_000_000, second])
      return [first]
    },
  },
  {
    name: 'what two rows say exchanged',
    async tamper(admin, { practiceId, ids, length }, pick) {
      const first = 1 + pick(length - 1)
      const second = first + 1 + pick(length - first)
      await admin.query(
        `update cairn.audit_log a set resource_id = b.resource_id, client_ids = b.client_ids, actor_id = b.actor_id
         from cairn.audit_log b where a.practice_id = $1 and b.practice_id = $1
           and (a.id, b.id) in (($2::uuid, $3::uuid), ($3::uuid, $2::uuid))`,
        [practiceId, ids[first], ids[second]],
      )
      return [first]
    },
  },
  {
    name: 'a row put into the past',
    async tamper(admin, { practiceId }, pick) {
      await admin.query(insertRow, [practiceId, new Date(Date.now() + (2 + pick(60)) * 864e5)])
      return [null]
    },
  },
  {
    name: 'a row put into the past with a seal before all others',
    async tamper(admin, { practiceId }, pick) {
      const at = new Date(Date.now() + (2 + pick(60)) * 864e5)
      const { rows } = await admin.query<{ id: string }>(insertRow, [practiceId, at])
      const sequence = -pick(3)
      await insertSeal(admin, practiceId, sequence, rows[0]?.id ?? '', randomBytes(32))
      return [sequence]
    },
  },
  {
    name: 'a row added at the end with a seal of another key',
    async tamper(admin, { practiceId, length }) {
      const at = new Date(Date.now() + 80 * 864e5)
      const { rows } = await admin.query<{ id: string }>(insertRow, [practiceId, at])
      await insertSeal(admin, practiceId, length + 1, rows[0]?.id ?? '', randomBytes(32))
      return [length + 1]
    },
  },
  {
    name: 'the end cut off',
    async tamper(admin, { practiceId, ids, length }, pick) {
      const from = 1 + pick(length)
      await admin.query('delete from cairn.audit_log where practice_id = $1 and id = any($2)', [
        practiceId,
        ids.slice(from),
      ])
      await admin.query('delete from cairn.audit_seals where practice_id = $1 and sequence >= $2', [
        practiceId,
        from,
      ])
      return [from]
    },
  },
  {
    name: 'everything removed',
    async tamper(admin, { practiceId }) {
      for (const table of ['audit_log', 'audit_seals'])
        await admin.query(`delete from cairn.${table} where practice_id = $1`, [practiceId])
      return [1]
    },
  },
  rewriting('all written anew without the key', createSecretKey(randomBytes(32)), at => [at]),
  // The head before the next anchor cannot be told apart: the first that is named is that anchor's.
  rewriting('all written anew with the key', auditKey, (at, { anchors }) => {
    const next = anchors.find(({ sequence }) => sequence >= at)
    return next ? [next.sequence] : []
  }),
]

function rewriting(
  name: string,
  key: KeyObject,
  named: (at: number, chain: LongChain) => (number | null)[],
): Tampering {
  return {
    name,
    async tamper(admin, chain, pick) {
      const at = 1 + pick(chain.length)
      await admin.query(`update cairn.audit_log set operation = 'forged' ${rowOf}`, [
        chain.practiceId,
        chain.ids[at],
      ])
      await writeAnew(admin, chain.practiceId, at, key)
      return named(at, chain)
    },
  }
}

/** Computes every seal from this one on, as somebody would who reads the source. */
async function writeAnew(
  admin: pg.ClientBase,
  practiceId: string,
  from: number,
  key: KeyObject,
): Promise<void> {
  const before = await admin.query<{ hash: Buffer }>(
    'select hash from cairn.audit_seals where practice_id = $1 and sequence = $2',
    [practiceId, from - 1],
  )
  const { rows } = await admin.query<CanonicalRow & { sequence: string }>(
    `select s.sequence, ${canonicalColumns} from cairn.audit_seals s
       join cairn.audit_log a on a.practice_id = s.practice_id and a.id = s.audit_id
     where s.practice_id = $1 and s.sequence >= $2 order by s.sequence`,
    [practiceId, from],
  )
  let link: Buffer = before.rows[0]?.hash ?? firstLink
  for (const row of rows) {
    link = chainHash(key, link, row)
    await admin.query(`update cairn.audit_seals set hash = $3 ${sealOfRow}`, [practiceId, row.sequence, link])
  }
}

const insertSeal = (admin: pg.ClientBase, practiceId: string, sequence: number, id: string, hash: Buffer) =>
  admin.query(
    `insert into cairn.audit_seals (practice_id, sequence, occurred_at, audit_id, hash)
     select practice_id, $2, occurred_at, id, $4 from cairn.audit_log where practice_id = $1 and id = $3`,
    [practiceId, sequence, id, hash],
  )
