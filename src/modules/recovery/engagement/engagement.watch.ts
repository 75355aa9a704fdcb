import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type FoundByJob, raiseFound } from '../../alerts/index.ts'
import { factsOfPractice } from './engagement.repository.ts'
import { allianceFall, isAtRisk, lastSignalOn, signalsOf } from './engagement.rules.ts'

const rule = 'dropout_risk'

/** As many as a transaction should write; the rest waits for the next round. */
const most = 200

/**
 * Brings up charts whose client may leave, with what says so. While such an alert is open nothing is added to it, and what
 * was settled comes back with a later signal only.
 */
export async function watchEngagement(trx: PracticeTransaction): Promise<void> {
  const found = (await factsOfPractice(trx)).flatMap(({ chartId, ...facts }): FoundByJob[] => {
    const signals = signalsOf(facts)
    if (!isAtRisk(signals)) return []
    const fall = allianceFall(facts.feedback)
    return [
      {
        chartId,
        rule,
        severity: signals.length === 3 ? 'urgent' : 'attention',
        key: lastSignalOn(facts, signals),
        evidence: {
          missedSessions: facts.missed,
          ...(fall === null ? {} : { allianceFall: fall }),
          ...(facts.readinessFall === null ? {} : { readinessFall: facts.readinessFall }),
        },
      },
    ]
  })
  if (found.length === 0) return
  const known = await knownIn(trx, found)
  await raiseFound(trx, found.filter(({ chartId, key }) => !known(chartId, key)).slice(0, most))
}

/** Whether a chart has such an alert that is not resolved, or had it for the same signal. */
async function knownIn(trx: PracticeTransaction, found: readonly FoundByJob[]) {
  const { rows } = await sql<{ chartId: string; key: string; isOpen: boolean }>`
    select a.chart_id as "chartId", a.key, a.status <> 'resolved' as "isOpen" from alerts a
    where a.practice_id = ${trx.practiceId} and a.rule = ${rule}
      and a.chart_id = any(${found.map(({ chartId }) => chartId)}::uuid[])`.execute(trx)
  return (chartId: string, key: string) =>
    rows.some(row => row.chartId === chartId && (row.isOpen || row.key >= key))
}
