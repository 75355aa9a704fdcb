import { type Insertable, type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { JourneyEvents, JourneyReopeningLapses } from '../../lib/database/schema.ts'
import { enteredBy } from '../../lib/recorder.ts'
import { idOf, type JourneyKey } from './journeys.repository.ts'
import type { StepKind } from './journeys.rules.ts'
import { places } from './sealed-places.ts'
import type { ReopenReason } from './tasks.rules.ts'

/** A step of a journey, whether its words are for the care team alone, and the lapse for which it was taken. */
export interface StepRow extends Selectable<JourneyEvents> {
  restricted: boolean
  lapse_id: string | null
}

export interface NewStep {
  kind: StepKind
  taskId?: string
  performableId?: string
  stageId?: string
  from?: string
  to?: string
  reason?: ReopenReason
  /** The lapse for which a task is opened again. */
  lapseId?: string | undefined
  /** What somebody wrote to it. */
  words?: string | null | undefined
}

/** Who enters a row, as its columns say it. @throws Problem `not-permitted` */
export const whoEnters = (trx: PracticeTransaction) => ({
  entered_by: enteredBy(trx),
  recorded_by: trx.scope.actor.staffId,
})

export type SealedStep = Insertable<JourneyEvents> & { id: string }

/** A step as it is kept. Seal it before what is sent together with it: a query that waits for a key is overtaken. */
export async function sealStep(
  trx: PracticeTransaction,
  journeyId: string,
  step: NewStep,
): Promise<SealedStep> {
  const id = uuidv7()
  return {
    practice_id: trx.practiceId,
    id,
    journey_id: journeyId,
    task_id: step.taskId ?? null,
    performable_id: step.performableId ?? null,
    stage_id: step.stageId ?? null,
    kind: step.kind,
    from_status: step.from ?? null,
    to_status: step.to ?? null,
    reason: step.reason ?? null,
    words_sealed: step.words ? await trx.seal(places.words(id), step.words) : null,
    ...whoEnters(trx),
  }
}

export async function insertStep(trx: PracticeTransaction, step: SealedStep): Promise<void> {
  await trx.insertInto('journey_events').values(step).execute()
}

/** Says which lapse a step was taken for. It is of the chart that the journey is of, which the key of the table checks. */
export async function insertLapseOfStep(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneyReopeningLapses>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('journey_reopening_lapses')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Records many steps of tasks that nobody wrote anything to, in one statement. */
export async function recordSteps(
  trx: PracticeTransaction,
  journeyId: string,
  taken: readonly Pick<NewStep, 'kind' | 'taskId' | 'to'>[],
): Promise<void> {
  const rows = JSON.stringify(taken.map(step => ({ id: uuidv7(), ...step })))
  const { entered_by, recorded_by } = whoEnters(trx)
  await sql`insert into journey_events (practice_id, id, journey_id, task_id, kind, to_status, entered_by, recorded_by)
    select ${trx.practiceId}, s.id, ${journeyId}, s."taskId", s.kind, s."to", ${entered_by}, ${recorded_by}
    from jsonb_to_recordset(${rows}::jsonb) as s(id uuid, "taskId" uuid, kind text, "to" text)`.execute(trx)
}

const steps = (trx: PracticeTransaction, journey: JourneyKey) =>
  trx
    .selectFrom('journey_events as e')
    .leftJoin('journey_performables as p', join =>
      join.onRef('p.practice_id', '=', 'e.practice_id').onRef('p.id', '=', 'e.performable_id'),
    )
    .leftJoin('journey_reopening_lapses as l', join =>
      join.onRef('l.practice_id', '=', 'e.practice_id').onRef('l.event_id', '=', 'e.id'),
    )
    .selectAll('e')
    .select([sql<boolean>`coalesce(p.restricted, false)`.as('restricted'), 'l.lapse_id'])
    .where('e.practice_id', '=', trx.practiceId)
    .where('e.journey_id', '=', idOf(trx, journey))

/** What happened to the journey itself, oldest first. */
export function listJourneySteps(trx: PracticeTransaction, journey: JourneyKey): Promise<StepRow[]> {
  return steps(trx, journey)
    .where('e.task_id', 'is', null)
    .where('e.performable_id', 'is', null)
    .where('e.stage_id', 'is', null)
    .orderBy('e.id')
    .execute()
}

/** What happened to a task and its performables, oldest first. */
export function listTaskSteps(
  trx: PracticeTransaction,
  journey: JourneyKey,
  taskId: string,
): Promise<StepRow[]> {
  return steps(trx, journey)
    .where('e.task_id', '=', taskId)
    .orderBy('e.recorded_at')
    .orderBy('e.id')
    .execute()
}

/** From an instant on, the newest first, as many as one looks at. */
export function listStepsSince(
  trx: PracticeTransaction,
  journey: JourneyKey,
  since: Date,
  limit: number,
): Promise<StepRow[]> {
  return steps(trx, journey)
    .where('e.recorded_at', '>=', since)
    .orderBy('e.recorded_at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(limit)
    .execute()
}

/** The last word on each task that was returned and each performable that needs work: written for the client. */
export function listRemarks(trx: PracticeTransaction, journey: JourneyKey): Promise<StepRow[]> {
  return steps(trx, journey)
    .where('e.words_sealed', 'is not', null)
    .where('e.to_status', '=', sql<string>`any(${['returned', 'needs_work']}::text[])`)
    .distinctOn(['e.task_id', 'e.performable_id'])
    .orderBy('e.task_id')
    .orderBy('e.performable_id')
    .orderBy('e.recorded_at', 'desc')
    .orderBy('e.id', 'desc')
    .execute()
}

export const wordsOf = async (trx: PracticeTransaction, row: StepRow) =>
  row.words_sealed ? (await trx.open(places.words(row.id), row.words_sealed)).toString() : null
