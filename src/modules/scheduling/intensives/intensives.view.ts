import { Temporal } from 'temporal-polyfill'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { minutesOf } from '../appointments.rules.ts'
import { localTime } from '../local-time.ts'
import { listTasks, type TaskRow, toTask } from './aftercare.repository.ts'
import { type BlockRow, listBlocks } from './blocks.repository.ts'
import type { Block } from './blocks.schemas.ts'
import type { GateState } from './gates.schemas.ts'
import { namesIn, type OpenIntensive } from './intensive-door.ts'
import * as repository from './intensives.repository.ts'
import {
  checklistOf,
  type Gate,
  type GateLine,
  type IntensiveStatus,
  isClinical,
} from './intensives.rules.ts'
import type { Intensive, IntensiveSummary } from './intensives.schemas.ts'
import type { MoneyStep } from './money.schemas.ts'
import { sealedMark } from './sealed-places.ts'

/** With all that belongs to it, as this caller may see it, in a constant number of statements. */
export async function showIntensive(trx: PracticeTransaction, open: OpenIntensive): Promise<Intensive> {
  return toIntensive(trx, open, await readParts(trx, open.row.id))
}

/** What belongs to an intensive, as it was read. */
export interface Parts {
  blocks: readonly BlockRow[]
  marks: readonly repository.MarkRow[]
  money: readonly repository.MoneyRow[]
  tasks: readonly TaskRow[]
}

/** Reads all of it in one round trip, which may be that of the writes that are sent before. */
export async function readParts(trx: PracticeTransaction, id: string): Promise<Parts> {
  const [blocks, marks, money, tasks] = await Promise.all([
    listBlocks(trx, id),
    repository.currentMarks(trx, id),
    repository.listMoney(trx, id),
    listTasks(trx, id),
  ])
  return { blocks, marks, money, tasks }
}

export async function toIntensive(
  trx: PracticeTransaction,
  open: OpenIntensive,
  parts: Parts,
): Promise<Intensive> {
  const { row, chart, participants, seesClients } = open
  const inFull = !chart.limited
  return {
    ...toSummary(row),
    participants: seesClients
      ? [...participants].map(([participant, clientId]) => ({ participant, clientId }))
      : [],
    priceCents: row.price_cents,
    depositCents: row.deposit_cents,
    currency: 'USD',
    refunds: refundsOf(row),
    cancellation: toCancellation(row, inFull),
    gates: inFull ? await Promise.all(gatesOf(trx, open, parts.marks)) : [],
    blocks: inFull ? parts.blocks.map(block => toBlock(open, block)) : [],
    money: parts.money.map(toMoney),
    aftercareTasks: inFull ? await Promise.all(parts.tasks.map(task => toTask(trx, task))) : [],
  }
}

export const refundsOf = (row: Pick<repository.IntensiveColumns, 'refund_days' | 'refund_percents'>) =>
  row.refund_days.map((daysBefore, place) => ({ daysBefore, percent: row.refund_percents[place] ?? 0 }))

export function toSummary(row: repository.IntensiveRow): IntensiveSummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.chart_kind === 'individual' ? row.client_a : null,
    coupleId: row.couple_id,
    serviceId: row.service_id,
    leadStaffId: row.lead_staff_id,
    locationId: row.location_id,
    timeZone: row.time_zone,
    status: row.status as IntensiveStatus,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

function toCancellation(row: repository.IntensiveColumns, inFull: boolean): Intensive['cancellation'] {
  if (!row.canceled_at) return null
  type Cancellation = NonNullable<Intensive['cancellation']>
  return {
    reasonCode: inFull ? (row.cancellation_reason as Cancellation['reasonCode']) : null,
    by: row.cancellation_by as Cancellation['by'],
    canceledAt: row.canceled_at.toISOString(),
  }
}

export function toBlock(open: OpenIntensive, row: BlockRow): Block {
  return {
    id: row.id,
    kind: row.kind as Block['kind'],
    participants: namesIn(open, row),
    clinicianIds: row.clinician_ids,
    roomId: row.room_id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    durationMinutes: minutesOf({ startsAt: row.starts_at, endsAt: row.ends_at }),
    localStart: wallClock(row.starts_at, open.row.time_zone),
    status: row.status as Block['status'],
    deliveredMinutes: row.delivered_minutes,
    undeliveredReason: row.undelivered_reason as Block['undeliveredReason'],
    shareCents: row.share_cents,
    version: row.version,
  }
}

/** With its offset, because an hour comes twice when daylight-saving time ends. */
export const wallClock = (instant: Date, zone: string): string => localTime(instant.getTime(), zone)

export const zoned = (instant: Date, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)

const isOf =
  ({ gate, participant }: GateLine) =>
  (mark: repository.MarkRow) =>
    mark.gate === gate && mark.participant === participant

/** Each line of the checklist that is neither met nor overridden. */
export function openLines(open: OpenIntensive, marks: readonly repository.MarkRow[]): GateLine[] {
  return checklistOf([...open.participants.keys()]).filter(
    line => (marks.find(isOf(line))?.status ?? 'open') === 'open',
  )
}

function gatesOf(
  trx: PracticeTransaction,
  open: OpenIntensive,
  marks: readonly repository.MarkRow[],
): Promise<GateState>[] {
  return checklistOf([...open.participants.keys()]).map(async line => {
    const mark = marks.find(isOf(line))
    return {
      ...line,
      status: (mark?.status ?? 'open') as GateState['status'],
      reasonCode: (mark?.reason_code ?? null) as GateState['reasonCode'],
      note: mark ? await noteOf(trx, open, mark) : null,
      recordedById: mark?.recorded_by ?? null,
      markedAt: mark?.created_at.toISOString() ?? null,
    }
  })
}

/** Notes are for people; those on clinical gates for who may read clinical data of the chart. */
async function noteOf(
  trx: PracticeTransaction,
  { readsClinical }: OpenIntensive,
  { id, gate, note_sealed }: repository.MarkRow,
): Promise<string | null> {
  const mayRead = trx.scope.actor.kind === 'user' && (readsClinical || !isClinical(gate as Gate))
  return note_sealed && mayRead ? (await trx.open(sealedMark(id), note_sealed)).toString() : null
}

const toMoney = (row: repository.MoneyRow): MoneyStep => ({
  id: row.id,
  kind: row.kind as MoneyStep['kind'],
  amountCents: row.amount_cents,
  currency: 'USD',
  onDate: row.on_date,
  createdAt: row.created_at.toISOString(),
})
