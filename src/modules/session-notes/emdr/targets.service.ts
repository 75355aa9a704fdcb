import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { openedPage, type Page } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { type OpenChart, openChart } from '../../charts/index.ts'
import { countedStatuses } from '../counted.ts'
import { sealedReason, sealedWords } from './sealed-places.ts'
import * as repository from './targets.repository.ts'
import { requireOther, type TargetStatus } from './targets.rules.ts'
import type {
  EmdrCurve,
  EmdrTarget,
  EmdrTargetChange,
  EmdrTargetHistoryEntry,
  EmdrTargetStep,
  NewEmdrTarget,
  TargetHistoryQuery,
  TargetQuery,
  TargetWords,
} from './targets.schemas.ts'
import { openEach, openHistory, toPoint, toTarget, unplanned, wordsOf } from './targets.view.ts'

const mostPoints = 500

/**
 * The door to targets. A target's label names what happened to somebody, so all of it is restricted, like the trauma
 * inventory of recovery work: neither a supervisor nor emergency access comes to it, only the care team.
 *
 * @throws Problem `not-found`, also for a chart that is not one client's own; `invalid-state` to write in a closed chart
 */
async function openRegistry(
  trx: PracticeTransaction,
  chartId: string,
  verb: 'read' | 'write',
): Promise<OpenChart> {
  trx.audit({ resourceType: 'emdr-target' })
  const chart = await openChart(trx, chartId, {
    dataClass: 'restricted',
    permission: `notes:${verb}`,
    write: verb === 'write',
  })
  if (chart.kind !== 'individual') throw notFound()
  return chart
}

/** @throws Problem `not-found` */
export async function getTarget(
  trx: PracticeTransaction,
  chartId: string,
  targetId: string,
): Promise<EmdrTarget> {
  const chart = await openRegistry(trx, chartId, 'read')
  trx.audit({ resourceId: targetId })
  const row = await repository.findTarget(trx, chart, targetId)
  if (!row) throw notFound()
  return toTarget(row, await wordsOf(trx, row))
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listTargets(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, ...filter }: TargetQuery,
): Promise<Page<EmdrTarget>> {
  const chart = await openRegistry(trx, chartId, 'read')
  const place = { chartId, ...filter }
  const key = trx.cursorKey(place, cursor)
  const after = key && ([Number(key[0]), Number(key[1]), String(key[2])] as const)
  const rows = await repository.listTargets(trx, chart, filter, { limit, after })
  return openedPage(
    rows,
    limit,
    shown => openEach(trx, shown),
    row => trx.cursorAfter(place, [row.attention, row.position, row.id]),
  )
}

/** @throws Problem `not-found`, `invalid-state` */
export async function createTarget(
  trx: PracticeTransaction,
  chartId: string,
  { kind, position, ...input }: NewEmdrTarget,
): Promise<EmdrTarget> {
  const chart = await openRegistry(trx, chartId, 'write')
  const [by, id] = [recorder(trx), uuidv7()]
  trx.audit({ resourceId: id, fields: ['target'] })
  const words: TargetWords = { ...noWords, ...given(input), label: input.label }
  const content_sealed = await trx.seal(sealedWords(id, 1), JSON.stringify(words))
  const row = await repository.insertTarget(trx, {
    id,
    chart_id: chart.id,
    kind,
    position: position ?? unplanned,
  })
  repository.addHistory(trx, [
    {
      target_id: id,
      version: 1,
      change: 'created',
      to_status: row.status,
      content_sealed,
      recorded_by: by,
    },
  ])
  announce(trx, row, 'created')
  return toTarget(row, words)
}

