import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { type Caller, type CallOptions, createTestPractice, type Reply } from './practice.ts'
import { type BookablePractice, bookingsOf, createBookablePractice } from './scheduling.ts'
import type { TestApp } from './test-app.ts'

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

/** A practice in which each series is one of a client of their own, at an hour that nobody else has. */
export async function createSeriesPractice(test: TestApp) {
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  let hour = 6
  const setUp = async (more: object = {}, by: Caller = clinician) => {
    const { clientId, chartId } = await bookable.client([by])
    const time = `${String(hour++).padStart(2, '0')}:00`
    const made = await seriesOf(bookable, by, clientId).book(desk, { time, ...more })
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
    const id: string = made.body.series.id
    const url = `/v1/appointment-series/${id}`
    const { book } = bookingsOf(bookable, by, clientId)
    return { id, url, time, clientId, chartId, dates: datesOf(made), made, single: book }
  }
  const appointment = async (id: string | null | undefined) => (await desk.get(`/v1/appointments/${id}`)).body
  return { practice, bookable, desk, clinician, setUp, appointment }
}

/** What a refusal says: status, code and the first place. */
export const refusal = ({ status, body }: Reply) => [status, body.code, body.errors?.[0]?.pointer]
