import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { RecoveryPhilosophies } from '../../../lib/database/schema.ts'
import { emit } from '../../../lib/events.ts'
import { invalidField } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { happenedOn } from '../days.ts'
import { openRecovery } from '../recovery-door.ts'
import { type Philosophy, wordsOf } from '../words.ts'
import type { ChartPhilosophy, NewPhilosophy, PhilosophyEntry } from './philosophy.schemas.ts'

type Row = Selectable<RecoveryPhilosophies>

/** Newest first. */
function history(trx: PracticeTransaction, chart: OpenChart): Promise<Row[]> {
  return trx
    .selectFrom('recovery_philosophies')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .orderBy('starts_on', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** The philosophy that was followed on a day; undefined where none was chosen yet. */
export type PhilosophyOn = (day: string) => Philosophy | undefined

/** What was followed when, in one statement. */
export async function philosophiesOf(trx: PracticeTransaction, chart: OpenChart): Promise<PhilosophyOn> {
  return followed(await history(trx, chart))
}

const followed =
  (rows: readonly Row[]): PhilosophyOn =>
  day =>
    rows.find(row => row.starts_on <= day)?.philosophy as Philosophy | undefined

/** @throws Problem `not-found` */
export async function getPhilosophy(trx: PracticeTransaction, chartId: string): Promise<ChartPhilosophy> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'recovery-philosophy' })
  return show(trx, chart)
}

/** @throws Problem `not-found`, `invalid-request` for a day that cannot be, `invalid-state` in a closed chart */
export async function setPhilosophy(
  trx: PracticeTransaction,
  chartId: string,
  input: NewPhilosophy,
): Promise<ChartPhilosophy> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [startsOn, [last]] = await Promise.all([
    happenedOn(trx, chart, '/startsOn', input.startsOn),
    history(trx, chart),
  ])
  if (last && startsOn < last.starts_on) {
    throw invalidField('/startsOn', 'order', 'Must not be before the choice that came last.')
  }
  if (last && isSame(last, { ...input, startsOn })) {
    trx.audit({ resourceType: 'recovery-philosophy', resourceId: last.id })
    return show(trx, chart)
  }
  const { id } = await trx
    .insertInto('recovery_philosophies')
    .values({
      practice_id: trx.practiceId,
      chart_id: chart.id,
      philosophy: input.philosophy,
      agreed_by: input.agreedBy,
      starts_on: sql<string>`${startsOn}::date`,
      recorded_by: recorder(trx),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  trx.audit({ resourceType: 'recovery-philosophy', resourceId: id, fields: Object.keys(input) })
  emit(trx, { type: 'recovery-philosophy.chosen', resourceId: id, chartId: chart.id })
  return show(trx, chart)
}

/** What is set again as it is was heard already: a repeated request adds nothing to the history. */
const isSame = (row: Row, { philosophy, agreedBy, startsOn }: Required<NewPhilosophy>) =>
  row.philosophy === philosophy && row.agreed_by === agreedBy && row.starts_on === startsOn

async function show(trx: PracticeTransaction, chart: OpenChart): Promise<ChartPhilosophy> {
  const [rows, today] = await Promise.all([history(trx, chart), clientToday(trx, chart)])
  const philosophy = followed(rows)(today) ?? null
  return { philosophy, words: wordsOf[philosophy ?? 'integrated'], history: rows.map(toEntry) }
}

const toEntry = (row: Row): PhilosophyEntry => ({
  philosophy: row.philosophy as Philosophy,
  agreedBy: row.agreed_by as PhilosophyEntry['agreedBy'],
  startsOn: row.starts_on,
  recordedById: row.recorded_by,
  createdAt: row.recorded_at.toISOString(),
})
