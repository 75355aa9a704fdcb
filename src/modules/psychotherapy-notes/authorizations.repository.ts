import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { PsychotherapyAuthorizations } from '../../lib/database/schema.ts'
import { changeAtVersion } from '../../lib/versions.ts'
import type { NoteKind } from './notes.rules.ts'

// The database shows these rows to the author of the notes, to the recipient and to the client who gave them; to nobody
// else but for one that is withdrawn.

export type AuthorizationRow = Omit<Selectable<PsychotherapyAuthorizations>, 'kind'> & { kind: NoteKind }

const authorizations = (trx: PracticeTransaction) =>
  trx
    .selectFrom('psychotherapy_authorizations as a')
    .selectAll('a')
    .select(eb => eb.ref('a.kind').$castTo<NoteKind>().as('kind'))
    .where('a.practice_id', '=', trx.practiceId)

export const findAuthorization = (
  trx: PracticeTransaction,
  id: string,
): Promise<AuthorizationRow | undefined> => authorizations(trx).where('a.id', '=', id).executeTakeFirst()

/** One whose author works here no longer, for an owner or administrator; undefined of any other. */
export async function findLeft(trx: PracticeTransaction, id: string): Promise<AuthorizationRow | undefined> {
  const { rows } = await sql<{ opened: boolean }>`
    select app.open_left_authorization(${id}) as opened`.execute(trx)
  return rows[0]?.opened ? findAuthorization(trx, id) : undefined
}

interface AuthorizationPage {
  chartId: string | undefined
  clientId?: string
  limit: number
  after: string | undefined
}

/** Those the actor recorded and those that name the actor, the newest first. One row more than asked for. */
export function listAuthorizations(
  trx: PracticeTransaction,
  { chartId, clientId, limit, after }: AuthorizationPage,
): Promise<AuthorizationRow[]> {
  let query = authorizations(trx)
  if (clientId) query = query.where('a.client_id', '=', clientId)
  if (chartId) query = query.where('a.chart_id', '=', chartId)
  if (after) query = query.where('a.id', '<', after)
  return query
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertAuthorization(
  trx: PracticeTransaction,
  values: Omit<Insertable<PsychotherapyAuthorizations>, 'practice_id' | 'kind'> & { kind: NoteKind },
): Promise<AuthorizationRow> {
  const row = await trx
    .insertInto('psychotherapy_authorizations')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, kind: values.kind }
}

/** Revokes one as it was read, and answers it as it is now. @throws Problem `stale-version` */
export async function revoke(trx: PracticeTransaction, before: AuthorizationRow): Promise<AuthorizationRow> {
  const changes = { revoked_at: sql<Date>`now()` }
  const row = await changeAtVersion(trx, 'psychotherapy_authorizations', before, changes)
  return { ...row, kind: before.kind }
}
