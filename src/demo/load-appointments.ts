import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import type { DemoAppointment } from './demo-schedule.ts'
import { type LoadedCare, unitOf } from './load-care.ts'
import { loadNote } from './load-notes.ts'
import { type LoadedPractice, person, placeIn } from './load-practice.ts'
import { isOver } from './moments.ts'

const mayComeBefore: ReadonlySet<string> = new Set(['confirmed', 'canceled'])

/** Appointments around today, booked by the front desk; what already took place has its outcome and note. */
export async function loadAppointments(
  practice: LoadedPractice,
  care: LoadedCare,
  data: DemoData,
): Promise<void> {
  const frontDesk = person(practice, 'fred')
  for (const planned of data.appointments) {
    const booked = await book(frontDesk, practice, care, planned)
    const { outcome, note, clinician } = planned
    if (!outcome || !(mayComeBefore.has(outcome) || isOver(booked.endsAt))) continue
    await settle(frontDesk, booked, outcome)
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
  const body = {
    ...unitOf(care, planned),
    ...placeIn(practice, planned),
    serviceId: practice.serviceIds[planned.service] ?? '',
    clinicianId: person(practice, planned.clinician).staffId,
    startsAt: practice.days.at(planned),
  }
  return answered(client.POST('/v1/appointments', { params: once(), body }))
}

type Booked = Awaited<ReturnType<typeof book>>

type Outcome = NonNullable<DemoAppointment['outcome']>

async function settle({ client }: DemoApi, booked: Booked, outcome: Outcome) {
  const params = { path: { appointmentId: booked.id }, ...onceIfStill(booked) }
  if (outcome === 'no_show')
    await answered(client.POST('/v1/appointments/{appointmentId}/no-show', { params }))
  else if (outcome === 'confirmed')
    await answered(client.POST('/v1/appointments/{appointmentId}/confirmation', { params }))
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
