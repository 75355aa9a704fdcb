import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { JourneyStages } from '../../lib/database/schema.ts'
import { idOf, type JourneyKey, type OpenJourney } from './journeys.repository.ts'

export type StageRow = Selectable<JourneyStages>

const stages = (trx: PracticeTransaction, journey: JourneyKey) =>
  trx
    .selectFrom('journey_stages')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('journey_id', '=', idOf(trx, journey))
    .where('withdrawn_at', 'is', null)

/** In the order they were entered, without those that were withdrawn. */
export function listStages(trx: PracticeTransaction, journey: JourneyKey): Promise<StageRow[]> {
  return stages(trx, journey).orderBy('entered_on').orderBy('id').execute()
}

export function findStage(
  trx: PracticeTransaction,
  journey: JourneyKey,
  id: string,
): Promise<StageRow | undefined> {
  return stages(trx, journey).where('id', '=', id).executeTakeFirst()
}

export async function insertStage(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  values: Omit<Insertable<JourneyStages>, 'practice_id' | 'journey_id' | 'template_id' | 'template_number'>,
): Promise<StageRow> {
  const { template_id, template_number } = row
  const used = { practice_id: trx.practiceId, journey_id: row.id, template_id, template_number }
  return trx
    .insertInto('journey_stages')
    .values({ ...values, ...used })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes a stage whose journey this transaction holds and that was read under its lock. */
export async function updateStage(
  trx: PracticeTransaction,
  stage: StageRow,
  change: { left_on: string } | 'withdrawn',
): Promise<StageRow> {
  return trx
    .updateTable('journey_stages')
    .set({
      ...(change === 'withdrawn' ? { withdrawn_at: sql<Date>`now()` } : change),
      version: stage.version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', stage.id)
    .where('version', '=', stage.version)
    .returningAll()
    .executeTakeFirstOrThrow()
}
