import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { openOwnChart } from '../charts/index.ts'
import { listRemarks, type StepRow, wordsOf } from './history.repository.ts'
import { currentTasks, loadParts } from './journey.read.ts'
import { Contents, type JourneyParts, templateTaskOf, toPerformable, toStage } from './journey.view.ts'
import { holdOwnJourney, openOwnJourney } from './journey-door.ts'
import type {
  PortalJourney,
  PortalJourneyQuery,
  PortalJourneySummary,
  PortalPerformableSubmission,
  PortalTask,
} from './journeys.portal.schemas.ts'
import { type JourneyKey, type JourneyRow, listReleased, type OpenJourney } from './journeys.repository.ts'
import * as performables from './performables.service.ts'
import { findTask, type TaskRow } from './tasks.repository.ts'
import { announceTask, moveTask, taskForStep } from './tasks.service.ts'
import { findContents, type VersionRow } from './templates.repository.ts'

/** What was released to the client, oldest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnJourneys(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PortalJourneyQuery,
): Promise<Page<PortalJourneySummary>> {
  trx.audit({ resourceType: 'journey' })
  const after = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const chart = await openOwnChart(trx)
  const rows = await listReleased(trx, chart, { limit, after })
  const contents = new Contents(await findContents(trx, rows))
  return toPage(
    rows,
    limit,
    row => toSummary(row, contents.of(row)),
    row => trx.cursorAfter({}, [row.id]),
  )
}

/** @throws Problem `not-found` */
export async function getOwnJourney(trx: PracticeTransaction, journeyId: string): Promise<PortalJourney> {
  const [journey, asked] = await openOwnJourney(trx, journeyId, key => ask(trx, key))
  return show(trx, journey, asked)
}

/** All that a client's own journey is shown with, in one round trip. */
const ask = (trx: PracticeTransaction, journey: JourneyKey) =>
  Promise.all([loadParts(trx, journey), listRemarks(trx, journey)])

async function show(
  trx: PracticeTransaction,
  journey: OpenJourney,
  [parts, remarks]: Awaited<ReturnType<typeof ask>>,
): Promise<PortalJourney> {
  const words = new Remarks(await Promise.all(remarks.map(async row => [row, await remarkOf(trx, row)])))
  const stages = await Promise.all(parts.stages.map(row => toStage(trx, row, journey, parts)))
  return {
    ...toSummary(journey.row, parts.contents.of(journey.row)),
    tasks: currentTasks(parts).map(task => toTask(task, parts, words)),
    stages: stages.map(({ label, enteredOn, leftOn }) => ({ label, enteredOn, leftOn })),
  }
}

/** What is written of restricted things is for the client, and not for who acts in their name. */
const remarkOf = async (trx: PracticeTransaction, row: StepRow) =>
  row.restricted && trx.scope.actor.representativeId !== null ? null : wordsOf(trx, row)

/** Says that a task is done. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function submitOwnTask(
  trx: PracticeTransaction,
  { journeyId, taskId }: { journeyId: string; taskId: string },
  version: number,
  words: string | null,
): Promise<PortalJourney> {
  const [held, found] = await holdOwnJourney(trx, journeyId, key => findTask(trx, key, taskId))
  const task = taskForStep(trx, taskId, found, version, 'submit')
  const move = { step: { kind: 'status_changed', words } } as const
  const [journey, asked] = await moveTask(trx, held, task, 'submitted', move, () => ask(trx, held))
  announceTask(trx, journey, task, 'journey-task.status-changed')
  return show(trx, journey, asked)
}

/** Asks to open a task again; a clinician decides. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function requestReopening(
  trx: PracticeTransaction,
  { journeyId, taskId }: { journeyId: string; taskId: string },
  version: number,
  words: string | null,
): Promise<PortalJourney> {
  const [held, found] = await holdOwnJourney(trx, journeyId, key => findTask(trx, key, taskId))
  const task = taskForStep(trx, taskId, found, version, 'reopen')
  if (task.reopen_requested_at) throw new Problem('invalid-state', { detail: 'You asked for this already.' })
  const step = { kind: 'reopen_requested', reason: 'client_request', words } as const
  const move = { reopen_requested_at: sql<Date>`now()`, step }
  const [journey, asked] = await moveTask(trx, held, task, task.status, move, () => ask(trx, held))
  announceTask(trx, journey, task, 'journey-task.reopen-requested')
  return show(trx, journey, asked)
}

/**
 * Submits a performable, with what was done for it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function submitOwnPerformable(
  trx: PracticeTransaction,
  { journeyId, performableId }: { journeyId: string; performableId: string },
  version: number,
  { evidence }: PortalPerformableSubmission,
): Promise<PortalJourney> {
  const [journey, [found, grounds]] = await holdOwnJourney(trx, journeyId, key =>
    Promise.all([performables.find(trx, key, performableId), performables.groundsFor(trx, key, {})]),
  )
  let performable = atVersion(performables.current(trx, performableId, found), version)
  if (evidence) {
    const { evidence_type: kind } = performable
    if (kind === 'session' || kind === 'instrument')
      throw invalidField('/evidence', 'not-allowed', 'The practice records evidence of this kind.')
    const brought = { input: { kind, ...evidence }, grounds, at: '/evidence' }
    performable = await performables.recordEvidence(trx, journey, performable, brought)
  }
  const to = 'submitted' as const
  return show(
    trx,
    journey,
    await performables.movePerformable(trx, journey, performable, { to }, () => ask(trx, journey)),
  )
}

const toSummary = (row: JourneyRow, { content }: VersionRow): PortalJourneySummary => ({
  id: row.id,
  title: content.title,
  status: row.status,
  startedOn: row.started_on,
  applicable: row.tasks_applicable,
  done: row.tasks_done,
})

/** The last words on each task and performable that was given back. */
class Remarks {
  readonly #words: readonly (readonly [StepRow, string | null])[]

  constructor(words: [StepRow, string | null][]) {
    this.#words = words
  }

  of(taskId: string, performableId: string | null): string | null {
    const found = this.#words.find(([row]) => row.task_id === taskId && row.performable_id === performableId)
    return found?.[1] ?? null
  }
}

function toTask(task: TaskRow, { contents, performables }: JourneyParts, remarks: Remarks): PortalTask {
  const template = templateTaskOf(contents, task)
  const { sections } = contents.of(task).content
  const own = performables.filter(({ task_id, dropped_at }) => task_id === task.id && dropped_at === null)
  return {
    id: task.id,
    label: template.label,
    sectionLabel: sections.find(({ key }) => key === template.sectionKey)?.label ?? template.sectionKey,
    lifeCompetency: template.lifeCompetency,
    status: task.status,
    deferredUntil: task.deferred_until,
    reopenRequestedAt: task.reopen_requested_at?.toISOString() ?? null,
    remark: remarks.of(task.id, null),
    performables: own.map(row => {
      const { id, label, evidenceType, required, status, version } = toPerformable(row, template)
      return { id, label, evidenceType, required, status, remark: remarks.of(task.id, id), version }
    }),
    version: task.version,
  }
}
