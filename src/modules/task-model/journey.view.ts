import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { daysSince, isStuck, type JourneyClock, percentOf } from './figures.ts'
import { type StepRow, wordsOf } from './history.repository.ts'
import type { JourneyStep } from './history.schemas.ts'
import { seesRestricted } from './journey-door.ts'
import type { JourneyRow, OpenJourney } from './journeys.repository.ts'
import type { JourneySummary } from './journeys.schemas.ts'
import type { JourneyPerformable } from './performables.schemas.ts'
import { places } from './sealed-places.ts'
import type { StageRow } from './stages.repository.ts'
import { elapsedDays, positionIn } from './stages.rules.ts'
import type { JourneyStage } from './stages.schemas.ts'
import type { PerformableRow, TaskRow } from './tasks.repository.ts'
import { done } from './tasks.rules.ts'
import type { JourneyTask } from './tasks.schemas.ts'
import type { VersionRow } from './templates.repository.ts'
import type { ProgramDocument } from './templates.schemas.ts'

/** The contents that the rows of a journey refer to. */
export class Contents {
  readonly #rows: readonly VersionRow[]

  constructor(rows: readonly VersionRow[]) {
    this.#rows = rows
  }

  of({ template_id, template_number }: { template_id: string; template_number: number }): VersionRow {
    const found = this.#rows.find(row => row.template_id === template_id && row.number === template_number)
    if (!found) throw new Error('A journey refers to a template version that is not there')
    return found
  }
}

/** What tasks are shown with. */
export interface TaskParts {
  contents: Contents
  clock: JourneyClock
  tasks: readonly TaskRow[]
  performables: readonly PerformableRow[]
  stuckAfterDays: number
}

export interface JourneyParts extends TaskParts {
  stages: readonly StageRow[]
}

export function toSummary(row: JourneyRow, { content }: VersionRow): JourneySummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.client_id,
    template: {
      id: row.template_id,
      number: row.template_number,
      key: content.key,
      title: content.title,
      kind: content.kind,
    },
    status: row.status,
    releasedToClient: row.released_at !== null,
    startedOn: row.started_on,
    endedOn: row.ended_on,
    enrolledById: row.enrolled_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    progress: {
      applicable: row.tasks_applicable,
      done: row.tasks_done,
      percent: percentOf(row.tasks_done, row.tasks_applicable),
    },
  }
}

type TemplateTask = ProgramDocument['tasks'][number]

/** What the template says of a task. */
export function templateTaskOf(contents: Contents, task: TaskRow): TemplateTask {
  const found = contents.of(task).content.tasks.find(({ key }) => key === task.task_key)
  if (!found) throw new Error('A task of a journey is not in its template')
  return found
}

export const toTask = (row: TaskRow, parts: TaskParts): JourneyTask => taskView(row, parts, finishedIn(parts))

/** The same for many, looked through once. */
export function toTasks(rows: readonly TaskRow[], parts: TaskParts): JourneyTask[] {
  const finished = finishedIn(parts)
  return rows.map(row => taskView(row, parts, finished))
}

function taskView(row: TaskRow, parts: TaskParts, finished: ReadonlySet<string>): JourneyTask {
  const { contents, clock } = parts
  const template = templateTaskOf(contents, row)
  const daysInStatus = daysSince(row.status_since, clock)
  return {
    id: row.id,
    key: row.task_key,
    number: template.number,
    label: template.label,
    sectionKey: template.sectionKey,
    lifeCompetency: template.lifeCompetency,
    openPrerequisiteKeys: template.prerequisiteKeys.filter(key => !finished.has(key)),
    status: row.status,
    statusSince: row.status_since.toISOString(),
    daysInStatus,
    stuck: isStuck({ status: row.status, daysInStatus }, parts.stuckAfterDays),
    firstStartedAt: row.first_started_at?.toISOString() ?? null,
    lastSignedOffAt: row.last_signed_off_at?.toISOString() ?? null,
    signerId: row.signer_id,
    reopenCount: row.reopen_count,
    reopenRequestedAt: row.reopen_requested_at?.toISOString() ?? null,
    deferredUntil: row.deferred_until,
    deferralOver: row.deferred_until !== null && row.deferred_until <= clock.today,
    performables: parts.performables
      .filter(performable => performable.task_id === row.id && performable.dropped_at === null)
      .map(performable => toPerformable(performable, template)),
    version: row.version,
  }
}

const finishedIn = ({ tasks }: TaskParts) => new Set(tasks.filter(isFinished).map(task => task.task_key))

/** What does not apply stands in nobody's way. */
const isFinished = ({ status, dropped_at }: TaskRow) =>
  dropped_at === null && (done.includes(status) || status === 'not_applicable')

export function toPerformable(row: PerformableRow, { performables }: TemplateTask): JourneyPerformable {
  const template = performables.find(({ key }) => key === row.performable_key)
  return {
    id: row.id,
    key: row.performable_key,
    // A migration may keep a task and drop one of its performables.
    label: template?.label ?? row.performable_key,
    evidenceType: row.evidence_type,
    required: row.required,
    restricted: row.restricted,
    status: row.status,
    statusSince: row.status_since.toISOString(),
    evidenceCount: row.evidence_count,
    lastEvidenceOn: row.last_evidence_on,
    presentedIn: row.presented_in,
    version: row.version,
  }
}

export async function toStage(
  trx: PracticeTransaction,
  row: StageRow,
  { row: journey }: OpenJourney,
  { contents, clock }: Pick<JourneyParts, 'contents' | 'clock'>,
): Promise<JourneyStage> {
  const template = contents.of(row).content.stages.find(({ key }) => key === row.stage_key)
  const until = row.left_on ?? clock.today
  const span = { enteredOn: row.entered_on, until, journeyStartedOn: journey.started_on }
  const band = template?.typical ?? null
  return {
    id: row.id,
    key: row.stage_key,
    label: template?.label ?? row.stage_key,
    enteredOn: row.entered_on,
    leftOn: row.left_on,
    elapsedDays: elapsedDays(span),
    typical: band && { ...band, position: positionIn(band, span) },
    note: row.note_sealed ? (await trx.open(places.stageNote(row.id), row.note_sealed)).toString() : null,
    recordedById: row.recorded_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

/** Steps with their words, but for those that the actor is not shown. */
export function toSteps(
  trx: PracticeTransaction,
  journey: OpenJourney,
  rows: readonly StepRow[],
): Promise<JourneyStep[]> {
  const seesAll = seesRestricted(journey)
  return Promise.all(
    rows.map(async row => ({
      kind: row.kind as JourneyStep['kind'],
      taskId: row.task_id,
      performableId: row.performable_id,
      stageId: row.stage_id,
      fromStatus: row.from_status,
      toStatus: row.to_status,
      reason: row.reason as JourneyStep['reason'],
      lapseId: row.lapse_id,
      note: row.restricted && !seesAll ? null : await wordsOf(trx, row),
      enteredBy: row.entered_by as JourneyStep['enteredBy'],
      recordedById: row.recorded_by,
      createdAt: row.recorded_at.toISOString(),
    })),
  )
}
