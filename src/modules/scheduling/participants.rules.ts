import { invalidField } from '../../lib/problems.ts'
import type { AppointmentRow } from './appointments.repository.ts'
import type { Attendance, NewAttendance } from './attendance.schemas.ts'
import { unknownReference } from './booking.rules.ts'

export type Participants = Attendance['participants']

/**
 * Each client of the appointment with their presence. Who is not named is as recorded before, or else present.
 *
 * @throws Problem `unknown-reference` for whoever is no client of it, or may not be known to be; `invalid-request` for
 *   one who is named twice, and when nobody was there
 */
export function participantsOf(
  row: Pick<AppointmentRow, 'member_ids' | 'attendees' | 'sees_members'>,
  named: NewAttendance['participants'] = [],
): Participants {
  const said = new Map(row.attendees.map(({ clientId, presence }) => [clientId, presence]))
  const names = new Set<string>()
  for (const [index, { clientId, presence }] of named.entries()) {
    const pointer = `/participants/${index}/clientId`
    if (!row.sees_members || !row.member_ids.includes(clientId)) throw unknownReference(pointer)
    if (names.has(clientId)) throw invalidField(pointer, 'unique', 'Each client once.')
    names.add(clientId)
    said.set(clientId, presence)
  }
  const participants = row.member_ids.map(clientId => ({
    clientId,
    presence: said.get(clientId) ?? ('present' as const),
  }))
  if (participants.length > 0 && participants.every(({ presence }) => presence === 'absent'))
    throw invalidField('/participants', 'absent', 'Nobody was there: record a no-show.')
  return participants
}
