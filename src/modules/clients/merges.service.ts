import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import type { Page } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { changeMembers, joinChartsOfMerged, wereCouple } from '../charts/index.ts'
import { maySee, openClient } from './clients.door.ts'
import { type ClientRow, lockClients, updateClient } from './clients.repository.ts'
import type { MergeFollower } from './merges.follower.ts'
import * as repository from './merges.repository.ts'
import type { ClientMerge, NewClientMerge } from './merges.schemas.ts'
import { forgetNames, indexNames } from './search.repository.ts'

/**
 * Merges one record into another. Contact data, external ids and related people stay with the merged record, which
 * points at the survivor; its individual chart gets the survivor as a member. Only places that one person has once, as
 * seats in groups, go over (`MergeFollower`).
 *
 * @throws Problem `not-found` for a survivor who may not be seen, `unknown-reference` for such a merged one,
 *   `stale-version` when either changed since it was read, `invalid-state` when either was merged already or they
 *   were partners in a couple, `conflict` where both have what one person has once
 */
export async function mergeClients(
  trx: PracticeTransaction,
  follower: MergeFollower,
  survivorId: string,
  input: NewClientMerge,
): Promise<ClientMerge> {
  const mergedId = input.mergedClientId
  await openClient(trx, survivorId, { write: true })
  if (mergedId === survivorId || !(await maySee(trx, mergedId))) throw unknownReference('/mergedClientId')
  await openClient(trx, mergedId, { write: true })
  await follower.lock(trx, [survivorId, mergedId])
  const { survivor, merged } = await lockBoth(trx, survivorId, mergedId)
  if (survivor.version !== input.survivorVersion || merged.version !== input.mergedVersion) {
    throw new Problem('stale-version', { detail: 'One of the two changed since it was read.' })
  }
  const through = await repository.mergedThrough(trx, mergedId)
  await requireNoCouple(trx, [mergedId, ...through], survivorId)
  await repository.pointAt(trx, through, survivorId)
  await updateClient(trx, mergedId, merged.version, { status: 'merged', merged_into_id: survivorId })
  await updateClient(trx, survivorId, survivor.version, {})
  const chartIds = await joinChartsOfMerged(trx, { mergedId, survivorId })
  const { seatIds } = await follower.merged(trx, { mergedId, survivorId, chartIds })
  const row = await repository.insertMerge(trx, {
    survivor_id: survivorId,
    merged_id: mergedId,
    reason: input.reason,
    survivor_version: survivor.version + 1,
    merged_version: merged.version + 1,
    merged_status: merged.status,
    joined_chart_ids: chartIds,
    moved_seat_ids: seatIds,
    merged_by: recorder(trx),
  })
  await forgetNames(trx, [mergedId])
  await indexNames(trx, [survivor])
  announce(trx, row, 'client.merged', { survivor: survivor.version + 1, merged: merged.version + 1 })
  return toMerge(row)
}

/**
 * Undoes a merge, exactly, until either record changes afterwards.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when it was undone already or either record
 *   changed since
 */
export async function undoMerge(
  trx: PracticeTransaction,
  follower: MergeFollower,
  mergeId: string,
  version: number,
): Promise<ClientMerge> {
  const merge = await findVisible(trx, mergeId)
  const { survivor_id: survivorId, merged_id: mergedId } = merge
  await openClient(trx, survivorId)
  await openClient(trx, mergedId)
  await follower.lock(trx, [survivorId, mergedId])
  const { survivor, merged } = await lockBoth(trx, survivorId, mergedId)
  // Under the locks: what was read before may have been undone meanwhile.
  const current = await findVisible(trx, mergeId)
  if (current.version !== version) throw new Problem('stale-version')
  if (current.undone_at) throw new Problem('invalid-state', { detail: 'This merge was undone before.' })
  if (survivor.version !== current.survivor_version || merged.version !== current.merged_version) {
    throw new Problem('invalid-state', {
      detail: 'One of the two records changed after the merge, so it can no longer be undone.',
    })
  }
  const undone = await repository.markUndone(trx, mergeId)
  if (!undone) throw new Problem('invalid-state')
  await follower.unmerged(trx, {
    survivorId,
    mergedId,
    chartIds: current.joined_chart_ids,
    seatIds: current.moved_seat_ids,
  })
  await restore(trx, current, { survivor, merged })
  announce(trx, undone, 'client.unmerged', { survivor: survivor.version + 1, merged: merged.version + 1 })
  return toMerge(undone)
}

