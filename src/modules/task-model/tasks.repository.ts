import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DB, JourneyPerformables, JourneySignOffs, JourneyTasks } from '../../lib/database/schema.ts'
import { idOf, type JourneyKey } from './journeys.repository.ts'
import type { PerformableStatus, PresentationPlace } from './performables.rules.ts'
import type { TaskStatus } from './tasks.rules.ts'
import type { EvidenceType } from './templates.rules.ts'

export interface TaskRow extends Selectable<JourneyTasks> {
  status: TaskStatus
}

/** A performable, and what there is of evidence that was not withdrawn. */
export interface PerformableRow extends Selectable<JourneyPerformables> {
  status: PerformableStatus
  evidence_type: EvidenceType
  evidence_count: number
  last_evidence_on: string | null
  presented_in: PresentationPlace[]
}

export type SignOffRow = Selectable<JourneySignOffs>

const tasks = (trx: PracticeTransaction, journey: JourneyKey) =>
  trx
    .selectFrom('journey_tasks')
    .selectAll()
    .select(eb => eb.ref('status').$castTo<TaskStatus>().as('status'))
    .where('practice_id', '=', trx.practiceId)
    .where('journey_id', '=', idOf(trx, journey))

/** In their usual order; those that a migration dropped are among them. */
export function listTasks(trx: PracticeTransaction, journey: JourneyKey): Promise<TaskRow[]> {
  return tasks(trx, journey).orderBy('position').orderBy('id').execute()
}

export function findTask(
  trx: PracticeTransaction,
  journey: JourneyKey,
  id: string,
): Promise<TaskRow | undefined> {
  return tasks(trx, journey).where('id', '=', id).executeTakeFirst()
}

/** The task that a performable belongs to. */
export function findTaskOf(
  trx: PracticeTransaction,
  journey: JourneyKey,
  performableId: string,
): Promise<TaskRow | undefined> {
  const own = trx
    .selectFrom('journey_performables')
    .select('task_id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', performableId)
  return tasks(trx, journey).where('id', '=', own).executeTakeFirst()
}

const performables = (trx: PracticeTransaction, journey: JourneyKey) =>
  trx
    .selectFrom('journey_performables as p')
    .innerJoinLateral(
      eb =>
        eb
          .selectFrom('journey_evidence as e')
          .leftJoin('journey_evidence_withdrawals as w', join =>
            join.onRef('w.practice_id', '=', 'e.practice_id').onRef('w.evidence_id', '=', 'e.id'),
          )
          .select([
            sql<number>`count(*)::int`.as('evidence_count'),
            sql<string | null>`max(e.occurred_on)`.as('last_evidence_on'),
            sql<
              PresentationPlace[]
            >`coalesce(array_agg(distinct e.presented_in) filter (where e.presented_in is not null), '{}')`.as(
              'presented_in',
            ),
          ])
          .whereRef('e.practice_id', '=', 'p.practice_id')
          .whereRef('e.performable_id', '=', 'p.id')
          .where('w.evidence_id', 'is', null)
          .as('f'),
      join => join.onTrue(),
    )
    .selectAll('p')
    .select(['f.evidence_count', 'f.last_evidence_on', 'f.presented_in'])
    .select(eb => [
      eb.ref('p.status').$castTo<PerformableStatus>().as('status'),
      eb.ref('p.evidence_type').$castTo<EvidenceType>().as('evidence_type'),
    ])
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.journey_id', '=', idOf(trx, journey))

/** In their usual order; those that a migration dropped are among them. */
export function listPerformables(trx: PracticeTransaction, journey: JourneyKey): Promise<PerformableRow[]> {
  return performables(trx, journey).orderBy('p.position').orderBy('p.id').execute()
}

export function findPerformable(
  trx: PracticeTransaction,
  journey: JourneyKey,
  id: string,
): Promise<PerformableRow | undefined> {
  return performables(trx, journey).where('p.id', '=', id).executeTakeFirst()
}

export interface NewTask {
  id: string
  key: string
  position: number
  performables: NewPerformable[]
}

export interface NewPerformable {
  id: string
  key: string
  evidenceType: EvidenceType
  required: boolean
  restricted: boolean
}

export interface TemplateUsed {
  template_id: string
  template_number: number
}

/** Adds tasks that have not been started, in one statement however many. */
export async function insertTasks(
  trx: PracticeTransaction,
  journeyId: string,
  used: TemplateUsed,
  added: readonly NewTask[],
): Promise<void> {
  const rows = JSON.stringify(added.map(({ id, key, position }) => ({ id, key, position })))
  await sql`insert into journey_tasks (practice_id, id, journey_id, template_id, template_number, task_key, position)
    select ${trx.practiceId}, t.id, ${journeyId}, ${used.template_id}, ${used.template_number}, t.key, t.position
    from jsonb_to_recordset(${rows}::jsonb) as t(id uuid, key text, position integer)`.execute(trx)
}

/** Adds performables of tasks, in one statement however many. */
export async function insertPerformables(
  trx: PracticeTransaction,
  journeyId: string,
  added: readonly (NewPerformable & { taskId: string; position: number })[],
): Promise<void> {
  const rows = JSON.stringify(added)
  await sql`insert into journey_performables (practice_id, id, journey_id, task_id, performable_key, position, evidence_type,
      required, restricted)
    select ${trx.practiceId}, p.id, ${journeyId}, p."taskId", p.key, p.position, p."evidenceType", p.required, p.restricted
    from jsonb_to_recordset(${rows}::jsonb) as p(id uuid, "taskId" uuid, key text, position integer, "evidenceType" text,
      required boolean, restricted boolean)`.execute(trx)
}

export type TaskUpdate = UpdateObject<DB, 'journey_tasks'> & { status?: TaskStatus }

/**
 * Changes a task whose journey this transaction holds and that was read under its lock, so that it still has the
 * version.
 */
export async function updateTask(
  trx: PracticeTransaction,
  task: TaskRow,
  changes: TaskUpdate,
): Promise<void> {
  const moved = changes.status !== undefined && changes.status !== task.status
  await trx
    .updateTable('journey_tasks')
    .set({
      ...changes,
      ...(moved ? { status_since: sql<Date>`now()` } : {}),
      version: task.version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', task.id)
    .where('version', '=', task.version)
    .execute()
}

/**
 * The same for a performable; what is shown of its evidence belongs to its version too.
 *
 * @param status a new one, where it gets one
 * @returns the performable as it is now
 */
export async function updatePerformable(
  trx: PracticeTransaction,
  performable: PerformableRow,
  status?: PerformableStatus,
): Promise<PerformableRow> {
  const version = performable.version + 1
  await trx
    .updateTable('journey_performables')
    .set({
      ...(status ? { status, status_since: sql<Date>`now()` } : {}),
      version,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', performable.id)
    .where('version', '=', performable.version)
    .execute()
  return { ...performable, version }
}

export async function insertSignOff(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneySignOffs>, 'practice_id' | 'signed_at'>,
): Promise<void> {
  await trx
    .insertInto('journey_sign_offs')
    .values({ ...values, practice_id: trx.practiceId, signed_at: sql<Date>`now()` })
    .execute()
}

/** In the order they were given. */
export function listSignOffs(trx: PracticeTransaction, taskId: string): Promise<SignOffRow[]> {
  return trx
    .selectFrom('journey_sign_offs')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('task_id', '=', taskId)
    .orderBy('task_version')
    .execute()
}
