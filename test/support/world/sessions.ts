import type { Caller } from '../practice.ts'
import { ifStill, makeClient, makeCouple } from './care.ts'
import { type Ground, make } from './ground.ts'

/** Makers of appointments and notes. Each makes something fresh, through the API. */

const hourMs = 3_600_000

/** A whole hour that is free: another one each time, some days ahead or some days back. */
export function freeHour({ hour }: Ground, when: 'past' | 'future'): Date {
  const thisHour = Math.floor(Date.now() / hourMs) * hourMs
  const offset = 24 + 2 * hour()
  if (offset > 30 * 24) throw new Error('The world made more sessions than a month has room for')
  return new Date(thisHour + (when === 'past' ? -offset : 10 * 24 + offset) * hourMs)
}

export async function makeAppointment(
  ground: Ground,
  {
    when = 'future',
    couple = false,
    clientId,
  }: { when?: 'past' | 'future'; couple?: boolean; clientId?: string } = {},
) {
  const { callers, serviceIds, locationId, roomId } = ground
  const subjectId = clientId ?? (await (couple ? makeCouple(ground) : makeClient(ground))).id
  const appointment = await make(callers.owner, '/v1/appointments', {
    [couple ? 'coupleId' : 'clientId']: subjectId,
    serviceId: couple ? serviceIds.couple : serviceIds.individual,
    clinicianId: callers.clinician.staffId,
    mode: 'in_person',
    locationId,
    roomId,
    startsAt: freeHour(ground, when).toISOString(),
  })
  return {
    id: String(appointment.id),
    subjectId,
    chartId: String(appointment.chartId),
    startsAt: String(appointment.startsAt),
    endsAt: String(appointment.endsAt),
    version: Number(appointment.version),
  }
}

const complete = {
  data: 'Two calm evenings (fictional).',
  assessment: 'Steady (fictional).',
  plan: 'Go on as agreed (fictional).',
}

/** The days in which `makeAppointment` books ahead. */
export function daysAhead(): { from: string; to: string } {
  const [from, to] = [Date.now() + 10 * 24 * hourMs, Date.now() + 42 * 24 * hourMs]
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** A note of the clinician, or of the associate where it waits for a co-signature. */
export async function makeNote(ground: Ground, status: 'draft' | 'signed' | 'pending_cosign' = 'draft') {
  const { clinician, associate } = ground.callers
  const author = status === 'pending_cosign' ? associate : clinician
  const { id: clientId, chartId } = await makeClient(ground, { primaryClinicianId: author.staffId })
  const note = await startNote(author, chartId, clientId)
  if (status !== 'draft')
    await make(author, `/v1/session-notes/${note.id}/signature`, undefined, ifStill(note))
  return { noteId: String(note.id), chartId, clientId }
}

/** When a session of the world was. */
export const sessionOfWorld = {
  sessionDate: '2026-01-02',
  startedAt: '2026-01-02T18:00:00.000Z',
  endedAt: '2026-01-02T18:50:00.000Z',
}

/** Somebody was there, and where. */
export const wasThere = (clientId: string) => ({
  attendance: [{ clientId, presence: 'present' }],
  place: { kind: 'office' },
})

const startNote = (author: Caller, chartId: string, clientId: string) =>
  make(author, `/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    header: { ...wasThere(clientId), risk: { status: 'denied' } },
    sections: complete,
  })

/** A chart with two notes. @returns its id */
export async function makeNotedChart(ground: Ground) {
  const { chartId, clientId } = await makeNote(ground)
  await startNote(ground.callers.clinician, chartId, clientId)
  return chartId
}
