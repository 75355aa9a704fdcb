import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { newChange } from './alerts.repository.ts'
import { type NewAlert, raise } from './raise.ts'
import type { AlertRuleName } from './rules.ts'

/** What a job found in a chart. */
export interface FoundByJob extends NewAlert {
  chartId: string
}

/**
 * For a job's own query: whether this rule was never raised in that chart with that key, resolved alerts included. What
 * staff have settled is not brought up again by the clock.
 */
export const neverRaised = (
  trx: PracticeTransaction,
  rule: AlertRuleName,
  { chartId, key }: { chartId: RawBuilder<unknown>; key: RawBuilder<unknown> },
) => sql<boolean>`not exists (select from alerts known where known.practice_id = ${trx.practiceId}
  and known.chart_id = ${chartId} and known.rule = ${rule} and known.key = ${key})`

/**
 * Raises what a job found. A job passes no chart's door, because nobody reads anything through it: charts are named by id.
 *
 * @throws Error for an actor who is no job
 */
export async function raiseFound(trx: PracticeTransaction, found: readonly FoundByJob[]): Promise<void> {
  if (trx.scope.actor.kind !== 'system')
    throw new Error('Only a job raises alerts without a chart that was opened')
  // Sent in this order, in one round trip.
  const steps = await Promise.all(
    found.map(({ chartId, ...alert }) => raise(trx, { id: chartId }, alert, { id: uuidv7(), madeBy: null })),
  )
  for (const step of steps) if (step) trx.later(newChange(trx, step))
}