const noWords: Omit<TargetWords, 'label'> = {
  worstImage: null,
  negativeCognition: null,
  negativeTheme: null,
  positiveCognition: null,
  emotions: [],
  bodyLocation: null,
  baselineSud: null,
  baselineVoc: null,
  feederMemories: [],
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function changeTarget(
  trx: PracticeTransaction,
  chartId: string,
  targetId: string,
  version: number,
  { kind, position, ...changed }: EmdrTargetChange,
): Promise<EmdrTarget> {
  const chart = await openRegistry(trx, chartId, 'write')
  const by = recorder(trx)
  trx.audit({ resourceId: targetId, fields: ['target'] })
  const before = atVersion(await repository.findTarget(trx, chart, targetId), version)
  const words: TargetWords = { ...(await wordsOf(trx, before)), ...given(changed) }
  const content_sealed = await trx.seal(sealedWords(targetId, version + 1), JSON.stringify(words))
  const row = await changeAtVersion(trx, 'emdr_targets', before, {
    content_version: version + 1,
    ...given({ kind, position: position === undefined ? undefined : (position ?? unplanned) }),
  })
  repository.addHistory(trx, [
    {
      target_id: targetId,
      version: row.version,
      change: 'revised',
      from_status: row.status,
      to_status: row.status,
      content_sealed,
      recorded_by: by,
    },
  ])
  announce(trx, row, 'updated')
  return toTarget(row, words)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state` */
export async function setStatus(
  trx: PracticeTransaction,
  chartId: string,
  targetId: string,
  version: number,
  { status, reason, sud, voc }: EmdrTargetStep,
): Promise<EmdrTarget> {
  const chart = await openRegistry(trx, chartId, 'write')
  const by = recorder(trx)
  trx.audit({ resourceId: targetId, fields: ['status'] })
  const before = atVersion(await repository.findTarget(trx, chart, targetId), version)
  requireOther(before.status as TargetStatus, status)
  const words = await wordsOf(trx, before)
  const reason_sealed = await trx.seal(sealedReason(targetId, version + 1), reason)
  const row = await changeAtVersion(trx, 'emdr_targets', before, {
    status,
    ...given({ last_sud: sud, last_voc: voc }),
  })
  repository.addHistory(trx, [
    {
      target_id: targetId,
      version: row.version,
      change: 'set_by_hand',
      from_status: before.status,
      to_status: status,
      sud: sud ?? null,
      voc: voc ?? null,
      reason_sealed,
      recorded_by: by,
    },
  ])
  announce(trx, row, 'status-changed')
  return toTarget(row, words)
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listHistory(
  trx: PracticeTransaction,
  chartId: string,
  targetId: string,
  { cursor, limit = limits.page.default }: TargetHistoryQuery,
): Promise<Page<EmdrTargetHistoryEntry>> {
  const chart = await openRegistry(trx, chartId, 'read')
  trx.audit({ resourceId: targetId })
  if (!(await repository.findTarget(trx, chart, targetId))) throw notFound()
  const place = { chartId, targetId }
  const after = Number(trx.cursorKey(place, cursor)?.[0] ?? 0)
  const rows = await repository.listHistory(trx, targetId, { limit, after })
  return openedPage(
    rows,
    limit,
    shown => openHistory(trx, shown),
    row => trx.cursorAfter(place, [row.version]),
  )
}

/** @throws Problem `not-found` */
export async function getCurve(
  trx: PracticeTransaction,
  chartId: string,
  targetId: string,
): Promise<EmdrCurve> {
  const chart = await openRegistry(trx, chartId, 'read')
  trx.audit({ resourceId: targetId })
  if (!(await repository.findTarget(trx, chart, targetId))) throw notFound()
  const latest = await repository.listCurve(trx, chart, targetId, {
    statuses: countedStatuses,
    limit: mostPoints,
  })
  return { emdrTargetId: targetId, points: latest.toReversed().map(toPoint) }
}

/** Told to those alone who may see what is restricted in this chart. */
export function announce(
  trx: PracticeTransaction,
  { id, version, chart_id }: Pick<repository.TargetRow, 'id' | 'version' | 'chart_id'>,
  what: 'created' | 'updated' | 'status-changed',
): void {
  emit(trx, { type: `emdr-target.${what}`, resourceId: id, resourceVersion: version, chartId: chart_id })
}
