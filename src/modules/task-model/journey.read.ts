import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField } from '../../lib/problems.ts'
import { clientClock } from '../clients/index.ts'
import { lastAttendedAt } from '../scheduling/index.ts'
import { percentOf, progressOf, velocityOf } from './figures.ts'
import * as history from './history.repository.ts'
import {
  Contents,
  type JourneyParts,
  type TaskParts,
  templateTaskOf,
  toStage,
  toSteps,
  toSummary,
  toTasks,
} from './journey.view.ts'
import { type JourneyPlace, openJourneyWith } from './journey-door.ts'
import type { JourneyKey, OpenJourney } from './journeys.repository.ts'
import type { Journey, JourneyQuery } from './journeys.schemas.ts'
import { listStages } from './stages.repository.ts'
import * as tasks from './tasks.repository.ts'
import { findContentsOf } from './templates.repository.ts'

/** Most steps that one answer shows as changes. */
const shownChanges = 100

/** What is said of a task that nobody asked to look at more closely. */
export const defaultStuckAfterDays = 30

/** A journey with everything on it. @throws Problem `not-found` */
export async function getJourney(
  trx: PracticeTransaction,
  place: JourneyPlace,
  query: JourneyQuery,
): Promise<Journey> {
  const [journey, asked] = await openJourneyWith(trx, place, key => askJourney(trx, key, query))
  return showJourney(trx, journey, asked, query)
}

interface AskedJourney {
  parts: JourneyParts
  own: readonly history.StepRow[]
  lastSession: Date | null
}

/** Everything on a journey that can be asked for at once. */
export async function askJourney(
  trx: PracticeTransaction,
  journey: JourneyKey,
  { stuckAfterDays = defaultStuckAfterDays, since }: JourneyQuery,
): Promise<AskedJourney> {
  const [parts, own, lastSession] = await Promise.all([
    loadParts(trx, journey, stuckAfterDays),
    history.listJourneySteps(trx, journey),
    since === undefined ? lastAttendedAt(trx, journey.chart) : null,
  ])
  return { parts, own, lastSession }
}

/** @throws Problem `invalid-request` */
export async function showJourney(
  trx: PracticeTransaction,
  journey: OpenJourney,
  { parts, own, lastSession }: AskedJourney,
  { since }: JourneyQuery,
): Promise<Journey> {
  const basis = basisOf(journey, since, lastSession)
  const changes = await history.listStepsSince(trx, journey, basis.since, shownChanges)
  const dropped = parts.tasks.filter(task => task.dropped_at !== null)
  return {
    ...toSummary(journey.row, parts.contents.of(journey.row)),
    ...figuresOf(journey, parts),
    stuckAfterDays: parts.stuckAfterDays,
    tasks: toTasks(currentTasks(parts), parts),
    droppedTasks: toTasks(dropped, parts),
    stages: await Promise.all(parts.stages.map(row => toStage(trx, row, journey, parts))),
    changes: {
      basis: basis.basis,
      since: basis.since.toISOString(),
      steps: await toSteps(trx, journey, changes),
    },
    history: await toSteps(trx, journey, own),
  }
}

/** What the journey itself, its tasks and its stages are shown and counted with, in one round trip. */
export async function loadParts(
  trx: PracticeTransaction,
  journey: JourneyKey,
  stuckAfterDays = defaultStuckAfterDays,
): Promise<JourneyParts> {
  const [parts, stages] = await Promise.all([
    loadTaskParts(trx, journey, stuckAfterDays),
    listStages(trx, journey),
  ])
  return { ...parts, stages }
}

/** What its tasks are shown with, in one round trip. */
export async function loadTaskParts(
  trx: PracticeTransaction,
  journey: JourneyKey,
  stuckAfterDays = defaultStuckAfterDays,
): Promise<TaskParts> {
  const [taskRows, performables, clock, contents] = await Promise.all([
    tasks.listTasks(trx, journey),
    tasks.listPerformables(trx, journey),
    clientClock(trx, journey.chart),
    findContentsOf(trx, journey),
  ])
  return { contents: new Contents(contents), clock, tasks: taskRows, performables, stuckAfterDays }
}

export const currentTasks = ({ tasks: rows }: Pick<TaskParts, 'tasks'>) =>
  rows.filter(task => task.dropped_at === null)

function basisOf(
  { row }: OpenJourney,
  since: string | undefined,
  lastSession: Date | null,
): { basis: Journey['changes']['basis']; since: Date } {
  if (since !== undefined) {
    const given = new Date(since)
    if (Number.isNaN(given.getTime())) throw invalidField('query/since', 'format', 'Must be an instant.')
    return { basis: 'given', since: given }
  }
  return lastSession
    ? { basis: 'last_session', since: lastSession }
    : { basis: 'start', since: row.created_at }
}

function figuresOf({ row }: OpenJourney, parts: JourneyParts) {
  const { content } = parts.contents.of(row)
  const counted = currentTasks(parts).map(task => ({
    id: task.id,
    sectionKey: templateTaskOf(parts.contents, task).sectionKey,
    status: task.status,
    lastSignedOffAt: task.last_signed_off_at,
  }))
  const applying = new Set(counted.filter(({ status }) => status !== 'not_applicable').map(({ id }) => id))
  const performables = parts.performables.filter(
    ({ task_id, dropped_at }) => applying.has(task_id) && dropped_at === null,
  )
  const accepted = performables.filter(({ status }) => status === 'accepted').length
  const percent = percentOf(accepted, performables.length)
  return {
    progress: {
      ...progressOf(counted),
      performables: { total: performables.length, accepted, percent },
    },
    sections: content.sections.map(({ key, label }) => ({
      key,
      label,
      ...progressOf(counted.filter(({ sectionKey }) => sectionKey === key)),
    })),
    velocity: velocityOf(counted, { ...parts.clock, startedOn: row.started_on }),
  }
}
