import { Temporal } from 'temporal-polyfill'
import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoAppointment, DemoData } from './demo-data.ts'
import type { LoadedCare } from './load-care.ts'
import { loadNote } from './load-notes.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/** Appointments around today, booked by the front desk; what already took place has its outcome and note. */
export async function loadAppointments(
  practice: LoadedPractice,
  care: LoadedCare,
  data: DemoData,
): Promise<void> {
  const frontDesk = person(practice, 'fred')
  for (const planned of data.appointments) {
    const booked = await book(frontDesk, practice, care, planned)
    if (!planned.outcome) continue
    await settle(frontDesk, booked, planned.outcome)
    const { note, clinician } = planned
    if (note)
      await loadNote(practice, {
        note,
        chartId: booked.chartId,
        booked,
        author: person(practice, clinician),
      })
  }
}

async function book(
  { client }: DemoApi,
  practice: LoadedPractice,
  care: LoadedCare,
  planned: DemoAppointment,
) {
  const { service, clinician, mode, room } = planned
  const coupleId = planned.couple === undefined ? undefined : care.coupleIds[planned.couple]
  const unit = coupleId ? { coupleId } : { clientId: care.clientIds[planned.client ?? ''] ?? '' }
  const place =
    mode === 'in_person'
      ? { locationId: practice.locationId, roomId: practice.roomIds[room ?? ''] ?? '' }
      : {}
  const startsAt = instantOf(planned, practice.timeZone)
  const serviceId = practice.serviceIds[service] ?? ''
  const body = {
    ...unit,
    ...place,
    serviceId,
    clinicianId: person(practice, clinician).staffId,
    mode,
    startsAt,
  }
  return answered(client.POST('/v1/appointments', { params: once(), body }))
}

function instantOf({ day, time }: DemoAppointment, zone: string): string {
  const date = Temporal.Now.plainDateISO(zone).add({ days: day })
  return date
    .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) })
    .toInstant()
    .toString()
}

type Booked = Awaited<ReturnType<typeof book>>

async function settle({ client }: DemoApi, booked: Booked, outcome: 'attended' | 'no_show' | 'canceled') {
  const params = { path: { appointmentId: booked.id }, ...onceIfStill(booked) }
  if (outcome === 'no_show')
    await answered(client.POST('/v1/appointments/{appointmentId}/no-show', { params }))
  else if (outcome === 'canceled') {
    await answered(
      client.POST('/v1/appointments/{appointmentId}/cancellation', {
        params,
        body: { reasonCode: 'illness', by: 'client' },
      }),
    )
  } else {
    const held = { actualStartsAt: booked.startsAt, actualEndsAt: booked.endsAt }
    const override = { reasonCode: 'recorded_elsewhere' as const }
    const body = booked.mode === 'telehealth' ? { ...held, override } : held
    await answered(client.POST('/v1/appointments/{appointmentId}/attendance', { params, body }))
  }
}
