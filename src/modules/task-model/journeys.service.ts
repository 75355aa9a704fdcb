import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { clientClock } from '../clients/index.ts'
import { insertStep, sealStep } from './history.repository.ts'
import { Contents, toSummary } from './journey.view.ts'
import { holdJourney, type JourneyPlace } from './journey-door.ts'
import * as repository from './journeys.repository.ts'
import { fits, hasEnded, requireJourneyStep } from './journeys.rules.ts'
import type {
  JourneyChange,
  JourneyListQuery,
  JourneyStatusChange,
  JourneySummary,
  NewJourney,
} from './journeys.schemas.ts'
import { newTasksOf, performablesIn } from './new-tasks.ts'
import { insertPerformables, insertTasks } from './tasks.repository.ts'
import * as templates from './templates.repository.ts'
import { requireVersionStep } from './templates.rules.ts'

/** Oldest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listJourneys(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, status }: JourneyListQuery,
): Promise<Page<JourneySummary>> {
  trx.audit({ resourceType: 'journey' })
  const filter = { chartId, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'programs:read' })
  const rows = await repository.listJourneys(trx, chart, { limit, after, status })
  const contents = new Contents(await templates.findContents(trx, rows))
  return toPage(
    rows,
    limit,
    row => toSummary(row, contents.of(row)),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/**
 * Enrolls a client, a partner or a couple in a published version.
 *
 * @throws Problem `not-found`, `already-exists` while they are in this program, `invalid-state`, `unknown-reference`,
 *   `invalid-request`
 */
export async function enroll(
  trx: PracticeTransaction,
  chartId: string,
  input: NewJourney,
): Promise<JourneySummary> {
  const need = { dataClass: 'clinical', permission: 'programs:write', write: true } as const
  const chart = await openChart(trx, chartId, need)
  const id = uuidv7()
  trx.audit({ resourceType: 'journey', resourceId: id, fields: Object.keys(input) })
  const clientId = travelerOf(chart, input.clientId ?? null)
  const { programTemplateId, templateNumber } = input
  const [found, { today }] = await Promise.all([
    templates.findVersion(trx, programTemplateId, templateNumber),
    clientClock(trx, chart),
  ])
  const version = await openTemplate(trx, found)
  if (!fits(version.content.audience, chart.kind === 'couple' && !clientId ? 'couple' : 'person'))
    throw invalidField('/programTemplateId', 'audience', 'This template is written for somebody else.')
  const startedOn = input.startedOn ?? today
  checkNotFuture('/startedOn', startedOn, today)
  const used = { template_id: version.template_id, template_number: version.number }
  const tasks = newTasksOf(version.content.tasks)
  const step = await sealStep(trx, id, { kind: 'enrolled', to: 'active' })
  const values = {
    id,
    client_id: clientId,
    ...used,
    started_on: startedOn,
    released_at: releasedAt(input.releasedToClient ?? false),
    tasks_applicable: tasks.length,
    enrolled_by: recorder(trx),
  }
  // Sent in this order, in one round trip: all the others belong to the first.
  const [row] = await Promise.all([
    repository.insertJourney(trx, chart, values),
    insertTasks(trx, id, used, tasks),
    insertPerformables(trx, id, performablesIn(tasks)),
    insertStep(trx, step),
  ])
  emit(trx, { type: 'journey.enrolled', resourceId: id, resourceVersion: 1, chartId })
  return toSummary(row, version)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request` */
export async function changeJourney(
  trx: PracticeTransaction,
  place: JourneyPlace,
  version: number,
  { releasedToClient, startedOn }: JourneyChange,
): Promise<JourneySummary> {
  const [journey, { contents, today }] = await holdJourney(trx, place, key => ask(trx, key))
  const row = atVersion(journey.row, version)
  const released = releasedToClient === undefined ? {} : { released_at: releasedAt(releasedToClient) }
  trx.audit({ fields: [...Object.keys(released), ...(startedOn ? ['startedOn'] : [])] })
  if (startedOn !== undefined) checkNotFuture('/startedOn', startedOn, today)
  if (startedOn !== undefined && row.ended_on !== null && startedOn > row.ended_on)
    throw invalidField('/startedOn', 'order', 'Must not be after the day it ended.')
  const changed = await repository.updateJourney(trx, journey, {
    ...released,
    ...(startedOn ? { started_on: startedOn } : {}),
  })
  announce(trx, changed, 'journey.updated')
  return toSummary(changed, contents.of(changed))
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `already-exists` where another one began meanwhile */
export async function changeStatus(
  trx: PracticeTransaction,
  place: JourneyPlace,
  version: number,
  { to, note }: JourneyStatusChange,
): Promise<JourneySummary> {
  const [journey, { contents, today }] = await holdJourney(trx, place, key => ask(trx, key))
  const { status, started_on: startedOn } = atVersion(journey.row, version)
  trx.audit({ fields: ['status'] })
  requireJourneyStep(status, to)
  const endedOn = today < startedOn ? startedOn : today
  const step = { kind: 'status_changed', from: status, to, words: note } as const
  const sealed = await sealStep(trx, place.journeyId, step)
  const [changed] = await Promise.all([
    repository.updateJourney(trx, journey, { status: to, ended_on: hasEnded(to) ? endedOn : null }),
    insertStep(trx, sealed),
  ])
  announce(trx, changed, 'journey.status-changed')
  return toSummary(changed, contents.of(changed))
}

/** What a journey's head is changed and shown with, in one round trip. */
async function ask(trx: PracticeTransaction, journey: repository.JourneyKey) {
  const [contents, { today }] = await Promise.all([
    templates.findContentsOf(trx, journey),
    clientClock(trx, journey.chart),
  ])
  return { contents: new Contents(contents), today }
}

/**
 * The version that was found, if it takes somebody in; one that ships is kept in the practice from here on.
 *
 * @throws Problem `unknown-reference`, `invalid-state`
 */
export async function openTemplate(
  trx: PracticeTransaction,
  version: templates.VersionRow | undefined,
): Promise<templates.VersionRow> {
  if (!version) throw unknownReference('/programTemplateId')
  requireVersionStep(version.status, 'enroll')
  if (!version.kept) await templates.keepShipped(trx, version)
  return version
}

const releasedAt = (released: boolean) => (released ? sql<Date>`now()` : null)

/** Whom a journey in this chart is about: a partner in a couple's chart, else nobody but its people. */
function travelerOf({ kind, clientIds }: OpenChart, clientId: string | null): string | null {
  if (kind === 'group') throw invalidField('/programTemplateId', 'chart', 'Groups have no journeys.')
  if (clientId !== null && !clientIds.includes(clientId)) throw unknownReference('/clientId')
  return kind === 'couple' ? clientId : null
}

export function checkNotFuture(pointer: string, day: string, today: string): void {
  if (day > today) throw invalidField(pointer, 'not-future', 'Must not be in the future.')
}

function announce(
  trx: PracticeTransaction,
  { id, version, chart_id }: repository.JourneyRow,
  type: 'journey.updated' | 'journey.status-changed',
): void {
  emit(trx, { type, resourceId: id, resourceVersion: version, chartId: chart_id })
}
