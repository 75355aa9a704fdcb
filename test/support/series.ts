import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Caller, CallOptions, Reply } from './practice.ts'
import type { BookablePractice } from './scheduling.ts'

const zone = 'America/Los_Angeles'
export const today = Temporal.Now.plainDateISO(zone)
/** A Monday some weeks ahead, and days from it. */
const monday = today.add({ days: 22 - today.dayOfWeek })
export const day = (days: number): string => monday.add({ days }).toString()

export const instantOf = (date: string, time: string, timeZone = zone): string =>
  Temporal.PlainDateTime.from(`${date}T${time}`)
    .toZonedDateTime(timeZone)
    .toInstant()
    .toString({ fractionalSecondDigits: 3 })

/** Series of one client with one clinician: weekly on Mondays at 18:00, for eight weeks, unless said otherwise. */
export function seriesOf(bookable: BookablePractice, clinician: Caller, clientId: string) {
  const body = (more: object = {}) => ({
    clientId,
    serviceId: bookable.services.individual,
    clinicianId: clinician.staffId,
    mode: 'in_person',
    locationId: bookable.locationId,
    roomId: bookable.rooms[0],
    rule: 'FREQ=WEEKLY;COUNT=8',
    firstOn: day(0),
    time: '18:00',
    ...more,
  })
  return {
    body,
    book: (by: Caller, more: object = {}, options: CallOptions = {}): Promise<Reply> =>
      by.post('/v1/appointment-series', body(more), { key: randomUUID(), ...options }),
    preview: (by: Caller, more: object = {}): Promise<Reply> =>
      by.post('/v1/appointment-series/preview', body(more)),
  }
}

interface ShownDate {
  date: string
  standing: string
  appointmentStatus: string | null
  appointmentId: string | null
  startsAt: string
}

export const datesOf = ({ body }: Reply): ShownDate[] => body.dates ?? body.data
export const standingsOf = (reply: Reply): string[] =>
  datesOf(reply).map(({ date, standing }) => `${date} ${standing}`)

export const allDates = (by: Caller, seriesId: string): Promise<Reply> =>
  by.get(`/v1/appointment-series/${seriesId}/dates?limit=200`)
