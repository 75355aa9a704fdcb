import { makeClient } from './care.ts'
import { type Ground, make } from './ground.ts'
import type { Preparation } from './requests.ts'

/** Makers of series. Each makes something fresh, on two days of its own. */

const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Two days, farther ahead than what `freeHour` gives, at an hour that is there in every week of the year. */
async function seriesBody(ground: Ground) {
  const { callers, serviceIds, locationId, roomId, number } = ground
  const at = number()
  return {
    clientId: (await makeClient(ground)).id,
    serviceId: serviceIds.individual,
    clinicianId: callers.clinician.staffId,
    mode: 'in_person',
    locationId,
    roomId,
    rule: 'FREQ=DAILY;COUNT=2',
    firstOn: dateIn(60 + 2 * (at % 140)),
    time: `${String(23 - (Math.floor(at / 140) % 20)).padStart(2, '0')}:00`,
  }
}

export async function makeSeries(ground: Ground) {
  const body = await seriesBody(ground)
  const { series, dates } = await make(ground.callers.owner, '/v1/appointment-series', body)
  return {
    seriesId: String(series.id),
    firstOn: body.firstOn,
    time: body.time,
    chartId: String(series.chartId),
    appointmentId: String(dates[0].appointmentId),
  }
}

/** Time off that falls on the first date of a series. */
async function makeLeave(ground: Ground): Promise<string> {
  const { callers } = ground
  const { firstOn, time } = await makeSeries(ground)
  const leave = await make(callers.owner, '/v1/calendar-exceptions', {
    kind: 'time_off',
    staffId: callers.clinician.staffId,
    startsAt: `${firstOn}T${time}`,
    endsAt: `${firstOn}T${time.replace(':00', ':50')}`,
  })
  return String(leave.id)
}

async function makePause(ground: Ground) {
  const { seriesId, firstOn } = await makeSeries(ground)
  const pause = { from: firstOn, until: firstOn, reasonCode: 'travel', by: 'client' }
  const url = `/v1/appointment-series/${seriesId}/pauses`
  const { series } = await make(ground.callers.owner, url, pause, { ifMatch: 1 })
  return { seriesId, pauseId: String(series.pauses[0].id) }
}

export async function seriesIds(ground: Ground) {
  await makeSeries(ground)
  return makePause(ground)
}

export const seriesPreparations: Readonly<Record<string, Preparation>> = {
  previewAppointmentSeries: async world => ({ body: await seriesBody(world) }),
  bookAppointmentSeries: async world => ({ body: await seriesBody(world) }),
  listAppointmentSeries: async world => ({ query: { chartId: (await makeSeries(world)).chartId } }),
  listDisplacedAppointments: async world => ({ params: { exceptionId: await makeLeave(world) } }),
  previewSeriesChange: changed,
  changeAppointmentSeries: changed,
  cancelAppointmentSeries: async world => {
    const { seriesId, firstOn } = await makeSeries(world)
    return { params: { seriesId }, body: { from: firstOn } }
  },
  pauseAppointmentSeries: async world => {
    const { seriesId, firstOn } = await makeSeries(world)
    return { params: { seriesId }, body: { from: firstOn, until: firstOn } }
  },
  resumeAppointmentSeries: async world => ({ params: await makePause(world) }),
}

async function changed(world: Ground) {
  const { seriesId, firstOn } = await makeSeries(world)
  return { params: { seriesId }, body: { from: firstOn } }
}
