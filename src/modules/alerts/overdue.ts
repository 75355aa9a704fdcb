import { inPractice } from '../../lib/database/in-practice.ts'
import { emit } from '../../lib/events.ts'
import type { House } from '../../lib/house.ts'
import { systemScope } from '../../lib/scope.ts'
import { markOverdue, newChange } from './alerts.repository.ts'
import { emitStep } from './announce.ts'

/**
 * When an alert's time to respond is over: makes it more severe and says so, to whoever
 * supervises its owner too, unless somebody acknowledged it. Once.
 */
export async function findOverdue(house: House, practiceId: string, alertId: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'alert-response'), async trx => {
    const row = await markOverdue(trx, alertId)
    if (!row) return
    const { id, version, severity, owner_id } = row
    trx.later(newChange(trx, { alert_id: id, alert_version: version, step: 'overdue', severity, owner_id }))
    emitStep(trx, 'overdue', row)
    if (row.escalated_to)
      emit(trx, { type: 'alert.escalated', resourceId: id, resourceVersion: version, chartId: row.chart_id })
  })
}
