import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import {
  type ChartNeed,
  type OpenChart,
  openChart,
  readableClasses,
  useEmergencyForCharts,
} from '../charts/index.ts'
import * as repository from './alerts.repository.ts'
import type {
  Alert,
  AlertDetail,
  AlertQuery,
  AlertReassignment,
  AlertResolution,
  NewAlert,
} from './alerts.schemas.ts'
import { emitStep } from './announce.ts'
import { openedComment, sealedComment } from './comments.ts'
import { raise } from './raise.ts'
import {
  type AlertClass,
  type AlertRuleName,
  type AlertStatus,
  type AlertStep,
  alertClasses,
  alertRules,
  checkStep,
  type HistoryStep,
} from './rules.ts'

const permission = 'alerts:read'

/** Newest first: alerts of every chart the caller may read, none of them more than its class allows. */
export async function listAlerts(trx: PracticeTransaction, query: AlertQuery): Promise<Page<Alert>> {
  trx.audit({ resourceType: 'alert' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listAlerts(trx, { ...filter, limit, before })
  const page = toPage(rows, limit, toAlert, row => trx.cursorAfter(filter, [row.id]))
  trx.audit({ clientIds: page.data.flatMap(alert => alert.clients.map(client => client.clientId)) })
  const charts = page.data.map(alert => alert.chartId)
  await useEmergencyForCharts(trx, charts, 'clinical', permission)
  return page
}

/** @throws Problem `not-found` */
export async function getAlert(trx: PracticeTransaction, chartId: string, id: string): Promise<AlertDetail> {
  trx.audit({ resourceType: 'alert', resourceId: id })
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission })
  return show(trx, await ask(trx, keyOf(trx, chart, id)))
}

/**
 * A member of staff asks for attention.
 *
 * @throws Problem `not-found`, `invalid-state` for a closed chart, `unknown-reference` for an owner who would not be told,
 *   `already-exists` when the same concern about this chart is unresolved
 */
export async function raiseConcern(
  trx: PracticeTransaction,
  chartId: string,
  input: NewAlert,
): Promise<AlertDetail> {
  const dataClass = input.restricted ? 'restricted' : 'clinical'
  const id = uuidv7()
  trx.audit({ resourceType: 'alert', resourceId: id, fields: Object.keys(input) })
  const chart = await openWithKeys(trx, chartId, { dataClass, write: true, permission: 'alerts:write' })
  const { ownerId, respondWithinMinutes, concern, severity } = input
  if (ownerId) await requireOwner(trx, chart, ownerId, dataClass)
  const alert = {
    rule: input.restricted ? ('restricted_concern' as const) : ('staff_concern' as const),
    severity,
    key: concern,
    evidence: { concern },
    ...(respondWithinMinutes === undefined ? {} : { respondWithinMinutes }),
    ...(ownerId ? { ownerStaffId: ownerId } : {}),
  }
  const step = await raise(trx, chart, alert, { id, madeBy: recorder(trx), comment: input.comment })
  if (!step)
    throw new Problem('already-exists', { detail: 'This concern about this chart is not resolved yet.' })
  return write(trx, step, keyOf(trx, chart, id))
}

/** @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export function acknowledge(
  trx: PracticeTransaction,
  at: { chartId: string; id: string; version: number },
): Promise<AlertDetail> {
  const set = { status: 'acknowledged', acknowledged_at: now, acknowledged_by: recorder(trx) }
  return change(trx, at, { step: 'acknowledged', set })
}

/** @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `unknown-reference` */
export function reassign(
  trx: PracticeTransaction,
  at: { chartId: string; id: string; version: number },
  { ownerId, comment }: AlertReassignment,
): Promise<AlertDetail> {
  return change(trx, at, { step: 'reassigned', set: { owner_id: ownerId }, ownerId, comment })
}

/** @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export function resolve(
  trx: PracticeTransaction,
  at: { chartId: string; id: string; version: number },
  { outcome, comment }: AlertResolution,
): Promise<AlertDetail> {
  const set = { status: 'resolved', resolved_at: now, resolved_by: recorder(trx), outcome }
  return change(trx, at, { step: 'resolved', set, outcome, comment })
}

const now = sql<Date>`now()`

interface Change {
  step: AlertStep
  set: repository.AlertUpdate
  /** The new owner. */
  ownerId?: string
  outcome?: Alert['outcome']
  comment?: string | null | undefined
}

