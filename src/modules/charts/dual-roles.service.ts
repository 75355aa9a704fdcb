import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { queueMail } from '../identity/index.ts'
import { requireOtherHand } from '../practice/index.ts'
import type { OpenChart } from './door.ts'
import * as repository from './dual-roles.repository.ts'
import type { DualRole, DualRoleQuery } from './dual-roles.schemas.ts'

const sealedReason = (rowId: string) => ({
  table: 'dual_roles',
  column: 'reason_sealed',
  rowId,
  rowVersion: 1,
})

/** @throws Problem `invalid-cursor` */
export async function listDualRoles(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, status }: DualRoleQuery,
): Promise<Page<DualRole>> {
  trx.audit({ resourceType: 'dual-role' })
  const before = trx.cursorKey({ status }, cursor)?.[0] as string | undefined
  const [rows] = await Promise.all([repository.listDualRoles(trx, { limit, status, before }), trx.sealer()])
  return openedPage(
    rows,
    limit,
    each(row => toDualRole(trx, row)),
    row => trx.cursorAfter({ status }, [row.id]),
  )
}

/** The door to one of them, which a replay passes again. @throws Problem `not-found` */
export async function openDualRole(
  trx: PracticeTransaction,
  id: string,
  permission: 'dual-roles:read' | 'dual-roles:write',
): Promise<repository.DualRoleRow> {
  trx.audit({ resourceType: 'dual-role', resourceId: id })
  const row = await repository.findDualRole(trx, id, permission)
  if (!row) throw notFound()
  trx.passDoor({ door: 'dual-role', id, need: permission })
  return row
}

/**
 * Records why it is so. A clinician does not give their own reason, unless they are an owner.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` when it is so no more
 */
export async function giveReason(
  trx: PracticeTransaction,
  id: string,
  version: number,
  reason: string,
): Promise<DualRole> {
  const row = atVersion(await openDualRole(trx, id, 'dual-roles:write'), version)
  trx.audit({ fields: ['reason'] })
  requireOtherHand(trx.scope, row.staff_id)
  if (row.status === 'ended') throw new Problem('invalid-state', { detail: 'This is so no more.' })
  const changed = await justify(trx, row, reason)
  return toDualRole(trx, { ...row, ...changed, status: 'justified' })
}

/**
 * Asks for a reason before a clinician becomes a therapist of both partners of a couple. Only whoever may see both sides
 * is asked; to everybody else nothing is refused and nothing told, and the round finds it.
 *
 * @param options.newToChart asks only where they are no therapist of this chart yet
 * @throws Problem `invalid-request` where the reason is missing, `conflict` when it was found at the same moment
 */
export async function requireReason(
  trx: PracticeTransaction,
  chart: Pick<OpenChart, 'id' | 'kind'>,
  {
    staffId,
    role,
    reason,
    newToChart = false,
  }: { staffId: string; role: string; reason: string | undefined; newToChart?: boolean },
): Promise<void> {
  if (chart.kind !== 'individual' || !repository.therapistRoles.some(one => one === role)) return
  const pairs = await repository.knownPairs(trx, { chartId: chart.id, staffId, newToChart })
  const unjustified = pairs.filter(({ status }) => status !== 'justified')
  if (unjustified.length === 0) return
  if (!reason) {
    throw invalidField(
      '/dualRoleReason',
      'required',
      'This clinician treats the partner individually too. Say why it has to be so.',
    )
  }
  for (const { id, version, coupleChartId } of unjustified) {
    if (id && version) await justify(trx, { id, version }, reason)
    else await insertJustified(trx, { coupleChartId, staffId }, reason)
  }
}

async function insertJustified(
  trx: PracticeTransaction,
  { coupleChartId, staffId }: { coupleChartId: string; staffId: string },
  reason: string,
): Promise<void> {
  const id = uuidv7()
  await repository.insertDualRole(trx, {
    id,
    couple_chart_id: coupleChartId,
    staff_id: staffId,
    status: 'justified',
    ...(await reasonOf(trx, id, reason)),
  })
  emit(trx, { type: 'dual-role.justified', resourceId: id, resourceVersion: 1 })
}

async function justify(trx: PracticeTransaction, row: { id: string; version: number }, reason: string) {
  const changes = { status: 'justified', ...(await reasonOf(trx, row.id, reason)) }
  const changed = await repository.changeDualRole(trx, row, changes)
  emit(trx, { type: 'dual-role.justified', resourceId: row.id, resourceVersion: changed.version })
  return changed
}

const reasonOf = async (trx: PracticeTransaction, id: string, reason: string) => ({
  reason_sealed: await trx.seal(sealedReason(id), reason),
  reason_by: recorder(trx),
  reason_at: sql<Date>`now()`,
})

/**
 * Finds who has come to treat both partners of a couple, whichever way, and who does so no more. Repeated, it finds
 * nothing it has found before.
 */
export async function watchDualRoles(trx: PracticeTransaction): Promise<void> {
  const [found, gone] = [await repository.insertFound(trx), await repository.endGone(trx)]
  for (const { id, version } of found)
    emit(trx, { type: 'dual-role.found', resourceId: id, resourceVersion: version })
  for (const { id, version } of gone)
    emit(trx, { type: 'dual-role.ended', resourceId: id, resourceVersion: version })
  if (found.length === 0) return
  const reviewers = await repository.reviewersOf(
    trx,
    found.map(({ staff_id }) => staff_id),
  )
  for (const email of reviewers) await queueMail(trx, { to: email, ...notice })
}

/** It lies in mailboxes outside, so it names nobody and says nothing of a couple. */
const notice = {
  subject: 'A care team of your practice needs a look',
  text: 'Somebody of your practice has come to work in two charts that are to be kept apart. It is allowed with a recorded reason. Sign in and look at the list of dual roles.',
}

async function toDualRole(trx: PracticeTransaction, row: repository.DualRoleRow): Promise<DualRole> {
  const reason = row.reason_sealed && (await trx.open(sealedReason(row.id), row.reason_sealed))
  return {
    id: row.id,
    coupleChartId: row.couple_chart_id,
    staffId: row.staff_id,
    displayName: row.display_name,
    status: row.status,
    reason: reason?.toString() ?? null,
    reasonById: row.reason_by,
    reasonAt: row.reason_at?.toISOString() ?? null,
    foundAt: row.found_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    version: row.version,
  }
}
