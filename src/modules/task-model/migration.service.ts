import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { insertStep, recordSteps, type SealedStep, sealStep } from './history.repository.ts'
import { askJourney, currentTasks, loadParts, showJourney } from './journey.read.ts'
import type { JourneyParts } from './journey.view.ts'
import { holdActiveJourney, type JourneyPlace, openJourneyWith } from './journey-door.ts'
import {
  insertMigration,
  type JourneyKey,
  type JourneyRow,
  type OpenJourney,
  recount,
  updateJourney,
} from './journeys.repository.ts'
import { fits } from './journeys.rules.ts'
import type { Journey, MigrationPlan, MigrationPreview } from './journeys.schemas.ts'
import { openTemplate } from './journeys.service.ts'
import * as repository from './migration.repository.ts'
import { planMigration, requireComplete } from './migration.rules.ts'
import { newTasksOf, performablesIn } from './new-tasks.ts'
import {
  insertPerformables,
  insertTasks,
  type NewTask,
  type PerformableRow,
  type TaskRow,
} from './tasks.repository.ts'
import { findVersion, type VersionRow } from './templates.repository.ts'
import { requireVersionStep } from './templates.rules.ts'

/** What a migration would do. @throws Problem `not-found`, `invalid-state`, `unknown-reference`, `invalid-request` */
export async function previewMigration(
  trx: PracticeTransaction,
  place: JourneyPlace,
  plan: MigrationPlan,
): Promise<MigrationPreview> {
  const [journey, [target, parts]] = await openJourneyWith(trx, place, key => ask(trx, key, plan))
  if (!target) throw unknownReference('/programTemplateId')
  requireVersionStep(target.status, 'enroll')
  return planFor(journey, parts, target, plan)
}

/**
 * Lets a journey go on under another version. What goes on keeps status, history and evidence; what is left behind
 * stays to be read.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `already-exists`, `invalid-request`
 */
export async function migrateJourney(
  trx: PracticeTransaction,
  place: JourneyPlace,
  version: number,
  plan: MigrationPlan,
): Promise<Journey> {
  const [journey, [found, parts]] = await holdActiveJourney(trx, place, key => ask(trx, key, plan))
  const from = atVersion(journey.row, version)
  trx.audit({ fields: ['template'] })
  const target = await openTemplate(trx, found)
  const preview = planFor(journey, parts, target, plan)
  requireComplete(preview)
  const step = await sealStep(trx, from.id, { kind: 'migrated' })
  // Sent in this order, in one round trip: what is shown is the journey as it is then.
  const [row, asked] = await Promise.all([
    carryOver(trx, { journey, parts, target, preview, mapping: plan.mapping, step }),
    askJourney(trx, journey, {}),
  ])
  return showJourney(trx, { chart: journey.chart, row }, asked, {})
}

/** A journey that this transaction holds, the version it goes on with, and what becomes of each key. */
export interface Carried {
  journey: OpenJourney
  parts: JourneyParts
  target: VersionRow
  preview: MigrationPreview
  mapping: MigrationPlan['mapping']
  step: SealedStep
}

/** Lets a journey go on, in one round trip and as many statements for any journey. @returns it as it is then */
export async function carryOver(
  trx: PracticeTransaction,
  { journey, parts, target, preview, mapping, step }: Carried,
): Promise<JourneyRow> {
  const from = journey.row
  const used = { template_id: target.template_id, template_number: target.number }
  const migration = {
    id: uuidv7(),
    journey_id: from.id,
    from_template_id: from.template_id,
    from_number: from.template_number,
    to_template_id: used.template_id,
    to_number: used.template_number,
    mapping: JSON.stringify(mapping),
    recorded_by: recorder(trx),
  }
  emit(trx, {
    type: 'journey.migrated',
    resourceId: from.id,
    resourceVersion: from.version + 1,
    chartId: journey.chart.id,
  })
  // Sent in this order: what is counted are the tasks as they are then.
  const [, , , , row] = await Promise.all([
    moveTasks(trx, journey, parts, target, preview),
    repository.keepStages(trx, journey, used, preview.kept),
    insertMigration(trx, migration),
    updateJourney(trx, journey, used),
    recount(trx, from.id),
    insertStep(trx, step),
  ])
  return row
}

