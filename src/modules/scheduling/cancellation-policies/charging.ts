import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { AppointmentRow } from '../appointments.repository.ts'
import { type PolicyInForce, policyFor } from './policies.repository.ts'
import { type FeeKind, feeOf, freeUntil } from './window.rules.ts'

/** The policy that counts for an appointment now. Its chart stays locked, so that grace is counted once. */
export const policyOf = (
  trx: PracticeTransaction,
  row: Pick<AppointmentRow, 'chart_id' | 'member_ids'>,
  appointmentId: string | null,
) => policyFor(trx, { id: row.chart_id, clientIds: row.member_ids }, appointmentId)

/** Whether canceling now is late. Without a policy nothing is. */
export const isLate = (
  policy: PolicyInForce | undefined,
  row: Pick<AppointmentRow, 'starts_at' | 'time_zone'>,
  now: Date,
): boolean => policy !== undefined && now > freeUntil(row.starts_at, row.time_zone, policy.window_hours)

/**
 * Writes down what a missed hour costs by the version that was signed: data for billing. Nobody owes anything by a
 * policy they did not sign.
 */
export function chargeFor(
  trx: PracticeTransaction,
  row: Pick<AppointmentRow, 'id' | 'chart_id' | 'starts_at' | 'time_zone'>,
  kind: FeeKind,
  policy: PolicyInForce | undefined,
): void {
  if (!policy?.signed) return
  const terms = {
    graceCount: policy.grace_count,
    lateCancellationFeeCents: policy.late_cancellation_fee_cents,
    noShowFeeCents: policy.no_show_fee_cents,
  }
  const fee = feeOf(kind, terms, policy.grace_used)
  if (!fee) return
  const id = uuidv7()
  trx.later(
    trx.insertInto('appointment_fees').values({
      practice_id: trx.practiceId,
      id,
      appointment_id: row.id,
      chart_id: row.chart_id,
      policy_id: policy.id,
      kind,
      amount_cents: fee.amountCents,
      currency: policy.currency,
      status: fee.status,
      free_until: freeUntil(row.starts_at, row.time_zone, policy.window_hours),
      occurred_at: kind === 'no_show' ? row.starts_at : systemClock.now(),
    }),
  )
  emit(trx, {
    type: 'appointment-fee.recorded',
    resourceId: id,
    resourceVersion: 1,
    chartId: row.chart_id,
  })
}

/** The hour was not missed after all, or in another way. */
export async function voidFee(
  trx: PracticeTransaction,
  { id, chart_id }: Pick<AppointmentRow, 'id' | 'chart_id'>,
): Promise<void> {
  const { rows } = await sql<{ id: string; version: number }>`
    update appointment_fees set status = 'void', version = version + 1, updated_at = now()
    where practice_id = ${trx.practiceId} and appointment_id = ${id} and status <> 'void'
    returning id, version`.execute(trx)
  for (const fee of rows)
    emit(trx, {
      type: 'appointment-fee.voided',
      resourceId: fee.id,
      resourceVersion: fee.version,
      chartId: chart_id,
    })
}
