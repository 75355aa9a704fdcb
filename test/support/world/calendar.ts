import type { Preparation } from './requests.ts'
import { daysAhead, makeAppointment } from './sessions.ts'

const dates = () => {
  const { from, to } = daysAhead()
  return { from: from.slice(0, 10), until: to.slice(0, 10) }
}

/** A month back and what the world books ahead. */
const around = () => {
  const from = new Date(Date.now() - 31 * 86_400_000).toISOString().slice(0, 10)
  return { query: { from, until: dates().until } }
}

export const calendarPreparations: Readonly<Record<string, Preparation>> = {
  getCalendar: async world => {
    await makeAppointment(world)
    const { callers, roomId } = world
    return { query: { ...dates(), clinicianIds: [callers.clinician.staffId], roomIds: [roomId] } }
  },
  getUtilization: around,
  getNoShows: around,
}
