import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { given } from '../../lib/given.ts'
import { invalidField } from '../../lib/problems.ts'
import { useEmergencyForClients } from '../charts/index.ts'
import { limitedAmong } from './clients.door.ts'
import { summaryOf } from './clients.projection.ts'
import { type ClientRow, findClients } from './clients.repository.ts'
import { normalizeEmail, normalizePhone } from './contact-points.ts'
import { isInsurance } from './identifiers.rules.ts'
import { identifierIndex } from './identifiers.seal.ts'
import { type Criteria, candidatesFor, findMeeting, idsMeeting, wordsByClient } from './search.repository.ts'
import type { ClientSearch, ClientSearchResult } from './search.schemas.ts'
import { scoreOf, wordsOf } from './search-terms.ts'

interface Found {
  row: ClientRow
  score: number
}

/**
 * Finds visible clients by what is known of them.
 *
 * @throws Problem `invalid-request` when nothing is asked, or a phone number or e-mail cannot be one
 */
export async function searchClients(
  trx: PracticeTransaction,
  search: ClientSearch,
): Promise<ClientSearchResult> {
  trx.audit({ resourceType: 'client' })
  const { text, limit = 20 } = search
  const criteria = await criteriaOf(trx, search)
  const words = text === undefined ? [] : wordsOf(text)
  if (words.length === 0 && Object.keys(criteria).length === 0) {
    throw invalidField('', 'criterion', 'Give at least one word, date, number or id to search by.')
  }
  const found =
    words.length > 0
      ? await findByName(trx, words, criteria)
      : (await findMeeting(trx, criteria, limit + 1)).map(row => ({ row, score: 1 }))
  const shown = found.slice(0, limit)
  const ids = shown.map(({ row }) => row.id)
  trx.audit({ clientIds: ids })
  await useEmergencyForClients(trx, ids)
  const limited = await limitedAmong(trx, ids)
  return {
    data: shown.map(({ row, score }) => ({ client: summaryOf(row, limited.has(row.id)), score })),
    more: found.length > limit,
  }
}

/** Up to so many clients are all looked at; of more, the index of terms chooses whom to look at. */
const fewEnough = 500

/**
 * All words together give the score. Where the index chooses, it does so by the longest word, because that
 * is the rarest.
 */
async function findByName(
  trx: PracticeTransaction,
  words: readonly string[],
  criteria: Criteria,
): Promise<Found[]> {
  const few = await idsMeeting(trx, criteria, fewEnough + 1)
  const [longest = ''] = words.toSorted((a, b) => b.length - a.length)
  const candidates = few.length <= fewEnough ? few : await candidatesFor(trx, longest, criteria)
  const byClient = await wordsByClient(trx, candidates)
  const scores = new Map(candidates.map(id => [id, scoreOf(words, byClient.get(id) ?? [])]))
  const fitting = candidates.filter(id => (scores.get(id) ?? 0) > 0)
  const rows = await findClients(trx, fitting)
  return rows.map(row => ({ row, score: scores.get(row.id) ?? 0 })).sort(byScoreThenName)
}

function byScoreThenName(a: Found, b: Found): number {
  return (
    b.score - a.score ||
    a.row.legal_family_name.localeCompare(b.row.legal_family_name, 'en') ||
    a.row.legal_given_name.localeCompare(b.row.legal_given_name, 'en') ||
    (a.row.id < b.row.id ? -1 : 1)
  )
}

async function criteriaOf(trx: PracticeTransaction, search: ClientSearch): Promise<Criteria> {
  const { birthDate, externalId, identifier } = search
  const phone = search.phone === undefined ? undefined : normalizePhone(search.phone)
  if (search.phone !== undefined && !phone)
    throw invalidField('/phone', 'phone', 'This is no possible phone.')
  const email = search.email === undefined ? undefined : normalizeEmail(search.email)
  if (search.email !== undefined && !email)
    throw invalidField('/email', 'email', 'This is no possible email.')
  const sought = identifier && {
    index: await identifierIndex(trx, identifier.kind, identifier.value),
    isInsurance: isInsurance(identifier.kind),
  }
  return given({ birthDate, phone, email, externalId, identifier: sought })
}