/** What is open about a chart that was closed is still to be seen to, so the chart's own status does not matter. */
async function change(
  trx: PracticeTransaction,
  { chartId, id, version }: { chartId: string; id: string; version: number },
  { step, set, ownerId, outcome = null, comment }: Change,
): Promise<AlertDetail> {
  trx.audit({ resourceType: 'alert', resourceId: id, fields: ['status'] })
  const chart = await openWithKeys(trx, chartId, { dataClass: 'clinical', permission: 'alerts:write' })
  if (chart.via === 'emergency')
    throw new Problem('not-permitted', { detail: 'Emergency access is for reading.' })
  const key = keyOf(trx, chart, id)
  const row = atVersion(await repository.findAlert(trx, key), version)
  checkStep(row.status as AlertStatus, step)
  if (ownerId) await requireOwner(trx, chart, ownerId, row.data_class as AlertClass)
  if (!(await repository.updateAlert(trx, id, version, set))) throw new Problem('stale-version')
  emitStep(trx, step, { ...row, version: version + 1 })
  const taken = {
    alert_id: id,
    alert_version: version + 1,
    step,
    severity: row.severity,
    owner_id: ownerId ?? row.owner_id,
    outcome,
    made_by: recorder(trx),
    ...(await sealedComment(trx, comment)),
  }
  return write(trx, taken, key)
}

/** Comments are sealed, so the keys are there before they are waited for. */
async function openWithKeys(trx: PracticeTransaction, chartId: string, need: ChartNeed): Promise<OpenChart> {
  const [chart] = await Promise.all([openChart(trx, chartId, need), trx.sealer()])
  return chart
}

/** Writes a step, and shows the alert as it is then. */
async function write(
  trx: PracticeTransaction,
  step: repository.NewChange,
  key: repository.AlertKey,
): Promise<AlertDetail> {
  // Sent in this order, in one round trip.
  const [, asked] = await Promise.all([repository.newChange(trx, step).execute(), ask(trx, key)])
  return show(trx, asked)
}

/** Of an open chart whoever may not read its restricted data is told of clinical alerts only. */
function keyOf(trx: PracticeTransaction, chart: OpenChart, id: string): repository.AlertKey {
  const readable = readableClasses(trx.scope.actor, chart)
  const classes = alertClasses.filter(one => readable.includes(one))
  return { chart, id, classes }
}

/** An alert with its history, in one round trip. */
const ask = (trx: PracticeTransaction, key: repository.AlertKey) =>
  Promise.all([repository.findAlert(trx, key), repository.listChanges(trx, key)])

/** @throws Problem `unknown-reference` */
async function requireOwner(
  trx: PracticeTransaction,
  chart: OpenChart,
  staffId: string,
  dataClass: AlertClass,
): Promise<void> {
  if (await repository.mayOwn(trx, chart, { staffId, dataClass })) return
  throw unknownReference('/ownerId', 'The owner must be somebody who may see this alert.')
}

/** @throws Problem `not-found` */
async function show(
  trx: PracticeTransaction,
  [row, changes]: Awaited<ReturnType<typeof ask>>,
): Promise<AlertDetail> {
  if (!row) throw notFound()
  trx.audit({ clientIds: row.clients.map(client => client.client_id) })
  return { ...toAlert(row), history: await Promise.all(changes.map(one => toChange(trx, one))) }
}

async function toChange(
  trx: PracticeTransaction,
  row: repository.ChangeRow,
): Promise<AlertDetail['history'][number]> {
  return {
    step: row.step as HistoryStep,
    severity: row.severity as Alert['severity'],
    ownerId: row.owner_id,
    outcome: row.outcome as Alert['outcome'],
    comment: await openedComment(trx, row),
    madeById: row.made_by,
    madeAt: row.made_at.toISOString(),
  }
}

const toAlert = (row: repository.AlertRow): Alert => ({
  id: row.id,
  chartId: row.chart_id,
  clients: row.clients.map(client => ({ clientId: client.client_id, displayName: client.display_name })),
  rule: row.rule as AlertRuleName,
  explanation: alertRules[row.rule as AlertRuleName].explains,
  dataClass: row.data_class as AlertClass,
  severity: row.severity as Alert['severity'],
  status: row.status as AlertStatus,
  ownerId: row.owner_id,
  evidence: row.evidence as Alert['evidence'],
  raisedAt: row.raised_at.toISOString(),
  respondBy: row.respond_by?.toISOString() ?? null,
  overdue: row.overdue,
  escalatedToId: row.escalated_to,
  acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  acknowledgedById: row.acknowledged_by,
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  resolvedById: row.resolved_by,
  outcome: row.outcome as Alert['outcome'],
  version: row.version,
})
