import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { type OpenChart, useEmergencyForCharts } from '../../charts/index.ts'
import { findLocation, findService, findStaff } from '../../practice/index.ts'
import { unknownReference } from '../booking.rules.ts'
import { openSubject } from '../subject.ts'
import * as history from './history.repository.ts'
import type { ChangeQuery, IntensiveChange } from './history.schemas.ts'
import { opened, openForStep, openIntensive } from './intensive-door.ts'
import * as repository from './intensives.repository.ts'
import { assertIsIn, openStates } from './intensives.rules.ts'
import type {
  Intensive,
  IntensiveQuery,
  IntensiveSummary,
  IntensiveTerms,
  NewIntensive,
} from './intensives.schemas.ts'
import { showIntensive, toSummary } from './intensives.view.ts'
import { sealedChange } from './sealed-places.ts'
import { changeIntensive, recordStep } from './steps.ts'

/** @throws Problem `not-found` */
export async function getIntensive(trx: PracticeTransaction, id: string): Promise<Intensive> {
  return showIntensive(trx, await openIntensive(trx, id))
}

/** Newest first. @throws Problem `invalid-cursor` */
export async function listIntensives(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: IntensiveQuery,
): Promise<Page<IntensiveSummary>> {
  trx.audit({ resourceType: 'intensive' })
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listIntensives(trx, { ...filter, limit, after })
  const shown = rows.slice(0, limit)
  trx.audit({ clientIds: shown.flatMap(row => [row.client_a, ...(row.client_b ? [row.client_b] : [])]) })
  const { dataClass, permission } = repository.toReadIntensives
  await useEmergencyForCharts(
    trx,
    shown.map(row => row.chart_id),
    dataClass,
    permission,
  )
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.id]))
}

/**
 * Opens an intensive as an inquiry, for a client or a couple.
 *
 * @throws Problem `unknown-reference`, `invalid-request`, `invalid-state` for a closed chart
 */
export async function openInquiry(trx: PracticeTransaction, input: NewIntensive): Promise<Intensive> {
  const id = uuidv7()
  trx.audit({ resourceType: 'intensive', fields: Object.keys(input) })
  assertDepositFits(input.priceCents, input.depositCents)
  const refunds = refundColumns(input.refunds ?? [])
  const chart = await openSubject(trx, input)
  const people = participantsOf(chart, input)
  const [service, location] = await Promise.all([
    findService(trx, input.serviceId),
    findLocation(trx, input.locationId),
    assertLeads(trx, input.leadStaffId),
  ])
  if (!service) throw unknownReference('/serviceId')
  if (service.status !== 'active') throw unknownReference('/serviceId', 'retired')
  if (service.kind !== 'intensive')
    throw invalidField('/serviceId', 'kind', 'This is not a service of kind `intensive`.')
  if (!location) throw unknownReference('/locationId')
  if (location.status !== 'active') throw unknownReference('/locationId', 'closed')
  await repository.insertIntensive(trx, {
    id,
    chart_id: chart.id,
    ...people,
    service_id: input.serviceId,
    lead_staff_id: input.leadStaffId ?? null,
    location_id: location.id,
    time_zone: location.time_zone,
    price_cents: input.priceCents,
    deposit_cents: input.depositCents,
    ...refunds,
  })
  const row = await repository.findIntensive(trx, id)
  if (!row) throw notFound()
  trx.passDoor({ door: 'intensive', id, need: 'read' })
  trx.audit({ resourceId: id })
  const open = opened(trx, row, chart)
  await recordStep(trx, 'opened', open)
  return showIntensive(trx, open)
}

/**
 * Changes the terms. What it costs stands once the contract is made.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `invalid-request`
 */
