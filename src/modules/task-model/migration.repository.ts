import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenJourney } from './journeys.repository.ts'
import type { NewPerformable, TemplateUsed } from './tasks.repository.ts'

/** A task that goes on, as the other version calls it. */
export interface KeptTask {
  id: string
  key: string
  position: number
}

/** Leaves every task of a journey that is held behind, as it is. */
export async function dropTasks(trx: PracticeTransaction, { row }: OpenJourney): Promise<void> {
  await sql`update journey_tasks set dropped_at = now(), version = version + 1, updated_at = now()
    where practice_id = ${trx.practiceId} and journey_id = ${row.id} and dropped_at is null`.execute(trx)
}

/**
 * Lets tasks that were just left behind go on under another version, in one statement however many. Leave all of them
 * behind first: keys may change places, and no two tasks of a journey have one key even for a moment.
 */
export async function keepTasks(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  used: TemplateUsed,
  kept: readonly KeptTask[],
): Promise<void> {
  const rows = JSON.stringify(kept)
  await sql`update journey_tasks t set template_id = ${used.template_id}, template_number = ${used.template_number}::int,
      task_key = k.key, position = k.position, dropped_at = null
    from jsonb_to_recordset(${rows}::jsonb) as k(id uuid, key text, position integer)
    where t.practice_id = ${trx.practiceId} and t.journey_id = ${row.id} and t.id = k.id`.execute(trx)
}

/** Gives performables of tasks that go on what the other version says of them. */
export async function keepPerformables(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  kept: readonly (NewPerformable & { position: number })[],
): Promise<void> {
  const rows = JSON.stringify(kept)
  await sql`update journey_performables p set position = k.position, evidence_type = k."evidenceType",
      required = k.required, restricted = p.restricted or k.restricted, version = p.version + 1, updated_at = now()
    from jsonb_to_recordset(${rows}::jsonb) as k(id uuid, position integer, "evidenceType" text, required boolean,
      restricted boolean)
    where p.practice_id = ${trx.practiceId} and p.journey_id = ${row.id} and p.id = k.id`.execute(trx)
}

export async function dropPerformables(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  ids: readonly string[],
): Promise<void> {
  await sql`update journey_performables set dropped_at = now(), version = version + 1, updated_at = now()
    where practice_id = ${trx.practiceId} and journey_id = ${row.id} and id = any(${ids}::uuid[])`.execute(
    trx,
  )
}

/** Lets stages of these keys go on as the other version calls them; the others keep the version they were entered in. */
export async function keepStages(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  used: TemplateUsed,
  kept: readonly { fromKey: string; toKey: string }[],
): Promise<void> {
  const rows = JSON.stringify(kept)
  await sql`update journey_stages s set template_id = ${used.template_id}, template_number = ${used.template_number}::int,
      stage_key = k."toKey", version = s.version + 1, updated_at = now()
    from jsonb_to_recordset(${rows}::jsonb) as k("fromKey" text, "toKey" text)
    where s.practice_id = ${trx.practiceId} and s.journey_id = ${row.id} and s.stage_key = k."fromKey"
      and s.template_id = ${row.template_id} and s.template_number = ${row.template_number}::int`.execute(trx)
}
