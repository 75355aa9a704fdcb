import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { EventType } from '../../../lib/event-types.ts'
import { type DomainEvent, emitAll } from '../../../lib/events.ts'
import type { ChangeKind } from '../changes.schemas.ts'
import { tellOf } from '../reminders/tell.ts'
import type { SeriesChange } from './change.schemas.ts'
import type { SeriesChangeKind } from './history.schemas.ts'
import { recordSteps } from './many-appointments.repository.ts'
import { insertChange, type SeriesColumns } from './series.repository.ts'
import type { PlannedDate } from './series.rules.ts'
import { sealNote } from './series.view.ts'

/** Why, in the caller's words. */
export type Reason = Pick<SeriesChange, 'reasonCode' | 'by' | 'note'>

const eventOf: Readonly<Record<SeriesChangeKind, EventType>> = {
  booked: 'appointment-series.booked',
  changed: 'appointment-series.changed',
  canceled: 'appointment-series.canceled',
  paused: 'appointment-series.paused',
  resumed: 'appointment-series.resumed',
  zone_changed: 'appointment-series.zone-changed',
}

export interface StepOfAppointment {
  id: string
  kind: Extract<ChangeKind, 'booked' | 'moved' | 'canceled' | 'late_canceled'>
  /** Of the appointment after it. */
  version: number
  chartId: string
}

const told: Readonly<Record<StepOfAppointment['kind'], EventType>> = {
  booked: 'appointment.booked',
  moved: 'appointment.moved',
  canceled: 'appointment.canceled',
  late_canceled: 'appointment.canceled',
}

/** Writes what happened to appointments into their histories, and tells of it with whatever else is told. */
export function tell(
  trx: PracticeTransaction,
  steps: readonly StepOfAppointment[],
  reason: Reason,
  more: readonly DomainEvent[],
): void {
  const asked = { by: reason.by ?? null, reasonCode: reason.reasonCode ?? null }
  recordSteps(
    trx,
    steps.map(({ id, kind }) => ({ appointmentId: id, kind })),
    asked,
  )
  const idsOf = (isNew: boolean) =>
    steps.filter(({ kind }) => (kind === 'booked') === isNew).map(({ id }) => id)
  tellOf(trx, 'appointment', idsOf(true), { isNew: true })
  tellOf(trx, 'appointment', idsOf(false))
  emitAll(trx, [
    ...more,
    ...steps.map(({ id, kind, version, chartId }) => ({
      type: told[kind],
      resourceId: id,
      resourceVersion: version,
      chartId,
    })),
  ])
}

export interface Counts {
  booked: number
  moved: number
  canceled: number
  leftOut: number
}

/** What was done to the appointments of these dates. */
export function stepsOf(dates: readonly PlannedDate[], chartId: string): StepOfAppointment[] {
  return dates.flatMap(({ step, session }) => {
    if (!step || !session) return []
    const version = step === 'booked' ? session.version : session.version + 1
    return [{ id: session.id, kind: step, version, chartId }]
  })
}

const leavesOut = ({ standing, clash }: PlannedDate) => clash !== null || standing !== 'booked'

export const countsOf = (dates: readonly PlannedDate[]): Counts => ({
  booked: dates.filter(({ step }) => step === 'booked').length,
  moved: dates.filter(({ step }) => step === 'moved').length,
  canceled: dates.filter(({ step }) => step === 'canceled' || step === 'late_canceled').length,
  leftOut: dates.filter(leavesOut).length,
})

/** Adds a step to the history of a series; the event of it is for `tell`. */
export async function recordSeries(
  trx: PracticeTransaction,
  kind: SeriesChangeKind,
  after: SeriesColumns,
  { from, counts, reason = {} }: { from: string; counts: Counts; reason?: Reason },
): Promise<DomainEvent> {
  const id = uuidv7()
  const { actor } = trx.scope
  insertChange(trx, {
    id,
    series_id: after.id,
    series_version: after.version,
    kind,
    from_date: from,
    actor_kind: actor.kind,
    actor_id: actor.id,
    staff_id: actor.staffId,
    rule: after.rule,
    first_on: after.first_on,
    starts_minute: after.starts_minute,
    duration_minutes: after.duration_minutes,
    clinician_id: after.clinician_id,
    location_id: after.location_id,
    room_id: after.room_id,
    mode: after.mode,
    booked_count: counts.booked,
    moved_count: counts.moved,
    canceled_count: counts.canceled,
    left_out_count: counts.leftOut,
    reason_code: reason.reasonCode ?? null,
    asked_by: reason.by ?? null,
    note_sealed: reason.note === undefined ? null : await sealNote(trx, id, reason.note),
  })
  return {
    type: eventOf[kind],
    resourceId: after.id,
    resourceVersion: after.version,
    chartId: after.chart_id,
  }
}
