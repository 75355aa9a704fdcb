import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { atVersion, changedOrRefused } from '../../lib/versions.ts'
import { requireOtherHand } from './own-access.rules.ts'
import { today } from './practice.repository.ts'
import { findStaff, type StaffRow, updateStaff } from './staff.repository.ts'
import type { StaffMember } from './staff.schemas.ts'
import { toStaffMember } from './staff.service.ts'
import * as repository from './supervisions.repository.ts'
import type { Supervision, SupervisionChange, SupervisionQuery } from './supervisions.schemas.ts'

/**
 * Says who supervises a person from today. The span before it is kept and ends today.
 *
 * @throws Problem `not-found`, `stale-version`, `unknown-reference` for a supervisor who does not exist here,
 *   `invalid-state` for one who is not an active supervisor or is supervised by this person;
 *   `not-permitted` for one's own supervision or supervisees
 */
export async function changeSupervision(
  trx: PracticeTransaction,
  staffId: string,
  version: number,
  { supervisorId, forTraining = false }: SupervisionChange,
): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: staffId, fields: ['supervisorId', 'forTraining'] })
  for (const receiving of [staffId, supervisorId]) if (receiving) requireOtherHand(trx.scope, receiving)
  await repository.lockSupervisions(trx)
  const before = atVersion(await findStaff(trx, staffId), version)
  const training = supervisorId !== null && forTraining
  if (before.supervisor_id === supervisorId && before.supervision_for_training === training) {
    return toStaffMember(trx, before)
  }
  if (supervisorId) await requireSupervisor(trx, supervisorId, staffId)
  const changes = { supervisor_id: supervisorId, supervision_for_training: training }
  const row = await changedOrRefused(await updateStaff(trx, staffId, version, changes), () =>
    findStaff(trx, staffId),
  )
  const startsOn = await today(trx)
  repository.endPresent(trx, 'staff_id', staffId, startsOn)
  if (supervisorId) {
    repository.insertSupervision(trx, {
      staff_id: staffId,
      supervisor_id: supervisorId,
      for_training: training,
      starts_on: startsOn,
    })
  }
  emit(trx, { type: 'staff-member.supervision-changed', resourceId: staffId, resourceVersion: row.version })
  return toStaffMember(trx, row)
}

async function requireSupervisor(trx: PracticeTransaction, supervisorId: string, staffId: string) {
  const supervisor = await repository.lockSupervisor(trx, supervisorId)
  if (!supervisor) throw unknownReference('/supervisorId')
  if (supervisor.status !== 'active' || !supervisor.roles.includes('supervisor')) {
    throw new Problem('invalid-state', { detail: 'A supervisor has to be active and have the role.' })
  }
  if (await repository.chainReaches(trx, supervisorId, staffId)) {
    throw new Problem('invalid-state', { detail: 'Supervision must not lead back to the same person.' })
  }
}

/** Whoever may no longer supervise has no supervisees from today. */
export async function endSupervisionsBy(trx: PracticeTransaction, supervisorId: string): Promise<void> {
  const released = await repository.releaseSupervisees(trx, supervisorId)
  if (released.length === 0) return
  repository.endPresent(trx, 'supervisor_id', supervisorId, await today(trx))
  for (const { id, version } of released) {
    emit(trx, { type: 'staff-member.supervision-changed', resourceId: id, resourceVersion: version })
  }
}

/** @throws Problem `not-found` */
export async function listSupervisees(
  trx: PracticeTransaction,
  staffId: string,
  { cursor, limit = limits.page.default }: SupervisionQuery,
): Promise<Page<StaffMember>> {
  const after = await openPage(trx, staffId, cursor)
  const rows = await repository.listSupervisees(trx, staffId, { limit, after })
  const toItem = (row: StaffRow) => toStaffMember(trx, row)
  return toPage(rows, limit, toItem, row => trx.cursorAfter({ staffId }, [row.id]))
}

/**
 * Who supervised a person, oldest first.
 *
 * @throws Problem `not-found`
 */
export async function listSupervisions(
  trx: PracticeTransaction,
  staffId: string,
  { cursor, limit = limits.page.default }: SupervisionQuery,
): Promise<Page<Supervision>> {
  const after = await openPage(trx, staffId, cursor)
  const rows = await repository.listSupervisions(trx, staffId, { limit, after })
  return toPage(rows, limit, toSupervision, row => trx.cursorAfter({ staffId }, [row.id]))
}

async function openPage(trx: PracticeTransaction, staffId: string, cursor: string | undefined) {
  trx.audit({ resourceType: 'staff-member', resourceId: staffId })
  const after = trx.cursorKey({ staffId }, cursor)?.[0] as string | undefined
  if (!(await findStaff(trx, staffId))) throw notFound()
  return after
}

function toSupervision(row: repository.SupervisionRow): Supervision {
  return {
    id: row.id,
    staffId: row.staff_id,
    supervisorId: row.supervisor_id,
    forTraining: row.for_training,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
  }
}
