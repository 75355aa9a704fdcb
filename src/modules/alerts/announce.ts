import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import type { HistoryStep } from './rules.ts'

/** That there is a restricted alert is itself restricted, so its events are of a type that only the care team is told. */
export function emitStep(
  trx: PracticeTransaction,
  step: HistoryStep,
  alert: { id: string; version: number; chart_id: string; data_class: string },
): void {
  emit(trx, {
    type: alert.data_class === 'restricted' ? `restricted-alert.${step}` : `alert.${step}`,
    resourceId: alert.id,
    resourceVersion: alert.version,
    chartId: alert.chart_id,
  })
}
