import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { changeRow, openForChange, openForStep } from '../appointment-steps.ts'
import type { AppointmentRow } from '../appointments.repository.ts'
import { assertMayArrive, statusOf } from '../appointments.rules.ts'
import { openAppointmentRow } from '../appointments.service.ts'
import { unknownReference } from '../booking.rules.ts'
import * as repository from './check-ins.repository.ts'
import type { CheckIn, CheckInJudgment, NewCheckIn, Telehealth } from './check-ins.schemas.ts'

/** @throws Problem `not-found`, `invalid-state` for a session in person */
export async function getTelehealth(trx: PracticeTransaction, id: string): Promise<Telehealth> {
  const row = await openAppointmentRow(trx, id)
  assertByTelehealth(row)
  return toTelehealth(trx, row)
}

/** @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export async function setLink(
  trx: PracticeTransaction,
  id: string,
  version: number,
  link: string | null,
): Promise<Telehealth> {
  const before = await openForStep(trx, id, version)
  assertByTelehealth(before)
  assertNotOver(before)
  const telehealth_link_sealed = link === null ? null : await trx.seal(repository.sealedLink(id), link)
  const after = await changeRow(trx, before, { status: statusOf(before.status), telehealth_link_sealed })
  emit(trx, {
    type: 'appointment.link-changed',
    resourceId: id,
    resourceVersion: after.version,
    chartId: after.chart_id,
  })
  return toTelehealth(trx, after)
}

/**
 * Records where a client is. The newest of each client counts.
 *
 * @throws Problem `not-found`, `not-permitted`, `invalid-state`, `unknown-reference`
 */
export async function checkIn(trx: PracticeTransaction, id: string, input: NewCheckIn): Promise<CheckIn> {
  const recorded_by = recorder(trx)
  const row = await openForChange(trx, id)
  assertByTelehealth(row)
  assertNotOver(row)
  assertMayArrive(row.starts_at, systemClock.now())
  if (!seesCheckIns(trx, row) || !row.member_ids.includes(input.clientId)) throw unknownReference('/clientId')
  trx.audit({ fields: Object.keys(input) })
  return keep(trx, row, recorded_by, input)
}

/**
 * A client who checked in themself is judged by staff: what they said is written down again, with who says that
 * telehealth suits them.
 *
 * @throws Problem `not-found` where a newer one counts too, `not-permitted`, `invalid-state` where staff recorded it
 */
export async function judgeCheckIn(
  trx: PracticeTransaction,
  id: string,
  checkInId: string,
  { isAppropriate, emergencyServices = null }: CheckInJudgment,
): Promise<CheckIn> {
  const recorded_by = recorder(trx)
  const row = await openForChange(trx, id)
  assertByTelehealth(row)
  assertNotOver(row)
  if (!seesCheckIns(trx, row)) throw notFound()
  trx.audit({ fields: ['isAppropriate', 'emergencyServices'] })
  const found = (await repository.newest(trx, id)).find(one => one.id === checkInId)
  if (!found) throw notFound()
  if (found.recorded_by !== null)
    throw new Problem('invalid-state', { detail: 'Whoever recorded this check-in judged it.' })
  const said = JSON.parse((await trx.open(repository.sealedCheckIn(found), found.content_sealed)).toString())
  const { client_id: clientId, is_private: isPrivate } = found
  return keep(trx, row, recorded_by, { ...said, emergencyServices, clientId, isPrivate, isAppropriate })
}

async function keep(
  trx: PracticeTransaction,
  row: AppointmentRow,
  recorded_by: string,
  { clientId, isPrivate, isAppropriate, ...content }: NewCheckIn,
): Promise<CheckIn> {
  const id = uuidv7()
  const made = await repository.insert(trx, {
    id,
    appointment_id: row.id,
    client_id: clientId,
    state: content.address.state,
    is_private: isPrivate,
    is_appropriate: isAppropriate,
    content_sealed: await trx.seal(repository.sealedCheckIn({ id, recorded_by }), JSON.stringify(content)),
    recorded_by,
  })
  emit(trx, {
    type: 'appointment.checked-in',
    resourceId: row.id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
  return toCheckIn(made, content)
}

async function toTelehealth(trx: PracticeTransaction, row: AppointmentRow): Promise<Telehealth> {
  const [licensed, rows] = await Promise.all([
    repository.findLicensedStates(trx, row),
    seesCheckIns(trx, row) ? repository.newest(trx, row.id) : [],
  ])
  const sealed = row.seen_as === 'part' ? null : row.telehealth_link_sealed
  const checkIns: CheckIn[] = []
  for (const one of rows)
    checkIns.push(
      toCheckIn(
        one,
        JSON.parse((await trx.open(repository.sealedCheckIn(one), one.content_sealed)).toString()),
      ),
    )
  return {
    appointmentId: row.id,
    link: sealed && (await trx.open(repository.sealedLink(row.id), sealed)).toString(),
    plannedState: row.seen_as === 'part' ? null : row.planned_state,
    licensedStates: licensed,
    checkIns,
    version: row.version,
  }
}

/** Addresses and contacts are for people who may open the chart. */
const seesCheckIns = ({ scope: { actor } }: PracticeTransaction, row: AppointmentRow) =>
  actor.kind === 'user' && row.sees_members && (row.seen_as === 'all' || row.seen_as === 'chart')

/** A client does not say what emergency services there are. */
type Content = Pick<CheckIn, 'address' | 'emergencyContact'> & Partial<Pick<CheckIn, 'emergencyServices'>>

const toCheckIn = (row: repository.CheckInRow, content: Content): CheckIn => ({
  id: row.id,
  clientId: row.client_id,
  state: row.state,
  emergencyServices: null,
  ...content,
  isPrivate: row.is_private,
  isAppropriate: row.is_appropriate,
  recordedById: row.recorded_by,
  checkedInAt: row.checked_in_at.toISOString(),
})

function assertByTelehealth({ mode }: AppointmentRow): void {
  if (mode !== 'telehealth')
    throw new Problem('invalid-state', { detail: 'This appointment is held in person.' })
}

function assertNotOver(row: AppointmentRow): void {
  if (['canceled', 'late_canceled', 'completed'].includes(statusOf(row.status)))
    throw new Problem('invalid-state')
}
