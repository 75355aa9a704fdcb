import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { knockInVain, openChart } from '../../charts/index.ts'
import { unknownReference } from '../booking.rules.ts'
import * as repository from './aftercare.repository.ts'
import type { AftercareTask, AftercareTaskChange, NewAftercareTask } from './aftercare.schemas.ts'
import { type OpenIntensive, openIntensive } from './intensive-door.ts'
import { sealedTask } from './sealed-places.ts'

/**
 * Plans something to do after the intensive; possible from the day it is booked on.
 *
 * @throws Problem `not-found`, `invalid-state`, `unknown-reference`, `conflict` when there are too many
 */
export async function planTask(
  trx: PracticeTransaction,
  intensiveId: string,
  { kind, participant, dueOn, note }: NewAftercareTask,
): Promise<AftercareTask> {
  const open = await openIntensive(trx, intensiveId, { write: true, lock: true })
  if (!['scheduled', 'in_progress', 'completed', 'aftercare'].includes(open.status))
    throw new Problem('invalid-state')
  if (participant && !open.participants.has(participant)) throw unknownReference('/participant')
  if ((await repository.countTasks(trx, intensiveId)) >= limits.scheduling.intensiveTasks)
    throw new Problem('conflict', { detail: 'There are too many tasks.' })
  const id = uuidv7()
  trx.audit({ fields: ['aftercareTasks'] })
  const row = await repository.insertTask(trx, {
    id,
    intensive_id: intensiveId,
    kind,
    participant: participant ?? null,
    due_on: dueOn,
    note_sealed: note === undefined ? null : await trx.seal(sealedTask(id), note),
  })
  return told(trx, open, row)
}

/**
 * Settles a task, puts it off, or says which series was booked for it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` for one that is settled, `unknown-reference`
 */
export async function changeTask(
  trx: PracticeTransaction,
  { intensiveId, aftercareTaskId }: { intensiveId: string; aftercareTaskId: string },
  version: number,
  { status, dueOn, seriesId }: AftercareTaskChange,
): Promise<AftercareTask> {
  const open = await openIntensive(trx, intensiveId, { write: true, lock: true })
  const before = await repository.findTask(trx, intensiveId, aftercareTaskId)
  if (!before) throw notFound()
  if (before.version !== version) throw new Problem('stale-version')
  if (before.status !== 'open') throw new Problem('invalid-state')
  if (seriesId) await assertIsSeriesOf(trx, open, before, seriesId)
  trx.audit({ fields: ['aftercareTasks'] })
  const settled = status && { status, settled_at: sql<Date>`now()`, settled_by: recorder(trx) }
  const row = await changeAtVersion(trx, 'intensive_aftercare_tasks', before, {
    ...given({ due_on: dueOn, series_id: seriesId }),
    ...settled,
  })
  return told(trx, open, row)
}

/** A series of the same people: of the couple, or of a participant whose chart the caller may open. */
async function assertIsSeriesOf(
  trx: PracticeTransaction,
  { chart, participants }: OpenIntensive,
  { kind }: repository.TaskRow,
  seriesId: string,
): Promise<void> {
  if (kind !== 'follow_up_series') throw invalidField('/seriesId', 'kind', 'Only for a follow-up series.')
  const chartId = await repository.chartOfSeries(trx, seriesId)
  if (chartId === chart.id) return
  const need = { dataClass: 'administrative', permission: 'appointments:write' } as const
  const other = await (chartId ? openChart(trx, chartId, need) : knockInVain(trx)).catch(error => {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/seriesId') : error
  })
  const people = [...participants.values()]
  if (other.kind !== 'individual' || !other.clientIds.every(id => people.includes(id)))
    throw unknownReference('/seriesId')
}

function told(
  trx: PracticeTransaction,
  { row: { id, version, chart_id } }: OpenIntensive,
  task: repository.TaskRow,
): Promise<AftercareTask> {
  emit(trx, { type: 'intensive.updated', resourceId: id, resourceVersion: version, chartId: chart_id })
  return repository.toTask(trx, task)
}