/** The version to go to, and all that may go there, in one round trip. */
const ask = (
  trx: PracticeTransaction,
  journey: JourneyKey,
  { programTemplateId, templateNumber }: MigrationPlan,
) => Promise.all([findVersion(trx, programTemplateId, templateNumber), loadParts(trx, journey)])

function planFor(
  { chart, row }: OpenJourney,
  parts: JourneyParts,
  target: VersionRow,
  { mapping }: MigrationPlan,
): MigrationPreview {
  const before = parts.contents.of(row)
  if (target.template_id === row.template_id && target.number === row.template_number)
    throw new Problem('invalid-state', { detail: 'The journey follows this version already.' })
  if (target.kind !== before.kind)
    throw invalidField('/programTemplateId', 'kind', 'Must be of the same kind as what is followed now.')
  if (!fits(target.content.audience, chart.kind === 'couple' && !row.client_id ? 'couple' : 'person'))
    throw invalidField('/programTemplateId', 'audience', 'This template is written for somebody else.')
  const followed =
    target.kind === 'task_program'
      ? currentTasks(parts).map(task => task.task_key)
      : before.content.stages.map(({ key }) => key)
  const offered = [...target.content.tasks, ...target.content.stages].map(({ key }) => key)
  return planMigration(followed, offered, mapping)
}

async function moveTasks(
  trx: PracticeTransaction,
  journey: OpenJourney,
  parts: JourneyParts,
  target: VersionRow,
  { kept, dropped, added }: MigrationPreview,
): Promise<void> {
  const rows = new Map(currentTasks(parts).map(task => [task.task_key, task]))
  const used = { template_id: target.template_id, template_number: target.number }
  const fresh = newTasksOf(target.content.tasks)
  const going = kept.flatMap(({ fromKey, toKey }) => {
    const row = rows.get(fromKey)
    const task = fresh.find(({ key }) => key === toKey)
    return row && task ? [{ row, task }] : []
  })
  const left = dropped.flatMap(key => rows.get(key) ?? [])
  const begun = fresh.filter(({ key }) => added.includes(key))
  const steps = [
    ...left.map(({ id }) => ({ kind: 'dropped' as const, taskId: id })),
    ...going.map(({ row }) => ({ kind: 'migrated' as const, taskId: row.id })),
    ...begun.map(({ id }) => ({ kind: 'entered' as const, taskId: id, to: 'not_started' as const })),
  ]
  await Promise.all([
    repository.dropTasks(trx, journey),
    repository.keepTasks(
      trx,
      journey,
      used,
      going.map(({ row, task: { key, position } }) => ({ id: row.id, key, position })),
    ),
    insertTasks(trx, journey.row.id, used, begun),
    movePerformables(trx, journey, parts.performables, going, begun),
    recordSteps(trx, journey.row.id, steps),
  ])
}

/** Performables go on by their keys within a task; those that the other version does not ask for are left behind. */
async function movePerformables(
  trx: PracticeTransaction,
  journey: OpenJourney,
  rows: readonly PerformableRow[],
  going: readonly { row: TaskRow; task: NewTask }[],
  begun: readonly NewTask[],
): Promise<void> {
  const asked = going.map(({ row, task }) => ({ ...task, id: row.id }))
  const current = rows.filter(({ dropped_at }) => dropped_at === null)
  const found = (taskId: string, key: string) =>
    current.find(row => row.task_id === taskId && row.performable_key === key)
  const wanted = performablesIn(asked)
  const kept = wanted.flatMap(one => {
    const row = found(one.taskId, one.key)
    return row ? [{ ...one, id: row.id }] : []
  })
  const isKept = new Set(kept.map(({ id }) => id))
  const tasks = new Set(asked.map(({ id }) => id))
  const left = current.filter(({ id, task_id }) => tasks.has(task_id) && !isKept.has(id))
  const added = wanted.filter(({ taskId, key }) => !found(taskId, key))
  await Promise.all([
    repository.keepPerformables(trx, journey, kept),
    repository.dropPerformables(
      trx,
      journey,
      left.map(({ id }) => id),
    ),
    insertPerformables(trx, journey.row.id, [...added, ...performablesIn(begun)]),
  ])
}
