import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DiagnosisCodes } from '../../lib/database/schema.ts'
import { afterPrefix, type CodeFilter, type CodeSystem } from './diagnosis-codes.rules.ts'

export type CodeRow = Selectable<DiagnosisCodes>

/** The practice's own entries after a place, by system, code and first day. One row more than asked for. */
export function listCodes(
  trx: PracticeTransaction,
  { system, codePrefix, validOn }: CodeFilter,
  { limit, after }: { limit: number; after: readonly [string, string, string] | undefined },
): Promise<CodeRow[]> {
  let query = trx.selectFrom('diagnosis_codes').selectAll().where('practice_id', '=', trx.practiceId)
  if (system) query = query.where('system', '=', system)
  if (codePrefix) {
    query = query.where('code', '>=', codePrefix).where('code', '<', afterPrefix(codePrefix))
  }
  if (validOn) {
    query = query
      .where('valid_from', '<=', validOn)
      .where(({ eb, or }) => or([eb('valid_to', 'is', null), eb('valid_to', '>=', validOn)]))
  }
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('system', 'code', 'valid_from'), '>', tuple(after[0], after[1], after[2])),
    )
  }
  return query
    .orderBy('system')
    .orderBy('code')
    .orderBy('valid_from')
    .limit(limit + 1)
    .execute()
}

/** All of the practice's own entries of these codes. */
export function findCodes(trx: PracticeTransaction, codes: readonly string[]): Promise<CodeRow[]> {
  return trx
    .selectFrom('diagnosis_codes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('system', '=', sql<string>`any(${['icd10cm', 'icd11']}::text[])`)
    .where('code', '=', sql<string>`any(${codes}::text[])`)
    .execute()
}

interface NewCodes {
  system: CodeSystem
  source: string
  codes: readonly { code: string; label: string; validFrom: string; validTo: string | null }[]
  importedBy: string
}

const given = ({
  codes,
}: NewCodes) => sql`jsonb_to_recordset(${JSON.stringify(codes)}::jsonb) as n(code text, label text,
  "validFrom" date, "validTo" date)`

/** Waits until no other import of the practice runs: days that two write at once would be refused as overlapping. */
export async function takeTurn(trx: PracticeTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`diagnosis-codes:${trx.practiceId}`}, 0))`.execute(
    trx,
  )
}

/** Ends the entries that newer ones of their code follow, the day before. @returns how many */
export async function endEarlier(trx: PracticeTransaction, list: NewCodes): Promise<number> {
  const { numAffectedRows } = await sql`
    update diagnosis_codes d set valid_to = n."validFrom" - 1
    from ${given(list)}
    where d.practice_id = ${trx.practiceId} and d.system = ${list.system} and d.code = n.code
      and d.valid_from < n."validFrom" and (d.valid_to is null or d.valid_to >= n."validFrom")`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

/** Writes entries, over those of the same code and first day. */
export async function upsertCodes(trx: PracticeTransaction, list: NewCodes): Promise<void> {
  await sql`
    insert into diagnosis_codes (practice_id, system, code, valid_from, valid_to, label, source, imported_by)
    select ${trx.practiceId}, ${list.system}, n.code, n."validFrom", n."validTo", n.label, ${list.source}, ${list.importedBy}
    from ${given(list)}
    on conflict on constraint diagnosis_codes_pkey do update set valid_to = excluded.valid_to, label = excluded.label,
      source = excluded.source, imported_by = excluded.imported_by, imported_at = now()`.execute(trx)
}
