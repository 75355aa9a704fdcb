import { answered, ifStill, once, onceIfStill } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import type { DemoSeries } from './demo-schedule.ts'
import { type LoadedCare, unitOf } from './load-care.ts'
import { type LoadedPractice, person, placeIn } from './load-practice.ts'

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** Sessions that come again for a year, one of them moved and some of them paused. */
export async function loadSeries(practice: LoadedPractice, care: LoadedCare, data: DemoData): Promise<void> {
  for (const told of data.series) {
    const made = await book(practice, care, told)
    if (told.moved) await moveDate(practice, told, made)
    if (told.pause) await pause(practice, told.pause, made.series)
  }
}

async function book(practice: LoadedPractice, care: LoadedCare, told: DemoSeries) {
  const { firstWeek, weekday, everyWeeks, service, clinician, time } = told
  const body = {
    ...unitOf(care, told),
    ...placeIn(practice, told),
    serviceId: practice.serviceIds[service] ?? '',
    clinicianId: person(practice, clinician).staffId,
    rule: `FREQ=WEEKLY;INTERVAL=${everyWeeks};BYDAY=${weekdays[weekday - 1]}`,
    firstOn: practice.days.on({ week: firstWeek, weekday }),
    time,
    // The holiday is left out as closed; anything else in the way would be a fault of the demo.
    onClash: 'refuse' as const,
  }
  return answered(person(practice, 'fred').client.POST('/v1/appointment-series', { params: once(), body }))
}

type Booked = Awaited<ReturnType<typeof book>>

async function moveDate(
  { days, people }: LoadedPractice,
  { moved, weekday }: Pick<DemoSeries, 'moved' | 'weekday'>,
  { dates }: Booked,
) {
  const usual = moved && dates.find(({ date }) => date === days.on({ week: moved.week, weekday }))
  if (!people.fred || !moved || !usual?.appointmentId)
    throw new Error('The demo has no date of a series to move')
  await answered(
    people.fred.client.PATCH('/v1/appointments/{appointmentId}', {
      params: { path: { appointmentId: usual.appointmentId }, ...ifStill({ version: 1 }) },
      body: { startsAt: days.at(moved), reasonCode: 'schedule_conflict', by: 'client' },
    }),
  )
}

async function pause(
  practice: LoadedPractice,
  { fromWeek, untilWeek }: NonNullable<DemoSeries['pause']>,
  series: Booked['series'],
) {
  const { days } = practice
  const body = {
    from: days.on({ week: fromWeek, weekday: 1 }),
    until: days.on({ week: untilWeek, weekday: 7 }),
    reasonCode: 'travel' as const,
    by: 'client' as const,
  }
  const params = { path: { seriesId: series.id }, ...onceIfStill(series) }
  await answered(
    person(practice, 'fred').client.POST('/v1/appointment-series/{seriesId}/pauses', { params, body }),
  )
}
