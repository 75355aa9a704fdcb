import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { clientClock } from '../clients/index.ts'
import { credentialTextOf, isSupervisorOf, needsCosign } from '../practice/index.ts'
import { isLapseOf } from '../recovery/index.ts'
import { daysByStatus, type JourneyClock } from './figures.ts'
import {
  insertLapseOfStep,
  insertStep,
  listTaskSteps,
  type NewStep,
  type StepRow,
  sealStep,
} from './history.repository.ts'
import { loadTaskParts } from './journey.read.ts'
import { toSteps, toTask } from './journey.view.ts'
import { holdActiveJourney, type JourneyPlace, openJourneyWith } from './journey-door.ts'
import { type JourneyKey, type OpenJourney, recount } from './journeys.repository.ts'
import * as repository from './tasks.repository.ts'
import {
  requireTaskStep,
  type StatusChange,
  statusAfterSignOff,
  stepOf,
  type TaskStatus,
  type TaskStep,
} from './tasks.rules.ts'
import type { JourneyTaskDetail, TaskReopening, TaskSignOff } from './tasks.schemas.ts'

export interface TaskPlace extends JourneyPlace {
  taskId: string
}

/** @throws Problem `not-found` */
export async function getTask(trx: PracticeTransaction, place: TaskPlace): Promise<JourneyTaskDetail> {
  const [journey, asked] = await openJourneyWith(trx, place, key => askTask(trx, key, place.taskId))
  trx.audit({ resourceType: 'journey-task', resourceId: place.taskId })
  return showTask(trx, journey, place.taskId, asked)
}

/** A step without a signature. @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` */
export async function changeTaskStatus(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  change: StatusChange,
): Promise<JourneyTaskDetail> {
  const [journey, [found, { today }]] = await holdActiveJourney(trx, place, key =>
    Promise.all([repository.findTask(trx, key, place.taskId), clientClock(trx, key.chart)]),
  )
  const step = stepOf(change, today)
  const task = taskForStep(trx, place.taskId, found, version, step)
  return takeStep(trx, journey, task, change.to, 'journey-task.status-changed', {
    deferred_until: change.deferredUntil ?? null,
    step: { kind: 'status_changed', words: change.note },
  })
}

/**
 * Signs a task off as a clinician. Who needs a co-signature leaves it waiting for the supervisor.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function signOff(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  { note, overrideReason }: TaskSignOff,
): Promise<JourneyTaskDetail> {
  const signerId = recorder(trx)
  const [journey, [found, performables, credentials, cosignNeeded]] = await holdActiveJourney(
    trx,
    place,
    key =>
      Promise.all([
        repository.findTask(trx, key, place.taskId),
        repository.listPerformables(trx, key),
        credentialTextOf(trx, signerId),
        needsCosign(trx, signerId),
      ]),
  )
  const task = taskForStep(trx, place.taskId, found, version, 'sign_off')
  checkPerformables(performables, task, overrideReason ?? null)
  return takeStep(trx, journey, task, statusAfterSignOff(cosignNeeded), 'journey-task.signed-off', {
    signer_id: signerId,
    step: { kind: 'signed_off', words: wordsOf(note, overrideReason) },
    signOff: { role: 'signer', signer_id: signerId, credentials },
  })
}

/**
 * Co-signs as the signer's supervisor.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `stale-version`, `invalid-state`
 */
export async function cosign(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
): Promise<JourneyTaskDetail> {
  const signerId = recorder(trx)
  const { journey, task, beside } = await taskToCosign(trx, place, version, 'cosign', () =>
    credentialTextOf(trx, signerId),
  )
  return takeStep(trx, journey, task, 'signed_off', 'journey-task.cosigned', {
    step: { kind: 'cosigned' },
    signOff: { role: 'cosigner', signer_id: signerId, credentials: beside },
  })
}

/** Gives it back to the signer, with remarks. @throws as `cosign` */
export async function returnToSigner(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  remarks: string,
): Promise<JourneyTaskDetail> {
  const { journey, task } = await taskToCosign(trx, place, version, 'return_to_signer', async () => {})
  const step = { kind: 'cosign_returned', words: remarks } as const
  return takeStep(trx, journey, task, 'submitted', 'journey-task.returned', { step })
}

