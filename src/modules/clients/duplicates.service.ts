import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Page } from '../../lib/pages.ts'
import { isClientWithin, useEmergencyForClients } from '../charts/index.ts'
import { limitedAmong, openClient } from './clients.door.ts'
import { summaryOf } from './clients.projection.ts'
import { type ClientRow, findClients } from './clients.repository.ts'
import type { DuplicateCandidate, duplicateReasons } from './clients.schemas.ts'
import { insuranceKinds } from './identifiers.rules.ts'
import { wordsOfClient } from './search.repository.ts'
import { isSimilar } from './search-terms.ts'

type Reason = (typeof duplicateReasons)[number]

/** What each sign adds to the score; it stands in the documentation of DuplicateCandidate. */
const weights: Readonly<Record<Reason, number>> = {
  same_identifier: 60,
  same_birth_date_and_similar_name: 50,
  same_email: 30,
  same_phone: 20,
}
const mostCandidates = 200
const mostShown = 20

/** @throws Problem `not-found` */
export async function listDuplicates(
  trx: PracticeTransaction,
  clientId: string,
): Promise<Page<DuplicateCandidate>> {
  return { data: await duplicatesOf(trx, await openClient(trx, clientId)), nextCursor: null }
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
  const limited = await limitedAmong(trx, [client.id, ...rows.map(row => row.id)])
  const words = wordsOfClient(client)
  const candidates = rows.flatMap(row => {
    const known = !limited.has(client.id) && !limited.has(row.id)
    const found = signs
      .filter(sign => sign.id === row.id)
      .flatMap(({ sign }): Reason[] => {
        if (sign === 'same_insurance') return ['same_identifier']
        if (sign === 'birth-date')
          return isSimilar(words, wordsOfClient(row)) ? ['same_birth_date_and_similar_name'] : []
        // What is not theirs to know of either, they are not told to be the same.
        return known ? [sign] : []
      })
    const reasons = [...new Set(found)]
    const score = Math.min(
      100,
      reasons.reduce((sum, reason) => sum + weights[reason], 0),
    )
    return score === 0 ? [] : [{ client: summaryOf(row, limited.has(row.id)), score, reasons }]
  })
  const shown = candidates
    .toSorted((a, b) => b.score - a.score || (a.client.id < b.client.id ? -1 : 1))
    .slice(0, mostShown)
  const ids = shown.map(({ client }) => client.id)
  trx.audit({ clientIds: ids })
  await useEmergencyForClients(trx, ids)
  return shown
}

interface Sign {
  id: string
  sign: 'same_insurance' | 'same_identifier' | 'same_phone' | 'same_email' | 'birth-date'
}

/** Who shares what, each arm by plain equality on an index. */
async function signsOf(trx: PracticeTransaction, client: ClientRow): Promise<Sign[]> {
  const { practiceId } = trx
  const { rows } = await sql<Sign>`
    select distinct k.id, s.sign from (
      select k.id, 'birth-date' as sign from clients k
        where k.practice_id = ${practiceId} and k.birth_date = ${client.birth_date}::date
      union all
      select o.client_id, 'same_' || p.system from client_contact_points p
        join client_contact_points o on o.practice_id = p.practice_id and o.system = p.system
          and o.value_normalized = p.value_normalized
        where p.practice_id = ${practiceId} and p.client_id = ${client.id}
      union all
      select o.client_id, case when p.kind = any(${[...insuranceKinds]}::text[]) then 'same_insurance'
          else 'same_identifier' end from client_identifiers p
        join client_identifiers o on o.practice_id = p.practice_id and o.value_index = p.value_index
        where p.practice_id = ${practiceId} and p.client_id = ${client.id}
    ) s
    join clients k on k.practice_id = ${practiceId} and k.id = s.id
    where k.id <> ${client.id} and k.status <> 'merged' and ${isClientWithin(trx, 'k.id')}
    limit ${mostCandidates}`.execute(trx)
  return rows
}
