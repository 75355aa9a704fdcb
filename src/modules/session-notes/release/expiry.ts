import { writeAudit } from '../../../lib/audit.ts'
import { inPractice } from '../../../lib/database/in-practice.ts'
import { emit } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { systemScope } from '../../../lib/scope.ts'
import { chartIdOf, endExpired } from './release.repository.ts'

/** Writes down that a hold's time is over, in the audit log and the events. The client could read the note already. */
export async function expireReleaseHold(house: House, practiceId: string, holdId: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'release-hold-expiry'), async trx => {
    const [hold] = await endExpired(trx, { holdId })
    if (!hold) return
    const chartId = await chartIdOf(trx, hold.note_id)
    trx.audit({ resourceType: 'session-note', resourceId: hold.note_id, chartId, fields: ['holdEnd'] })
    writeAudit(trx, { decision: 'granted' })
    emit(trx, { type: 'session-note.release-hold-ended', resourceId: hold.note_id, chartId })
  })
}