/**
 * Opens a task again.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`; `invalid-request` for a lapse with another reason;
 *   `unknown-reference` for one that is not of this chart, or was withdrawn
 */
export async function reopen(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  { reason, note, lapseId }: TaskReopening,
): Promise<JourneyTaskDetail> {
  if (lapseId !== undefined && reason !== 'lapse')
    throw invalidField('/lapseId', 'not-allowed', 'Only with the reason `lapse`.')
  const [journey, [found, isLapse]] = await holdActiveJourney(trx, place, key =>
    Promise.all([
      repository.findTask(trx, key, place.taskId),
      lapseId === undefined || isLapseOf(trx, key.chart, lapseId),
    ]),
  )
  const task = taskForStep(trx, place.taskId, found, version, 'reopen')
  if (!isLapse) throw unknownReference('/lapseId')
  return takeStep(trx, journey, task, 'in_progress', 'journey-task.reopened', {
    reopen_count: task.reopen_count + 1,
    reopen_requested_at: null,
    step: { kind: 'reopened', reason, words: note, lapseId },
  })
}

/** Answers a client's request with no. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function refuseReopening(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  note: string | null,
): Promise<JourneyTaskDetail> {
  const [journey, found] = await holdWithTask(trx, place)
  const task = currentTask(trx, place.taskId, found, version)
  if (!task.reopen_requested_at) throw new Problem('invalid-state', { detail: 'Nobody asked to reopen it.' })
  return takeStep(trx, journey, task, task.status, 'journey-task.reopen-refused', {
    reopen_requested_at: null,
    step: { kind: 'reopen_refused', words: note },
  })
}

const holdWithTask = (trx: PracticeTransaction, place: TaskPlace) =>
  holdActiveJourney(trx, place, key => repository.findTask(trx, key, place.taskId))

/**
 * The task of a journey that is held, as the caller read it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` for one that a migration left behind
 */
function currentTask(
  trx: PracticeTransaction,
  taskId: string,
  found: repository.TaskRow | undefined,
  version: number,
): repository.TaskRow {
  trx.audit({ resourceType: 'journey-task', resourceId: taskId })
  const task = atVersion(found, version)
  if (task.dropped_at) throw new Problem('invalid-state', { detail: 'A migration left this task behind.' })
  return task
}

/** The same, where this step may be taken. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export function taskForStep(
  trx: PracticeTransaction,
  taskId: string,
  found: repository.TaskRow | undefined,
  version: number,
  step: TaskStep,
): repository.TaskRow {
  const task = currentTask(trx, taskId, found, version)
  trx.audit({ fields: ['status'] })
  requireTaskStep(task.status, step)
  return task
}

interface Move extends Pick<repository.TaskUpdate, 'signer_id' | 'reopen_count' | 'deferred_until'> {
  reopen_requested_at?: null | RawBuilder<Date>
  step: Omit<NewStep, 'taskId' | 'from' | 'to'>
  signOff?: { role: 'signer' | 'cosigner'; signer_id: string; credentials: string }
}

/**
 * Takes a step: the task, its history, and the counts of the journey that is held.
 *
 * @param after asked for in the same round trip; it sees what was written
 * @returns the journey as it is now, and what was asked for
 */
export async function moveTask<T>(
  trx: PracticeTransaction,
  { chart, row }: OpenJourney,
  task: repository.TaskRow,
  to: TaskStatus,
  { step, signOff: signature, deferred_until = null, ...changes }: Move,
  after: () => Promise<T>,
): Promise<[journey: OpenJourney, asked: T]> {
  const now = sql<Date>`now()`
  const isStart = to === 'in_progress' && task.first_started_at === null
  const isDone = to === 'signed_off' && task.status !== 'signed_off'
  const sealed = await sealStep(trx, row.id, { ...step, taskId: task.id, from: task.status, to })
  const task_version = task.version + 1
  const { lapseId } = step
  // Sent in this order: the counts are taken of the task as it is then.
  const [, counted, , , , asked] = await Promise.all([
    repository.updateTask(trx, task, {
      ...changes,
      status: to,
      deferred_until,
      ...(isStart ? { first_started_at: now } : {}),
      ...(isDone ? { last_signed_off_at: now } : {}),
      ...(isDone && task.first_signed_off_at === null ? { first_signed_off_at: now } : {}),
    }),
    recount(trx, row.id),
    insertStep(trx, sealed),
    lapseId === undefined
      ? undefined
      : insertLapseOfStep(trx, { event_id: sealed.id, chart_id: chart.id, lapse_id: lapseId }),
    signature && repository.insertSignOff(trx, { ...signature, task_id: task.id, task_version }),
    after(),
  ])
  return [{ chart, row: counted }, asked]
}

