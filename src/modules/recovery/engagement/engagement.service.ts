import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { clientToday } from '../../clients/index.ts'
import { attendanceByMonth } from '../../scheduling/index.ts'
import { dayAfter } from '../days.rules.ts'
import { openRecovery } from '../recovery-door.ts'
import { thresholds } from '../thresholds.ts'
import { factsOfChart, latestFeedback } from './engagement.repository.ts'
import { allianceFall, isAtRisk, meanOf, rounded, signalsOf } from './engagement.rules.ts'
import type { Engagement } from './engagement.schemas.ts'

/** Two years of weekly sessions. */
const mostFeedback = 104
/** The trend of attendance shows the seasons of a year. */
const monthsOfDays = 365

/**
 * What a chart tells of whether its client stays, from what everybody with a clinical look into it may see. A constant
 * number of statements.
 *
 * @throws Problem `not-found`
 */
export async function getEngagement(trx: PracticeTransaction, chartId: string): Promise<Engagement> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'engagement' })
  const today = await clientToday(trx, chart)
  const [facts, feedback, months] = await Promise.all([
    factsOfChart(trx, chart),
    latestFeedback(trx, chart, mostFeedback),
    attendanceByMonth(trx, chart, { from: dayAfter(today, 1 - monthsOfDays), to: today }),
  ])
  const signals = signalsOf(facts)
  return {
    today,
    feedback: feedback.toReversed().map(({ occurredOn, measures, ...row }) => {
      const [heard = 0, aims = 0, approach = 0, overall = 0] = measures.map(value => value ?? 0)
      return { ...row, on: occurredOn, heard, aims, approach, overall, mean: rounded(meanOf(measures)) }
    }),
    allianceFall: allianceFall(facts.feedback),
    readinessFall: facts.readinessFall,
    missedSessions: facts.missed,
    months,
    windowDays: thresholds.engagement_window.value,
    signals,
    atRisk: isAtRisk(signals),
  }
}
