import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { addictionKind } from '../addictions/addictions.service.ts'
import { allDocuments } from '../documents/documents.ts'
import { philosophiesOf } from '../philosophy/philosophy.service.ts'
import { openRecovery } from '../recovery-door.ts'
import { type FellowshipSuggestions, suggestionNote } from './fellowships.schemas.ts'
import { factsOf } from './fellowships.ts'
import { type Part, suggestionsFor } from './suggestions.rules.ts'

/** What could fit; nothing is written down by it. @throws Problem `not-found` */
export async function suggestFellowships(
  trx: PracticeTransaction,
  chartId: string,
): Promise<FellowshipSuggestions> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'fellowship-suggestions' })
  const [addictions, philosophyOn, today, parts] = await Promise.all([
    allDocuments(trx, chart, addictionKind),
    philosophiesOf(trx, chart),
    clientToday(trx, chart),
    partsOf(trx, chart),
  ])
  const followed = addictions.map(({ id, content }) => ({ id, type: content.type }))
  const philosophy = philosophyOn(today) ?? null
  return {
    philosophy,
    note: suggestionNote,
    suggestions: suggestionsFor(followed, philosophy ?? 'integrated', parts).map(
      ({ fellowship, addictionIds, participation }) => ({
        ...factsOf(fellowship),
        addictionIds,
        participation,
      }),
    ),
  }
}

/** The client's part in fellowships, oldest first. Records of this kind are never restricted. */
async function partsOf(trx: PracticeTransaction, chart: OpenChart): Promise<Part[]> {
  const { rows } = await sql<Part>`
    select r.keys[1] as fellowship, r.status from recovery_records r
    where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id} and r.kind = 'fellowship_participation'
      and r.status <> 'withdrawn'
    order by r.occurred_on, r.id`.execute(trx)
  return rows
}
