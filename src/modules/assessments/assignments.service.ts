import { Temporal } from 'temporal-polyfill'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { type OpenChart, openChart, useEmergencyForCharts } from '../charts/index.ts'
import { minorStanding } from '../clients/index.ts'
import { today } from '../practice/index.ts'
import { type KnownAssignment, toAssessment, toAssignment } from './assessment.view.ts'
import * as repository from './assignments.repository.ts'
import { type AssignmentStep, requireStep } from './assignments.rules.ts'
import type {
  Assessment,
  AssessmentAssignment,
  AssignmentDays,
  AssignmentQuery,
  CaseloadQuery,
  NewAssignment,
} from './assignments.schemas.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import type { At } from './individual.ts'
import { editionOf, findAssignable, type KnownInstrument } from './library.ts'
import { record } from './recording.ts'
import { lookAgainAtExpiry } from './series.ts'

const toRead = { dataClass: 'clinical', permission: 'assessments:read' } as const
const toWrite = { dataClass: 'clinical', permission: 'assessments:write', write: true } as const

/** An assignment of a chart whose door the actor passed. */
export interface OpenAssignment {
  chart: OpenChart
  row: repository.AssignmentRow
}

/**
 * An assignment as the caller read it, for a step that is possible in its state.
 *
 * @param chart a chart whose door was passed for writing
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function assignmentFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, version, step }: { id: string; version: number; step: AssignmentStep },
): Promise<OpenAssignment> {
  trx.audit({ resourceType: 'assessment-assignment', resourceId: id })
  const row = atVersion(await repository.findAssignment(trx, chart, id), version)
  requireStep(row.status, step)
  return { chart, row }
}

/** The same, through the door of its chart. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function openForStep(
  trx: PracticeTransaction,
  at: At,
  step: AssignmentStep,
): Promise<OpenAssignment> {
  const chart = await openChart(trx, at.chartId, toWrite)
  return assignmentFor(trx, chart, { ...at, step })
}

/** @throws Problem `not-found` */
export async function getAssessment(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<Assessment> {
  trx.audit({ resourceType: 'assessment-assignment', resourceId: id })
  const row = await repository.findAssignment(trx, await openChart(trx, chartId, toRead), id)
  if (!row) throw notFound()
  return toAssessment(trx, row, row)
}

/** An assessment as it is after a step: its row is asked for together with the rest. @throws Problem `not-found` */
export const showAfter = (
  trx: PracticeTransaction,
  { chart, row }: { chart: OpenChart; row: KnownAssignment },
): Promise<Assessment> => toAssessment(trx, row, repository.findAssignment(trx, chart, row.id))

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listAssignments(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, status, clientId }: AssignmentQuery,
): Promise<Page<AssessmentAssignment>> {
  trx.audit({ resourceType: 'assessment-assignment' })
  const chart = await openChart(trx, chartId, toRead)
  const filter = { chartId, status, clientId }
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listInChart(trx, chart, { limit, before, status, clientId })
  return toPage(rows, limit, toAssignment, row => trx.cursorAfter(filter, [row.id]))
}

