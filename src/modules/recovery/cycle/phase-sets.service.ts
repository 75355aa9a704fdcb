import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { allDocuments } from '../documents/documents.ts'
import { openRecovery } from '../recovery-door.ts'
import { addPhaseTo, cyclePhaseKind } from './cycle-phases.service.ts'
import * as repository from './phase-sets.repository.ts'
import type { CyclePhaseSet, NewCyclePhaseSet, StartedPhases } from './phase-sets.schemas.ts'

const resourceType = 'cycle-phase-set'

/** Newest first. @throws Problem `invalid-cursor` */
export async function listPhaseSets(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: { cursor?: string; limit?: number },
): Promise<Page<CyclePhaseSet>> {
  trx.audit({ resourceType })
  const after = trx.cursorKey({}, cursor)?.[0] as number | undefined
  const rows = await repository.listSets(trx, { limit, after })
  return toPage(rows, limit, toSet, row => trx.cursorAfter({}, [row.number]))
}

/** @throws Problem `invalid-request` for two phases in one place; `already-exists` when somebody was faster */
export async function writePhaseSet(
  trx: PracticeTransaction,
  { phases }: NewCyclePhaseSet,
): Promise<CyclePhaseSet> {
  const id = uuidv7()
  trx.audit({ resourceType, resourceId: id, fields: ['phases'] })
  const twin = phases.findIndex((phase, n) => phases.slice(0, n).some(one => one.position === phase.position))
  if (twin >= 0) throw invalidField(`/phases/${twin}/position`, 'unique', 'Another phase has this place.')
  const values = { id, phases: JSON.stringify(phases), created_by: recorder(trx) }
  const row = await repository.insertSet(trx, values)
  emit(trx, { type: 'cycle-phase-set.created', resourceId: id, resourceVersion: row.number })
  return toSet(row)
}

/**
 * Gives a chart that has no phase in use those of the practice's newest set, as its own: what the practice writes later
 * changes none of them.
 *
 * @throws Problem `not-found`; `invalid-state` where there is no set, where the chart has phases, and in a closed chart;
 *   `already-exists` where it began with this version before
 */
export async function startPhases(trx: PracticeTransaction, chartId: string): Promise<StartedPhases> {
  trx.audit({ resourceType: cyclePhaseKind.resourceType })
  const chart = await openRecovery(trx, chartId, 'write')
  const [set, own] = await Promise.all([repository.newestSet(trx), allDocuments(trx, chart, cyclePhaseKind)])
  if (!set) throw new Problem('invalid-state', { detail: 'The practice has no phases to begin with.' })
  if (own.some(({ status }) => status === 'active'))
    throw new Problem('invalid-state', { detail: 'The chart has phases of its own in use.' })
  await repository.insertStart(trx, { chart_id: chart.id, set_id: set.id, recorded_by: recorder(trx) })
  const phases = await Promise.all(
    toSet(set).phases.map(({ description = null, ...phase }) =>
      addPhaseTo(trx, chart, { ...phase, description }),
    ),
  )
  return { setNumber: set.number, phases }
}

const toSet = (row: repository.PhaseSetRow): CyclePhaseSet => ({
  id: row.id,
  number: row.number,
  phases: row.phases as CyclePhaseSet['phases'],
  createdById: row.created_by,
  createdAt: row.created_at.toISOString(),
})
