import { writeAudit } from '../../../lib/audit.ts'
import { inPractice } from '../../../lib/database/in-practice.ts'
import { emit } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { systemScope } from '../../../lib/scope.ts'
import { findNote } from '../session-notes.repository.ts'
import { chartIdOf, endExpired } from './release.repository.ts'
import { tellOfRelease } from './release.service.ts'

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

/** Tells that the time has come from which a client can read a note by the practice's policy. */
export async function tellOfPolicyRelease(house: House, practiceId: string, noteId: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'note-release'), async trx => {
    const note = await findNote(trx, noteId)
    if (!note) return
    trx.audit({ resourceType: 'session-note', resourceId: noteId, chartId: note.chart_id })
    await tellOfRelease(trx, note)
    writeAudit(trx, { decision: 'granted' })
  })
}
