import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { Snippets } from './note-templates.schemas.ts'
import { places } from './sealing.ts'

/** The actor's own. Whoever saved none yet has version 1 of nothing. */
export async function getSnippets(trx: PracticeTransaction): Promise<Snippets> {
  const staffId = recorder(trx)
  trx.audit({ resourceType: 'note-snippets', resourceId: staffId })
  const row = await trx
    .selectFrom('note_snippets')
    .select(['version', 'document_sealed'])
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst()
  if (!row) return { snippets: [], version: 1 }
  const opened = await trx.open(places.snippets(staffId, row.version), row.document_sealed)
  return { snippets: JSON.parse(opened.toString()) as Snippets['snippets'], version: row.version }
}

/** @throws Problem `stale-version` when another device saved meanwhile, `invalid-request` */
export async function saveSnippets(
  trx: PracticeTransaction,
  version: number,
  snippets: Snippets['snippets'],
): Promise<Snippets> {
  const staffId = recorder(trx)
  trx.audit({ resourceType: 'note-snippets', resourceId: staffId, fields: ['snippets'] })
  if (new Set(snippets.map(({ key }) => key)).size < snippets.length)
    throw invalidField('/snippets', 'unique', 'Each snippet needs a key of its own.')
  const next = version + 1
  const sealed = await trx.seal(places.snippets(staffId, next), JSON.stringify(snippets))
  const saved = await (version === 1
    ? insert(trx, staffId, next, sealed)
    : update(trx, staffId, version, sealed))
  if (!saved) throw new Problem('stale-version')
  return { snippets, version: next }
}

/** Of two first saves the second finds the row of the first. */
const insert = (trx: PracticeTransaction, staffId: string, version: number, sealed: Buffer) =>
  trx
    .insertInto('note_snippets')
    .values({ practice_id: trx.practiceId, staff_id: staffId, version, document_sealed: sealed })
    .onConflict(conflict => conflict.doNothing())
    .returning('version')
    .executeTakeFirst()

const update = (trx: PracticeTransaction, staffId: string, version: number, sealed: Buffer) =>
  trx
    .updateTable('note_snippets')
    .set({ document_sealed: sealed, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
