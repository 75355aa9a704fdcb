import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  DB,
  PsychosocialAddenda,
  PsychosocialAssessments,
  PsychosocialContents,
} from '../../lib/database/schema.ts'
import { changeAtVersion, type RowVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'

export type PsychosocialRow = Selectable<PsychosocialAssessments> & { overdue: boolean; addended: boolean }
export type ContentRow = Selectable<PsychosocialContents>
export type AddendumRow = Selectable<PsychosocialAddenda>

const heads = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('psychosocial_assessments as p')
    .selectAll('p')
    .select([
      sql<boolean>`coalesce(p.status = 'draft' and p.due_on < ${practiceToday(trx)}, false)`.as('overdue'),
      sql<boolean>`exists (select from psychosocial_addenda d where d.practice_id = p.practice_id
        and d.psychosocial_id = p.id)`.as('addended'),
    ])
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.chart_id', '=', chart.id)

export function findPsychosocial(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<PsychosocialRow | undefined> {
  return heads(trx, chart).where('p.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listPsychosocial(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<PsychosocialRow[]> {
  let query = heads(trx, chart)
  if (before) query = query.where('p.id', '<', before)
  return query
    .orderBy('p.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The newest signed one of a chart. */
export function findLastSigned(
  trx: PracticeTransaction,
  chart: OpenChart,
): Promise<PsychosocialRow | undefined> {
  return heads(trx, chart)
    .where('p.status', '=', 'signed')
    .orderBy('p.signed_on', 'desc')
    .orderBy('p.id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The database refuses a second draft of the same kind. */
export async function insertPsychosocial(
  trx: PracticeTransaction,
  values: Omit<Insertable<PsychosocialAssessments>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('psychosocial_assessments')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** @throws Problem `stale-version` */
export const changePsychosocial = (
  trx: PracticeTransaction,
  at: RowVersion,
  changes: UpdateObject<DB, 'psychosocial_assessments'>,
) => changeAtVersion(trx, 'psychosocial_assessments', at, changes)

export function findDraft(
  trx: PracticeTransaction,
  id: string,
): Promise<{ version: number; content_sealed: Buffer } | undefined> {
  return trx
    .selectFrom('psychosocial_drafts')
    .select(['version', 'content_sealed'])
    .where('practice_id', '=', trx.practiceId)
    .where('psychosocial_id', '=', id)
    .executeTakeFirst()
}

/** Leaves with COMMIT. */
export function saveDraft(
  trx: PracticeTransaction,
  id: string,
  version: number,
  content_sealed: Buffer,
): void {
  trx.later(
    trx
      .insertInto('psychosocial_drafts')
      .values({ practice_id: trx.practiceId, psychosocial_id: id, version, content_sealed })
      .onConflict(conflict =>
        conflict.columns(['practice_id', 'psychosocial_id']).doUpdateSet({ version, content_sealed }),
      ),
  )
}

export async function removeDraft(trx: PracticeTransaction, id: string): Promise<void> {
  await trx
    .deleteFrom('psychosocial_drafts')
    .where('practice_id', '=', trx.practiceId)
    .where('psychosocial_id', '=', id)
    .execute()
}

export async function insertContent(
  trx: PracticeTransaction,
  values: Omit<Insertable<PsychosocialContents>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('psychosocial_contents')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export function findContent(trx: PracticeTransaction, id: string): Promise<ContentRow | undefined> {
  return trx
    .selectFrom('psychosocial_contents')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('psychosocial_id', '=', id)
    .executeTakeFirst()
}

export async function insertAddendum(
  trx: PracticeTransaction,
  values: Omit<Insertable<PsychosocialAddenda>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('psychosocial_addenda')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Oldest first. */
export function listAddenda(trx: PracticeTransaction, id: string): Promise<AddendumRow[]> {
  return trx
    .selectFrom('psychosocial_addenda')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('psychosocial_id', '=', id)
    .orderBy('written_at')
    .orderBy('id')
    .execute()
}
