import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { clientsWithin } from '../charts/index.ts'
import { limitedAmong, openClient } from './clients.door.ts'
import { summaryOf } from './clients.projection.ts'
import { type ClientRow, findClients } from './clients.repository.ts'
import type { DuplicateCandidate, duplicateReasons } from './clients.schemas.ts'
import { wordsOfClient } from './search.repository.ts'
import { isSimilar } from './search-terms.ts'

type Reason = (typeof duplicateReasons)[number]

/** What each sign adds to the score; it stands in the documentation of DuplicateCandidate. */
const weights: Readonly<Record<Reason, number>> = {
  'same-identifier': 60,
  'same-birth-date-and-similar-name': 50,
  'same-email': 30,
  'same-phone': 20,
}
const mostCandidates = 200
const mostShown = 20

/** @throws Problem `not-found` */
export async function listDuplicates(
  trx: PracticeTransaction,
  clientId: string,
): Promise<{ data: DuplicateCandidate[] }> {
  return { data: await duplicatesOf(trx, await openClient(trx, clientId)) }
}

/** Visible clients who may be the same person as this one, the likeliest first. */
export async function duplicatesOf(
  trx: PracticeTransaction,
  client: ClientRow,
): Promise<DuplicateCandidate[]> {
  const signs = await signsOf(trx, client)
  const rows = await findClients(
    trx,
    signs.map(sign => sign.id),
  )
  const limited = await limitedAmong(
    trx,
    rows.map(row => row.id),
  )
  const words = wordsOfClient(client)
  const candidates = rows.flatMap(row => {
    const reasons = signs
      .filter(sign => sign.id === row.id)
      .flatMap(({ sign }): Reason[] => {
        if (sign === 'same-identifier') return [sign]
        if (sign === 'birth-date')
          return isSimilar(words, wordsOfClient(row)) ? ['same-birth-date-and-similar-name'] : []
        // Contact data is not theirs to know, so neither is that it is the same.
        return limited.has(row.id) ? [] : [sign]
      })
    const score = Math.min(
      100,
      reasons.reduce((sum, reason) => sum + weights[reason], 0),
    )
    return score === 0 ? [] : [{ client: summaryOf(row, limited.has(row.id)), score, reasons }]
  })
  const shown = candidates
    .toSorted((a, b) => b.score - a.score || (a.client.id < b.client.id ? -1 : 1))
    .slice(0, mostShown)
  trx.audit({ clientIds: shown.map(({ client }) => client.id) })
  return shown
}

interface Sign {
  id: string
  sign: 'same-identifier' | 'same-phone' | 'same-email' | 'birth-date'
}

/** Who shares what, each arm by plain equality on an index. */
async function signsOf(trx: PracticeTransaction, client: ClientRow): Promise<Sign[]> {
  const { practiceId } = trx
  const { rows } = await sql<Sign>`
    select distinct k.id, s.sign from (
      select k.id, 'birth-date' as sign from clients k
        where k.practice_id = ${practiceId} and k.birth_date = ${client.birth_date}::date
      union all
      select o.client_id, 'same-' || p.system from client_contact_points p
        join client_contact_points o on o.practice_id = p.practice_id and o.system = p.system
          and o.value_normalized = p.value_normalized
        where p.practice_id = ${practiceId} and p.client_id = ${client.id}
      union all
      select o.client_id, 'same-identifier' from client_identifiers p
        join client_identifiers o on o.practice_id = p.practice_id and o.value_index = p.value_index
        where p.practice_id = ${practiceId} and p.client_id = ${client.id}
    ) s
    join clients k on k.practice_id = ${practiceId} and k.id = s.id
    where k.id <> ${client.id} and k.status <> 'merged' and k.id in ${clientsWithin(trx)}
    limit ${mostCandidates}`.execute(trx)
  return rows
}