async function takeStep(
  trx: PracticeTransaction,
  held: OpenJourney,
  task: repository.TaskRow,
  to: TaskStatus,
  event: EventType,
  move: Move,
): Promise<JourneyTaskDetail> {
  const ask = () => askTask(trx, held, task.id)
  const [journey, asked] = await moveTask(trx, held, task, to, move, ask)
  announceTask(trx, journey, task, event)
  return showTask(trx, journey, task.id, asked)
}

export function announceTask(
  trx: PracticeTransaction,
  { chart }: OpenJourney,
  task: repository.TaskRow,
  type: EventType,
): void {
  emit(trx, { type, resourceId: task.id, resourceVersion: task.version + 1, chartId: chart.id })
}

async function taskToCosign<T>(
  trx: PracticeTransaction,
  place: TaskPlace,
  version: number,
  step: 'cosign' | 'return_to_signer',
  ask: () => Promise<T>,
): Promise<{ journey: OpenJourney; task: repository.TaskRow; beside: T }> {
  const [journey, [found, beside]] = await holdActiveJourney(
    trx,
    place,
    key => Promise.all([repository.findTask(trx, key, place.taskId), ask()]),
    'programs:cosign',
  )
  const task = taskForStep(trx, place.taskId, found, version, step)
  if (!task.signer_id || !(await isSupervisorOf(trx, task.signer_id))) throw notFound()
  return { journey, task, beside }
}

/** Required performables are accepted, or it is said why not. */
function checkPerformables(
  performables: readonly repository.PerformableRow[],
  task: repository.TaskRow,
  overrideReason: string | null,
): void {
  const isComplete = performables
    .filter(({ task_id, dropped_at, required }) => task_id === task.id && !dropped_at && required)
    .every(({ status }) => status === 'accepted')
  if (!isComplete && !overrideReason)
    throw new Problem('invalid-state', {
      detail: 'Required performables are not accepted. Accept them, or say in `overrideReason` why not.',
    })
}

const wordsOf = (...texts: (string | null | undefined)[]) => texts.filter(Boolean).join('\n\n')

/** All that a task and its history are shown with, in one round trip. */
const askTask = (trx: PracticeTransaction, journey: JourneyKey, taskId: string) =>
  Promise.all([
    loadTaskParts(trx, journey),
    listTaskSteps(trx, journey, taskId),
    repository.listSignOffs(trx, taskId),
  ])

/** A task with its history. @throws Problem `not-found` */
async function showTask(
  trx: PracticeTransaction,
  journey: OpenJourney,
  taskId: string,
  [parts, steps, signOffs]: Awaited<ReturnType<typeof askTask>>,
): Promise<JourneyTaskDetail> {
  const row = parts.tasks.find(({ id }) => id === taskId)
  if (!row) throw notFound()
  return {
    journeyId: journey.row.id,
    ...toTask(row, parts),
    daysByStatus: daysInEach(journey, steps, parts.clock),
    signOffs: signOffs.map(one => ({
      role: one.role as 'signer' | 'cosigner',
      signerId: one.signer_id,
      credentials: one.credentials,
      signedAt: one.signed_at.toISOString(),
    })),
    history: await toSteps(trx, journey, steps),
  }
}

/** From the day it came into the journey: with the enrollment, or with a migration that added it. */
function daysInEach(journey: OpenJourney, steps: readonly StepRow[], clock: JourneyClock) {
  const own = steps.filter(({ performable_id, to_status }) => performable_id === null && to_status !== null)
  const taken = own.map(step => ({ to: step.to_status as TaskStatus, at: step.recorded_at }))
  const came = own.some(({ kind }) => kind === 'entered') ? [] : [journey.row.created_at]
  return daysByStatus([...came.map(at => ({ to: 'not_started' as const, at })), ...taken], clock)
}
