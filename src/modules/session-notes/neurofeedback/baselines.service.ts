import { type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { NeurofeedbackBaselines } from '../../../lib/database/schema.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { notFuture, notTooEarly } from '../../recovery/index.ts'
import { openIndividual } from '../individual-door.ts'
import type { BaselineQuery, NeurofeedbackBaseline, NewNeurofeedbackBaseline } from './baselines.schemas.ts'
import { sealedBaseline } from './sealed-places.ts'

type Content = Omit<NewNeurofeedbackBaseline, 'recordedOn' | 'correctsId'>

interface BaselineRow extends Selectable<NeurofeedbackBaselines> {
  in_force: boolean
}

const baselines = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('neurofeedback_baselines as b')
    .selectAll('b')
    .select(
      sql<boolean>`not exists (select from neurofeedback_baselines c
        where c.practice_id = b.practice_id and c.corrects_id = b.id)`.as('in_force'),
    )
    .where('b.practice_id', '=', trx.practiceId)
    .where('b.chart_id', '=', chart.id)

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listBaselines(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: BaselineQuery,
): Promise<Page<NeurofeedbackBaseline>> {
  const chart = await openIndividual(trx, chartId, 'notes:read')
  trx.audit({ resourceType: 'neurofeedback-baseline' })
  const after = trx.cursorKey({ chartId }, cursor)
  let query = baselines(trx, chart)
  if (after) query = query.where('b.id', '<', String(after[0]))
  const [rows, sealer] = await Promise.all([
    query
      .orderBy('b.id', 'desc')
      .limit(limit + 1)
      .execute(),
    trx.sealer(),
  ])
  return openedPage(
    rows,
    limit,
    each(row => show(sealer, row)),
    row => trx.cursorAfter({ chartId }, [row.id]),
  )
}

/**
 * Records a baseline, or one in the place of one that was wrong.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `already-exists` when that was corrected before,
 *   `invalid-state` in a closed chart
 */
export async function recordBaseline(
  trx: PracticeTransaction,
  chartId: string,
  { recordedOn, correctsId = null, ...content }: NewNeurofeedbackBaseline,
): Promise<NeurofeedbackBaseline> {
  const chart = await openIndividual(trx, chartId, 'notes:write')
  const id = uuidv7()
  trx.audit({ resourceType: 'neurofeedback-baseline', resourceId: id, fields: Object.keys(content) })
  const [today, sealer] = await Promise.all([
    clientToday(trx, chart),
    trx.sealer(),
    requireBaseline(trx, chart, '/correctsId', correctsId),
  ])
  if (recordedOn > today) throw notFuture('/recordedOn')
  notTooEarly('/recordedOn', recordedOn)
  if (content.consentOn && content.consentOn > today) throw notFuture('/consentOn')
  const row = await trx
    .insertInto('neurofeedback_baselines')
    .values({
      practice_id: trx.practiceId,
      id,
      chart_id: chart.id,
      recorded_on: recordedOn,
      content_sealed: sealer.seal(sealedBaseline(id), JSON.stringify(content)),
      corrects_id: correctsId,
      recorded_by: recorder(trx),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  emit(trx, { type: 'neurofeedback-baseline.recorded', resourceId: id, chartId })
  return show(sealer, { ...row, in_force: true })
}

/** @throws Problem `unknown-reference` for one that is not of this chart */
export async function requireBaseline(
  trx: PracticeTransaction,
  chart: OpenChart,
  pointer: string,
  id: string | null,
): Promise<void> {
  if (id === null) return
  if (!(await baselines(trx, chart).where('b.id', '=', id).executeTakeFirst()))
    throw unknownReference(pointer)
}

const show = async (sealer: PracticeSealer, row: BaselineRow): Promise<NeurofeedbackBaseline> => ({
  id: row.id,
  chartId: row.chart_id,
  recordedOn: row.recorded_on,
  ...(JSON.parse(await sealer.openText(sealedBaseline(row.id), row.content_sealed)) as Content),
  correctsId: row.corrects_id,
  inForce: row.in_force,
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
})