export async function changeTerms(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { refunds, leadStaffId, locationId, priceCents, depositCents }: IntensiveTerms,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...openStates)
  const isAboutMoney = [refunds, priceCents, depositCents].some(one => one !== undefined)
  if (isAboutMoney) assertIsIn(open.status, 'inquiry', 'screened')
  const { row } = open
  assertDepositFits(priceCents ?? row.price_cents, depositCents ?? row.deposit_cents)
  const [location] = await Promise.all([
    locationId === undefined ? undefined : findLocation(trx, locationId),
    assertLeads(trx, leadStaffId),
  ])
  if (locationId !== undefined && !location) throw unknownReference('/locationId')
  if (location && location.status !== 'active') throw unknownReference('/locationId', 'closed')
  const after = await changeIntensive(trx, open, {
    ...given({ lead_staff_id: leadStaffId, price_cents: priceCents, deposit_cents: depositCents }),
    ...(location && { location_id: location.id, time_zone: location.time_zone }),
    ...(refunds && refundColumns(refunds)),
  })
  await recordStep(trx, 'updated', after)
  return showIntensive(trx, after)
}

/**
 * What became of an intensive, oldest first. Notes are for people of the practice.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listChanges(
  trx: PracticeTransaction,
  id: string,
  { cursor, limit = limits.page.default }: ChangeQuery,
): Promise<Page<IntensiveChange>> {
  const { chart } = await openIntensive(trx, id)
  const after = Number(trx.cursorKey({ id }, cursor)?.[0] ?? 0)
  const rows = await history.listChanges(trx, id, { limit, after })
  const ids = rows.slice(0, limit).map(row => row.id)
  const blocks = chart.limited ? [] : await history.listBlockChanges(trx, ids)
  const readsNotes = trx.scope.actor.kind === 'user' && !chart.limited
  const notes = new Map<string, string>()
  for (const row of rows)
    if (row.note_sealed && readsNotes)
      notes.set(row.id, (await trx.open(sealedChange(row.id), row.note_sealed)).toString())
  return toPage(
    rows,
    limit,
    row => ({
      id: row.id,
      intensiveVersion: row.intensive_version,
      kind: row.kind as IntensiveChange['kind'],
      status: row.status as IntensiveChange['status'],
      recordedById: row.staff_id,
      reasonCode: chart.limited ? null : (row.reason_code as IntensiveChange['reasonCode']),
      by: row.asked_by as IntensiveChange['by'],
      note: notes.get(row.id) ?? null,
      blocks: blocks.filter(block => block.change_id === row.id).map(toBlockChange),
      createdAt: row.occurred_at.toISOString(),
    }),
    row => trx.cursorAfter({ id }, [row.intensive_version]),
  )
}

/** A merged record is a member of its chart too: of one client only who is named takes part. */
function participantsOf(
  { kind, clientIds }: OpenChart,
  { clientId }: Pick<NewIntensive, 'clientId'>,
): { client_a: string; client_b: string | null } {
  if (kind !== 'couple') return { client_a: clientId ?? '', client_b: null }
  const [client_a, client_b] = clientIds
  if (!client_a || !client_b)
    throw new Problem('invalid-state', { detail: 'Both partners must be in the joint care.' })
  return { client_a, client_b }
}

const toBlockChange = (row: history.BlockChangeRow): IntensiveChange['blocks'][number] => ({
  blockId: row.block_id,
  status: row.status as IntensiveChange['blocks'][number]['status'],
  clinicianIds: row.clinician_ids,
  roomId: row.room_id,
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  deliveredMinutes: row.delivered_minutes,
})

function assertDepositFits(priceCents: number, depositCents: number): void {
  if (depositCents > priceCents)
    throw invalidField('/depositCents', 'range', 'Must not be more than the price.')
}

async function assertLeads(trx: PracticeTransaction, staffId: string | null | undefined): Promise<void> {
  if (!staffId) return
  const staff = await findStaff(trx, staffId)
  if (!staff) throw unknownReference('/leadStaffId')
  if (staff.status !== 'active' || !staff.roles.includes('clinician'))
    throw unknownReference('/leadStaffId', 'inactive')
}

/** @throws Problem `invalid-request` for two steps of one day */
function refundColumns(refunds: NonNullable<NewIntensive['refunds']>) {
  const days = refunds.map(({ daysBefore }) => daysBefore)
  if (new Set(days).size < days.length)
    throw invalidField('/refunds', 'unique', 'Say of each number of days once what goes back.')
  return { refund_days: days, refund_percents: refunds.map(({ percent }) => percent) }
}
