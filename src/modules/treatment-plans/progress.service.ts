import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { clientToday } from '../clients/index.ts'
import { openPlan } from './plans.access.ts'
import type { PageOnly } from './plans.params.schemas.ts'
import type { OpenPlan } from './plans.repository.ts'
import { isInForce } from './plans.rules.ts'
import * as repository from './progress.repository.ts'
import type { NewProgress, Progress } from './progress.schemas.ts'
import { hasObjective } from './revisions.repository.ts'
import { sealedNote } from './sealed-places.ts'
import { announce } from './steps.ts'

type Ids = { chartId: string; planId: string; objectiveKey: string }

/**
 * Notes how an objective of the plan in force goes. An entry that was wrong is replaced by another.
 *
 * @throws Problem `not-found`, `invalid-state` for a plan that is not in force, `invalid-request`, `unknown-reference`;
 *   `already-exists` when the entry was replaced before
 */
export async function recordProgress(
  trx: PracticeTransaction,
  { chartId, planId, objectiveKey }: Ids,
  input: NewProgress,
): Promise<Progress> {
  trx.audit({ fields: Object.keys(input) })
  const plan = await openPlan(trx, chartId, planId, 'plans:write')
  const { status, in_force_revision: inForceRevision } = plan.row
  if (!isInForce({ status, inForceRevision }) || inForceRevision === null) {
    throw new Problem('invalid-state', { detail: 'Progress is noted while a plan is in force.' })
  }
  if (!(await hasObjective(trx, plan, inForceRevision, objectiveKey))) throw notFound()
  if (input.value === null && input.standing === null && input.note === null) {
    throw invalidField('', 'empty', 'Needs a value, a standing or a note.')
  }
  if (input.occurredOn > (await clientToday(trx, plan.chart))) {
    throw invalidField('/occurredOn', 'not-future', 'Must not be in the future.')
  }
  const replacesId = input.replacesProgressId ?? null
  if (replacesId) await requireReplaceable(trx, plan, objectiveKey, replacesId)
  const id = uuidv7()
  const row = await repository.insertProgress(trx, plan, {
    id,
    objective_key: objectiveKey,
    occurred_on: input.occurredOn,
    value: input.value,
    standing: input.standing,
    note_sealed: input.note === null ? null : await trx.seal(sealedNote(id), input.note),
    replaces_id: replacesId,
    recorded_by: recorder(trx),
  })
  announce(trx, plan, 'treatment-plan.progress-recorded')
  return toProgress(trx, row)
}

async function requireReplaceable(
  trx: PracticeTransaction,
  plan: OpenPlan,
  objectiveKey: string,
  id: string,
): Promise<void> {
  const row = await repository.findProgress(trx, plan, id)
  if (row?.objective_key !== objectiveKey) throw unknownReference('/replacesProgressId')
}

/** The newest day first; entries that were replaced are among them. @throws Problem `not-found`, `invalid-cursor` */
export async function listProgress(
  trx: PracticeTransaction,
  { chartId, planId, objectiveKey }: Ids,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<Progress>> {
  const filter = { planId, objectiveKey }
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const rows = await repository.listProgress(trx, plan, objectiveKey, { limit, after })
  return openedPage(
    rows,
    limit,
    each(row => toProgress(trx, row)),
    row => trx.cursorAfter(filter, [row.occurred_on, row.id]),
  )
}

async function toProgress(trx: PracticeTransaction, row: repository.ProgressRow): Promise<Progress> {
  return {
    id: row.id,
    objectiveKey: row.objective_key,
    occurredOn: row.occurred_on,
    value: row.value,
    standing: row.standing,
    note: row.note_sealed ? (await trx.open(sealedNote(row.id), row.note_sealed)).toString() : null,
    replacesProgressId: row.replaces_id,
    replacedByProgressId: row.replaced_by_id,
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}
