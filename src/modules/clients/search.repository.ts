import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isClientWithin } from '../charts/index.ts'
import type { ClientRow } from './clients.repository.ts'
import { leastSharedTrigrams, swapsOf, trigramsOf, wordsOf } from './search-terms.ts'

type Named = Pick<ClientRow, 'id' | 'legal_given_name' | 'legal_family_name' | 'preferred_name'>

export const wordsOfClient = (row: Named): string[] =>
  wordsOf(`${row.legal_given_name} ${row.legal_family_name} ${row.preferred_name ?? ''}`)

/** Writes anew under which words these clients are found: their own, and those of whoever was merged into them. */
export async function indexNames(trx: PracticeTransaction, rows: readonly Named[]): Promise<void> {
  const ids = rows.map(row => row.id)
  const absorbed = await trx
    .selectFrom('clients')
    .select(['merged_into_id', 'id', 'legal_given_name', 'legal_family_name', 'preferred_name'])
    .where('practice_id', '=', trx.practiceId)
    .where('merged_into_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  await forgetNames(trx, ids)
  await insertTerms(trx, [
    ...rows.map(row => ({ clientId: row.id, words: wordsOfClient(row) })),
    ...absorbed.map(row => ({ clientId: row.merged_into_id ?? row.id, words: wordsOfClient(row) })),
  ])
}

export async function forgetNames(trx: PracticeTransaction, ids: readonly string[]): Promise<void> {
  await trx
    .deleteFrom('client_search_terms')
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

/** Terms of clients who have none yet, all in one statement. */
export async function insertTerms(
  trx: PracticeTransaction,
  clients: readonly { clientId: string; words: readonly string[] }[],
): Promise<void> {
  const seen = new Set<string>()
  const columns = { clientIds: [] as string[], kinds: [] as string[], terms: [] as string[] }
  for (const { clientId, words } of clients) {
    const terms = [
      ...words.map(word => ['name', word] as const),
      ...words.flatMap(trigramsOf).map(piece => ['trigram', piece] as const),
    ]
    for (const [kind, term] of terms) {
      const key = `${clientId}${kind}${term}`
      if (seen.has(key)) continue
      seen.add(key)
      columns.clientIds.push(clientId)
      columns.kinds.push(kind)
      columns.terms.push(term)
    }
  }
  await sql`
    insert into client_search_terms (practice_id, client_id, kind, term)
    select ${trx.practiceId}, t.* from unnest(${columns.clientIds}::uuid[], ${columns.kinds}::text[], ${columns.terms}::text[]) as t`.execute(
    trx,
  )
}

/** What must hold of a client besides the name. All that are given. */
export interface Criteria {
  birthDate?: string
  phone?: string
  email?: string
  externalId?: { system: string; value: string }
  identifier?: { index: Buffer; isInsurance: boolean }
}

/**
 * The ids of the clients who meet the criteria and whom the actor may see. A phone number, an e-mail or an
 * identifier that is no insurance's only selects clients of whom the actor may see it; a merged record leads to the one that goes on.
 */
export function clientsMeeting(trx: PracticeTransaction, criteria: Criteria) {
  const { birthDate, phone, email, externalId, identifier } = criteria
  const fully = phone !== undefined || email !== undefined || identifier?.isInsurance === false
  let query = trx
    .selectFrom('clients as c')
    .select('c.id')
    .where('c.practice_id', '=', trx.practiceId)
    .where('c.status', '<>', 'merged')
    .where(isClientWithin(trx, 'c.id', { fully }))
  if (birthDate !== undefined) query = query.where('c.birth_date', '=', birthDate)
  if (phone !== undefined) query = query.where('c.id', '=', anyOf(reachedBy(trx, 'phone', phone)))
  if (email !== undefined) query = query.where('c.id', '=', anyOf(reachedBy(trx, 'email', email)))
  if (externalId) {
    const { system, value } = externalId
    query = query.where(
      'c.id',
      '=',
      anyOf(sql`select coalesce(k.merged_into_id, k.id) from client_external_ids x
        join clients k on k.practice_id = x.practice_id and k.id = x.client_id
        where x.practice_id = ${trx.practiceId} and x.system = ${system} and x.value = ${value}`),
    )
  }
  if (identifier) {
    query = query.where(
      'c.id',
      '=',
      anyOf(sql`select coalesce(k.merged_into_id, k.id) from client_identifiers x
        join clients k on k.practice_id = x.practice_id and k.id = x.client_id
        where x.practice_id = ${trx.practiceId} and x.value_index = ${identifier.index}`),
    )
  }
  return query
}

/** Few ids, looked up once and first: joined, they may be looked for beside each client. */
const anyOf = (ids: RawBuilder<unknown>) => sql<string>`any(array(${ids}))`

const reachedBy = (trx: PracticeTransaction, system: 'phone' | 'email', value: string) =>
  sql`select coalesce(k.merged_into_id, k.id) from client_contact_points x
    join clients k on k.practice_id = x.practice_id and k.id = x.client_id
    where x.practice_id = ${trx.practiceId} and x.system = ${system} and x.value_normalized = ${value}`

/** The ids alone, at most so many. */
export async function idsMeeting(
  trx: PracticeTransaction,
  criteria: Criteria,
  limit: number,
): Promise<string[]> {
  const rows = await clientsMeeting(trx, criteria).limit(limit).execute()
  return rows.map(row => row.id)
}

const mostByPrefix = 500
const mostByTrigram = 300

/**
 * Clients who meet the criteria and may fit one typed word: by its beginning, by two neighbors swapped, or by
 * enough shared trigrams. Each arm is a plain comparison of text, so each uses the index under row security.
 */
export async function candidatesFor(
  trx: PracticeTransaction,
  word: string,
  criteria: Criteria,
): Promise<string[]> {
  const meeting = () => clientsMeeting(trx, criteria)
  const names = trx
    .selectFrom('client_search_terms as t')
    .select('t.client_id')
    .where('t.practice_id', '=', trx.practiceId)
    .where('t.kind', '=', 'name')
    .where('t.client_id', 'in', meeting())
  const byPrefix = names
    .where('t.term', '>=', word)
    .where('t.term', '<', `${word}\u{10ffff}`)
    .orderBy('t.term')
    .limit(mostByPrefix)
    .execute()
  const bySwap = names
    .where('t.term', '=', sql<string>`any(${swapsOf(word)}::text[])`)
    .limit(mostByPrefix)
    .execute()
  const byTrigram = trx
    .selectFrom(sharing(trx, trigramsOf(word), leastSharedTrigrams(word)).as('s'))
    .select('s.client_id')
    .where('s.client_id', 'in', meeting())
    .orderBy('s.shared', 'desc')
    .orderBy('s.client_id')
    .limit(mostByTrigram)
    .execute()
  const found = await Promise.all([byPrefix, bySwap, byTrigram])
  return [...new Set(found.flat().map(row => row.client_id))]
}

/** Counted in the index of terms alone: only those who share enough are looked up afterwards. */
const sharing = (trx: PracticeTransaction, trigrams: readonly string[], least: number) =>
  trx
    .selectFrom('client_search_terms')
    .select(({ fn }) => ['client_id', fn.countAll().as('shared')])
    .where('practice_id', '=', trx.practiceId)
    .where('kind', '=', 'trigram')
    .where('term', '=', sql<string>`any(${trigrams}::text[])`)
    .groupBy('client_id')
    .having(({ fn }) => fn.countAll(), '>=', least)

/** The words by which these clients are found, merged names included. */
export async function wordsByClient(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await trx
    .selectFrom('client_search_terms')
    .select(['client_id', 'term'])
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('kind', '=', 'name')
    .execute()
  const words = new Map<string, string[]>()
  for (const { client_id, term } of rows) words.set(client_id, [...(words.get(client_id) ?? []), term])
  return words
}

/** Without a name: whoever meets the criteria, in the order of their names. */
export async function findMeeting(
  trx: PracticeTransaction,
  criteria: Criteria,
  limit: number,
): Promise<ClientRow[]> {
  return trx
    .selectFrom('clients')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', 'in', clientsMeeting(trx, criteria))
    .orderBy('legal_family_name')
    .orderBy('legal_given_name')
    .orderBy('id')
    .limit(limit)
    .execute()
}
