import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { enteredBy } from '../../lib/recorder.ts'
import type { NewChange, OpenPlan } from './plans.repository.ts'
import type { PlanStatus, StepReason } from './plans.rules.ts'
import { sealedReason } from './sealed-places.ts'

export type PlanEvent = Extract<EventType, `treatment-plan.${string}`>

/** A step of the plan's history, with its reason. Seal it before what is sent together with it. */
export async function sealStep(
  trx: PracticeTransaction,
  planId: string,
  { status, revision }: { status: PlanStatus; revision: number },
  { code, text }: { code?: StepReason; text?: string | null } = {},
): Promise<NewChange> {
  const id = uuidv7()
  return {
    id,
    plan_id: planId,
    status,
    revision,
    reason_code: code ?? null,
    reason_sealed: text ? await trx.seal(sealedReason(id), text) : null,
    recorded_by: trx.scope.actor.staffId,
    entered_by: enteredBy(trx),
  }
}

/** Tells of a plan as it is now. */
export const announce = (trx: PracticeTransaction, { row }: OpenPlan, type: PlanEvent): void =>
  emit(trx, { type, resourceId: row.id, resourceVersion: row.version, chartId: row.chart_id })