/** @throws Problem `not-found` */
export async function getMerge(trx: PracticeTransaction, mergeId: string): Promise<ClientMerge> {
  const merge = await findVisible(trx, mergeId)
  trx.audit({ resourceType: 'client-merge', resourceId: mergeId })
  return toMerge(merge)
}

/** @throws Problem `not-found` */
export async function listMerges(trx: PracticeTransaction, clientId: string): Promise<Page<ClientMerge>> {
  await openClient(trx, clientId)
  const rows = await repository.listMerges(trx, clientId)
  return { data: rows.map(toMerge), nextCursor: null }
}

async function restore(
  trx: PracticeTransaction,
  merge: repository.MergeRow,
  { survivor, merged }: Record<'survivor' | 'merged', ClientRow>,
): Promise<void> {
  const through = await repository.mergedThrough(trx, merged.id)
  await updateClient(trx, merged.id, merged.version, { status: merge.merged_status, merged_into_id: null })
  await updateClient(trx, survivor.id, survivor.version, {})
  await repository.pointAt(trx, through, merged.id)
  await repository.forgiveRaisedVersions(trx, {
    survivorIds: [survivor.id, merged.id, ...through],
    mergedIds: through,
  })
  for (const chartId of merge.joined_chart_ids) {
    await changeMembers(trx, chartId, { left: [survivor.id], joined: [] })
  }
  await indexNames(trx, [survivor, merged])
}

/**
 * Partners are two people. A merge would lead each one's clinician to the other's contact data.
 *
 * @throws Problem `invalid-state`
 */
async function requireNoCouple(
  trx: PracticeTransaction,
  mergedIds: readonly string[],
  survivorId: string,
): Promise<void> {
  const survivorIds = [survivorId, ...(await repository.mergedThrough(trx, survivorId))]
  if (!(await wereCouple(trx, mergedIds, survivorIds))) return
  throw new Problem('invalid-state', {
    detail: 'These two are, or were, a couple in care: they are two people.',
  })
}

async function lockBoth(trx: PracticeTransaction, survivorId: string, mergedId: string) {
  const rows = await lockClients(trx, [survivorId, mergedId])
  const survivor = rows.find(row => row.id === survivorId)
  const merged = rows.find(row => row.id === mergedId)
  if (!survivor || !merged) throw notFound()
  return { survivor, merged }
}

async function findVisible(trx: PracticeTransaction, mergeId: string): Promise<repository.MergeRow> {
  trx.audit({ resourceType: 'client-merge', resourceId: mergeId })
  const merge = await repository.findMerge(trx, mergeId)
  if (!merge || !(await maySee(trx, merge.survivor_id)) || !(await maySee(trx, merge.merged_id)))
    throw notFound()
  return merge
}

function announce(
  trx: PracticeTransaction,
  { id, survivor_id: survivorId, merged_id: mergedId }: repository.MergeRow,
  type: 'client.merged' | 'client.unmerged',
  versions: { survivor: number; merged: number },
): void {
  trx.audit({
    resourceType: 'client-merge',
    resourceId: id,
    clientIds: [survivorId, mergedId],
    fields: ['mergedIntoId'],
  })
  emit(trx, { type, resourceId: mergedId, resourceVersion: versions.merged })
  emit(trx, { type: 'client.updated', resourceId: survivorId, resourceVersion: versions.survivor })
}

const toMerge = (row: repository.MergeRow): ClientMerge => ({
  id: row.id,
  survivorId: row.survivor_id,
  mergedId: row.merged_id,
  reason: row.reason as ClientMerge['reason'],
  survivorVersion: row.survivor_version,
  mergedVersion: row.merged_version,
  mergedById: row.merged_by,
  undoneAt: row.undone_at?.toISOString() ?? null,
  undoneById: row.undone_by,
  version: row.version,
  createdAt: row.created_at.toISOString(),
})
