import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { openForChange } from '../appointment-steps.ts'
import * as repository from './fees.repository.ts'
import type { AppointmentFee, FeeQuery, NewWaiver } from './policies.schemas.ts'

/** By time, of appointments the caller may see. @throws Problem `invalid-cursor` */
export async function listFees(trx: PracticeTransaction, query: FeeQuery): Promise<Page<AppointmentFee>> {
  trx.audit({ resourceType: 'appointment-fee' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const [occurredAt, id] = trx.cursorKey(filter, cursor) ?? []
  const after = occurredAt === undefined ? undefined : { occurredAt: String(occurredAt), id: String(id) }
  const rows = await repository.listFees(trx, filter, { limit, after })
  const shown = rows.slice(0, limit)
  trx.audit({ fields: shown.length > 0 ? ['amount'] : [], chartIds: shown.map(row => row.chart_id) })
  const notes = new Map<string, string | null>()
  for (const row of shown) notes.set(row.id, await openNote(trx, row))
  return toPage(
    rows,
    limit,
    row => toFee(row, notes.get(row.id) ?? null),
    row => trx.cursorAfter(filter, [row.occurred_at.toISOString(), row.id]),
  )
}

/**
 * Decides not to ask for a fee. What had grace keeps counting as grace, so it cannot be waived.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`
 */
export async function waiveFee(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { reasonCode, note }: NewWaiver,
): Promise<AppointmentFee> {
  trx.audit({ resourceType: 'appointment-fee', resourceId: id, fields: ['waiver'] })
  const waived_by = recorder(trx)
  const before = await repository.findFee(trx, id)
  if (!before) throw notFound()
  await openForChange(trx, before.appointment_id)
  trx.audit({ resourceType: 'appointment-fee', resourceId: id, fields: ['waiver'] })
  if (before.version !== version) throw new Problem('stale-version')
  if (before.status !== 'due') throw new Problem('invalid-state')
  const after = await changeAtVersion(trx, 'appointment_fees', before, {
    status: 'waived',
    waiver_reason: reasonCode,
    waiver_note_sealed: note === undefined ? null : await trx.seal(repository.sealedWaiver(id), note),
    waived_by,
    waived_at: sql<Date>`now()`,
  })
  emit(trx, {
    type: 'appointment-fee.waived',
    resourceId: id,
    resourceVersion: after.version,
    chartId: after.chart_id,
  })
  return toFee({ ...after, seen_as: before.seen_as }, note ?? null)
}

/** Notes are for people of the practice who may open the chart. */
async function openNote(trx: PracticeTransaction, row: repository.FeeRow): Promise<string | null> {
  const readsNotes = trx.scope.actor.kind === 'user' && (row.seen_as === 'all' || row.seen_as === 'chart')
  if (!row.waiver_note_sealed || !readsNotes) return null
  return (await trx.open(repository.sealedWaiver(row.id), row.waiver_note_sealed)).toString()
}

function toFee(row: repository.FeeRow, note: string | null): AppointmentFee {
  return {
    id: row.id,
    appointmentId: row.appointment_id,
    chartId: row.chart_id,
    cancellationPolicyId: row.policy_id,
    kind: row.kind as AppointmentFee['kind'],
    amount: { amount: row.amount_cents, currency: row.currency },
    status: row.status as AppointmentFee['status'],
    freeUntil: row.free_until.toISOString(),
    occurredAt: row.occurred_at.toISOString(),
    waiver: toWaiver(row, note),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

function toWaiver(row: repository.FeeRow, note: string | null): AppointmentFee['waiver'] {
  if (!row.waived_at || !row.waived_by) return null
  type Waiver = NonNullable<AppointmentFee['waiver']>
  return {
    reasonCode: row.seen_as === 'part' ? null : (row.waiver_reason as Waiver['reasonCode']),
    note,
    waivedById: row.waived_by,
    waivedAt: row.waived_at.toISOString(),
  }
}
