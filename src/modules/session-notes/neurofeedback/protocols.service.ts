import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { invalidField, notFound } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import type { OpenChart } from '../../charts/index.ts'
import { openIndividual } from '../individual-door.ts'
import { bandRanges, requireRange } from './bands.service.ts'
import { requireBaseline } from './baselines.service.ts'
import * as repository from './protocols.repository.ts'
import { changeTo, checkProtocolChange, type ProtocolChange, type ProtocolStatus } from './protocols.rules.ts'
import type {
  NewProtocol,
  NewSettings,
  Protocol,
  ProtocolQuery,
  ProtocolRevision,
  ProtocolStep,
  ProtocolSummary,
  Settings,
} from './protocols.schemas.ts'
import { sealedProtocol } from './sealed-places.ts'

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listProtocols(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, status }: ProtocolQuery,
): Promise<Page<ProtocolSummary>> {
  const chart = await openIndividual(trx, chartId, 'notes:read')
  trx.audit({ resourceType: 'neurofeedback-protocol' })
  const filter = { chartId, status }
  const key = trx.cursorKey(filter, cursor)
  const after = key && String(key[0])
  const [rows, sealer] = await Promise.all([
    repository.listProtocols(trx, chart, { limit, status, after }),
    trx.sealer(),
  ])
  const settingsOf = (row: repository.ProtocolInForce) =>
    openSettings(sealer, row.id, row.set_at_version, row.content_sealed)
  return openedPage(
    rows,
    limit,
    each(async row => toHead(row, await settingsOf(row))),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/** @throws Problem `not-found` */
export async function getProtocol(trx: PracticeTransaction, chartId: string, id: string): Promise<Protocol> {
  const chart = await openIndividual(trx, chartId, 'notes:read')
  trx.audit({ resourceType: 'neurofeedback-protocol', resourceId: id })
  const row = await repository.findProtocol(trx, chart, id)
  if (!row) throw notFound()
  return show(trx, row)
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` in a closed chart */
export async function startProtocol(
  trx: PracticeTransaction,
  chartId: string,
  { settings }: NewProtocol,
): Promise<Protocol> {
  const chart = await openIndividual(trx, chartId, 'notes:write')
  const id = uuidv7()
  trx.audit({ resourceType: 'neurofeedback-protocol', resourceId: id, fields: Object.keys(settings) })
  const complete = await completed(trx, chart, settings)
  const row = await repository.insertProtocol(trx, chart, id)
  return record(trx, row, 'started', { settings: complete })
}

/**
 * Gives a protocol new settings. The old ones stay, and sessions that used them still say so.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `unknown-reference`
 */
export async function reviseProtocol(
  trx: PracticeTransaction,
  at: ProtocolAt,
  { settings, reason }: ProtocolRevision,
): Promise<Protocol> {
  const { chart, row } = await openTo(trx, 'revised', at)
  trx.audit({ fields: Object.keys(settings) })
  const complete = await completed(trx, chart, settings)
  const changed = await changeAtVersion(trx, 'neurofeedback_protocols', row, { revision: row.revision + 1 })
  return record(trx, changed, 'revised', { settings: complete, reason })
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function changeProtocolStatus(
  trx: PracticeTransaction,
  at: ProtocolAt,
  { status, reason }: ProtocolStep,
): Promise<Protocol> {
  const change = changeTo[status]
  const { row } = await openTo(trx, change, at)
  trx.audit({ fields: ['status'] })
  const changed = await changeAtVersion(trx, 'neurofeedback_protocols', row, { status })
  return record(trx, changed, change, { reason })
}

/** A protocol as the caller read it. */
export interface ProtocolAt {
  chartId: string
  id: string
  version: number
}

async function openTo(
  trx: PracticeTransaction,
  change: ProtocolChange,
  { chartId, id, version }: ProtocolAt,
) {
  const chart = await openIndividual(trx, chartId, 'notes:write')
  trx.audit({ resourceType: 'neurofeedback-protocol', resourceId: id })
  const row = atVersion(await repository.findProtocol(trx, chart, id), version)
  checkProtocolChange(row.status as ProtocolStatus, change)
  return { chart, row }
}

/**
 * The settings with a range for every band: what is written down does not move when the practice sets its ranges anew.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
async function completed(
  trx: PracticeTransaction,
  chart: OpenChart,
  settings: NewSettings,
): Promise<Settings> {
  const { rewardTarget } = settings
  if (rewardTarget && rewardTarget.fromPercent > rewardTarget.toPercent)
    throw invalidField('/settings/rewardTarget/toPercent', 'order', 'Must not be less than `fromPercent`.')
  const [ranges] = await Promise.all([
    bandRanges(trx),
    requireBaseline(trx, chart, '/settings/baselineId', settings.baselineId),
  ])
  const withRanges = (field: 'rewardBands' | 'inhibitBands') => {
    const keys = settings[field].map(({ band }) => band)
    if (new Set(keys).size < keys.length)
      throw invalidField(`/settings/${field}`, 'repeated', 'Name each band once.')
    return settings[field].map(({ band, ...own }, at) => {
      const range = { lowHz: 0, highHz: 0, ...ranges.get(band), ...own }
      requireRange(`/settings/${field}/${at}`, range)
      return { band, ...range }
    })
  }
  return { ...settings, rewardBands: withRanges('rewardBands'), inhibitBands: withRanges('inhibitBands') }
}

/** Writes down what became of a protocol, at the version it has now, and tells of it. */
async function record(
  trx: PracticeTransaction,
  row: repository.ProtocolRow,
  change: ProtocolChange,
  { settings, reason }: { settings?: Settings; reason?: string },
): Promise<Protocol> {
  const { id, version, revision } = row
  const sealer = await trx.sealer()
  const sealed = (column: 'content_sealed' | 'reason_sealed', text: string | undefined) =>
    text === undefined ? null : sealer.seal(sealedProtocol(column, id, version), text)
  const inserted = repository.insertChange(trx, {
    protocol_id: id,
    version,
    change,
    revision,
    content_sealed: sealed('content_sealed', settings && JSON.stringify(settings)),
    reason_sealed: sealed('reason_sealed', reason),
    recorded_by: recorder(trx),
  })
  emit(trx, {
    type: `neurofeedback-protocol.${change}`,
    resourceId: id,
    resourceVersion: version,
    chartId: row.chart_id,
  })
  // Sent in this order, in one round trip.
  const [, protocol] = await Promise.all([inserted, show(trx, row)])
  return protocol
}

async function show(trx: PracticeTransaction, row: repository.ProtocolRow): Promise<Protocol> {
  const [changes, sealer] = await Promise.all([repository.listChanges(trx, row.id), trx.sealer()])
  const history = await Promise.all(changes.map(change => toChange(sealer, change)))
  const settings = history.findLast(one => one.settings !== null)?.settings
  if (!settings) throw new Error('A protocol has no settings')
  return { ...toHead(row, settings), history }
}

const toHead = (row: repository.ProtocolRow, settings: Settings): ProtocolSummary => ({
  id: row.id,
  chartId: row.chart_id,
  status: row.status as ProtocolStatus,
  revision: row.revision,
  settings,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

async function toChange(
  sealer: PracticeSealer,
  row: repository.ChangeRow,
): Promise<Protocol['history'][number]> {
  const { protocol_id: id, version, content_sealed: content, reason_sealed: reason } = row
  return {
    change: row.change as ProtocolChange,
    version,
    revision: row.revision,
    settings: content && (await openSettings(sealer, id, version, content)),
    reason: reason && (await sealer.openText(sealedProtocol('reason_sealed', id, version), reason)),
    recordedById: row.recorded_by,
    createdAt: row.created_at.toISOString(),
  }
}

async function openSettings(
  sealer: PracticeSealer,
  id: string,
  version: number,
  sealed: Buffer,
): Promise<Settings> {
  return JSON.parse(await sealer.openText(sealedProtocol('content_sealed', id, version), sealed)) as Settings
}