/** What is waited for in the caller's charts, the longest due first. @throws Problem `invalid-cursor` */
export async function listCaseload(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, overdue = false }: CaseloadQuery,
): Promise<Page<AssessmentAssignment>> {
  trx.audit({ resourceType: 'assessment-assignment' })
  const key = trx.cursorKey({ overdue }, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const rows = await repository.listCaseload(trx, { limit, overdue, after })
  const page = toPage(rows, limit, toAssignment, row =>
    trx.cursorAfter({ overdue }, [row.due_on ?? repository.noDay, row.id]),
  )
  const charts = page.data.map(one => one.chartId)
  trx.audit({ chartIds: charts, clientIds: page.data.flatMap(one => one.clientId ?? []) })
  await useEmergencyForCharts(trx, charts, toRead.dataClass, toRead.permission)
  return page
}

/**
 * Asks for an instrument to be answered.
 *
 * @throws Problem `not-found`, `invalid-state` for a minor where the instrument is for adults, and in a group's chart,
 *   `unknown-reference`, `invalid-request`
 */
export async function assign(
  trx: PracticeTransaction,
  chartId: string,
  input: NewAssignment,
): Promise<Assessment> {
  const id = uuidv7()
  trx.audit({ resourceType: 'assessment-assignment', resourceId: id, fields: Object.keys(input) })
  const chart = await openChart(trx, chartId, toWrite)
  const clientId = subjectOf(chart, input.clientId)
  const [instrument, day] = await Promise.all([findAssignable(trx, input.instrumentKey), today(trx)])
  if (!instrument) throw unknownReference('/instrumentKey', 'There is no such instrument in use.')
  requireTarget(instrument.definition, input.target)
  await requireOfAge(trx, chart, instrument.definition, clientId)
  const days = daysOf(day, input)
  return insert(trx, { id, chart, clientId, instrument, input, days })
}

interface Insert {
  id: string
  chart: OpenChart
  clientId: string | null
  instrument: KnownInstrument
  input: NewAssignment
  days: { due_on: string | null; expires_on: string | null }
}

async function insert(
  trx: PracticeTransaction,
  { id, chart, clientId, instrument, input, days }: Insert,
): Promise<Assessment> {
  const values = {
    id,
    chart_id: chart.id,
    client_id: clientId,
    ...editionOf(instrument),
    mode: input.mode ?? 'self',
    target: input.target ?? null,
    ...days,
    repeat_weeks: input.repeatEveryWeeks ?? null,
    series_id: id,
    assigned_by: recorder(trx),
  }
  // Sent in this order, in one round trip.
  const [, , , shown] = await Promise.all([
    repository.insertAssignment(trx, values),
    record(trx, values, { change: 'assigned', version: 1 }),
    lookAgainAtExpiry(trx, id, days.expires_on),
    showAfter(trx, { chart, row: values }),
  ])
  return shown
}

/**
 * Moves the days of an assignment that waits for answers, or its rhythm.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function changeDays(
  trx: PracticeTransaction,
  at: At,
  change: AssignmentDays,
): Promise<Assessment> {
  const open = await openForStep(trx, at, 'change')
  const { row } = open
  trx.audit({ fields: Object.keys(change) })
  const { dueOn = row.due_on, expiresOn = row.expires_on, repeatEveryWeeks = row.repeat_weeks } = change
  if (change.expiresOn !== undefined || change.dueOn !== undefined)
    checkDays(await today(trx), { dueOn, expiresOn })
  const changes = { due_on: dueOn, expires_on: expiresOn, repeat_weeks: repeatEveryWeeks }
  const { version } = await repository.changeAssignment(trx, row, changes)
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    record(trx, row, { change: 'changed', version }),
    lookAgainAtExpiry(trx, row.id, expiresOn === row.expires_on ? null : expiresOn),
    showAfter(trx, open),
  ])
  return shown
}

function daysOf(day: string, { dueOn, expiresOn, repeatEveryWeeks }: NewAssignment) {
  const due_on = dueOn ?? (repeatEveryWeeks ? day : null)
  checkDays(day, { dueOn: due_on, expiresOn: expiresOn ?? null })
  return { due_on, expires_on: expiresOn ?? null }
}

/** @throws Problem `invalid-request` for a last day that is over, or before the day it is due; for days too far away */
function checkDays(
  day: string,
  { dueOn, expiresOn }: { dueOn: string | null; expiresOn: string | null },
): void {
  const last = Temporal.PlainDate.from(day).add({ years: limits.assessments.yearsAhead }).toString()
  const detail = `Must be within ${limits.assessments.yearsAhead} years.`
  if (dueOn && dueOn > last) throw invalidField('/dueOn', 'range', detail)
  if (!expiresOn) return
  if (expiresOn > last) throw invalidField('/expiresOn', 'range', detail)
  if (dueOn && expiresOn < dueOn) throw invalidField('/expiresOn', 'order', 'Must not be before `dueOn`.')
  if (expiresOn < day) throw invalidField('/expiresOn', 'not-past', 'Must not be in the past.')
}

/**
 * Whom an assessment in this chart is about: nobody needs to be named in an individual chart, one partner in a couple's.
 *
 * @throws Problem `invalid-state` for a group, `invalid-request`, `unknown-reference`
 */
export function subjectOf(chart: OpenChart, clientId: string | undefined): string | null {
  if (chart.kind === 'group')
    throw new Problem('invalid-state', {
      detail: 'Assessments stand in the charts of single people and couples.',
    })
  if (chart.kind === 'individual') {
    if (clientId === undefined) return null
    throw invalidField('/clientId', 'needless', 'Only in a couple’s chart a partner is named.')
  }
  if (clientId === undefined) throw invalidField('/clientId', 'required', 'Name the partner it is about.')
  if (!chart.clientIds.includes(clientId)) throw unknownReference('/clientId')
  return clientId
}

function requireTarget({ targets = [] }: InstrumentDefinition, target: NewAssignment['target']): void {
  if (target === undefined && targets.length === 0) return
  if (target !== undefined && targets.includes(target)) return
  throw invalidField(
    '/target',
    'target',
    'Must be one of the people whom the instrument asks about, if it names any.',
  )
}

/** Where we do not know the age, an instrument for adults waits until we do. @throws Problem `invalid-state` */
async function requireOfAge(
  trx: PracticeTransaction,
  chart: OpenChart,
  { adultOnly }: InstrumentDefinition,
  clientId: string | null,
): Promise<void> {
  if (!adultOnly) return
  const standings = await Promise.all(
    (clientId ? [clientId] : chart.clientIds).map(id => minorStanding(trx, id)),
  )
  if (standings.some(({ minor }) => minor))
    throw new Problem('invalid-state', { detail: 'This instrument is for adults.' })
  if (standings.every(({ minor }) => minor === null))
    throw new Problem('invalid-state', {
      detail: 'This instrument is for adults: the birth date must be on record.',
    })
}
