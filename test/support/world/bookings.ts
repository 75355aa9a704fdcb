import { portalCaller } from '../portal.ts'
import type { World } from '../world.ts'
import { makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Preparation } from './requests.ts'
import { freeHour, makeAppointment } from './sessions.ts'

/** Makers of what is around an appointment: telehealth, and what a missed hour costs. Each makes something fresh. */

const policyTerms = {
  windowHours: 48,
  lateCancellationFeeCents: 7_500,
  noShowFeeCents: 15_000,
  graceCount: 0,
  graceMonths: 12,
  effectiveOn: '2026-01-01',
}

const isOurs = (version: Readonly<Record<string, unknown>>) =>
  Object.entries(policyTerms).every(([name, value]) => version[name] === value)

async function makePolicyVersion({ callers: { owner } }: Ground): Promise<string> {
  const text = 'Please cancel two days ahead (fictional).'
  const policy = await make(owner, '/v1/cancellation-policies', { text, ...policyTerms })
  return String(policy.id)
}

/**
 * A version of ours that stands in the practice already, the newest at 0: whose clients there are makes no difference
 * to versions.
 */
async function versionAt(ground: Ground, index: 0 | 1): Promise<string> {
  const { data } = await read(ground.callers.owner, '/v1/cancellation-policies?limit=200')
  const ours = data.filter(isOurs)
  if (ours[index]) return String(ours[index].id)
  await makePolicyVersion(ground)
  return versionAt(ground, index)
}

/** Records that a client signed a version. */
async function signPolicy({ callers: { owner } }: Ground, clientId: string, policyId: string) {
  await make(owner, `/v1/clients/${clientId}/cancellation-policy-signatures`, {
    cancellationPolicyId: policyId,
    method: 'paper',
    signedOn: '2026-01-02',
  })
}

/** What a session costs that nobody came to, by a version that was signed. */
async function makeFee(ground: Ground) {
  const { owner } = ground.callers
  const { id: appointmentId, subjectId, chartId } = await makeAppointment(ground, { when: 'past' })
  await signPolicy(ground, subjectId, await versionAt(ground, 0))
  await make(owner, `/v1/appointments/${appointmentId}/no-show`, undefined, { ifMatch: 1 })
  const { data } = await read(owner, `/v1/appointment-fees?appointmentId=${appointmentId}`)
  return { feeId: String(data[0].id), appointmentId, chartId }
}

async function makeTelehealth(ground: Ground, when: 'past' | 'soon' | 'future' = 'past') {
  const { callers, serviceIds } = ground
  const client = await makeClient(ground)
  const soon = new Date(Math.floor(Date.now() / 60_000 + 60) * 60_000)
  const appointment = await make(callers.owner, '/v1/appointments', {
    clientId: client.id,
    serviceId: serviceIds.individual,
    clinicianId: callers.clinician.staffId,
    mode: 'telehealth',
    startsAt: (when === 'soon' ? soon : freeHour(ground, when)).toISOString(),
    overbook: when === 'soon',
  })
  return {
    appointmentId: String(appointment.id),
    clientId: client.id,
    startsAt: String(appointment.startsAt),
    endsAt: String(appointment.endsAt),
  }
}

export async function bookingIds(ground: Ground) {
  const { feeId } = await makeFee(ground)
  const { checkInId } = await makeOwnCheckIn(ground)
  return { cancellationPolicyId: await versionAt(ground, 1), feeId, checkInId }
}

const whereabouts = {
  address: { line1: '7 Sample Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
  emergencyContact: { name: 'Jamie Example', phone: '+15550100' },
  isPrivate: true,
}

/** One that begins in an hour, with its client at the portal. */
async function makeOwnTelehealth(ground: Ground) {
  const { appointmentId, clientId } = await makeTelehealth(ground, 'soon')
  return { appointmentId, clientId, by: await portalCaller(ground.practice, clientId) }
}

/** The same, and the client has checked in. */
async function makeOwnCheckIn(ground: Ground) {
  const { appointmentId, by } = await makeOwnTelehealth(ground)
  await make(by, `/v1/portal/appointments/${appointmentId}/check-ins`, whereabouts)
  const { checkIns } = await read(ground.callers.owner, `/v1/appointments/${appointmentId}/telehealth`)
  return { appointmentId, by, checkInId: String(checkIns[0].id) }
}

/** A telehealth session that begins without a check-in, and why. */
async function unchecked(world: World) {
  const { appointmentId, clientId, startsAt, endsAt } = await makeTelehealth(world)
  return {
    params: { appointmentId },
    startsAt,
    endsAt,
    given: {
      participants: [{ clientId, presence: 'present' }],
      override: { reasonCode: 'crisis', note: 'Called from the road (fictional).' },
    },
  }
}

export const bookingPreparations: Readonly<Record<string, Preparation>> = {
  confirmAppointment: async world => ({
    params: { appointmentId: (await makeAppointment(world)).id },
  }),
  recordArrival: async world => ({
    params: { appointmentId: (await makeAppointment(world, { when: 'past' })).id },
  }),
  startAppointment: async world => {
    const { params, startsAt, given } = await unchecked(world)
    return { params, body: { startedAt: startsAt, ...given } }
  },
  recordAttendance: async world => {
    const { params, startsAt, endsAt, given } = await unchecked(world)
    return { params, body: { actualStartsAt: startsAt, actualEndsAt: endsAt, ...given } }
  },
  getTelehealth: async world => ({
    params: { appointmentId: (await makeTelehealth(world)).appointmentId },
  }),
  setTelehealthLink: async world => {
    const { appointmentId } = await makeTelehealth(world, 'future')
    return { params: { appointmentId }, version: 1 }
  },
  checkInForTelehealth: async world => {
    const { appointmentId, clientId } = await makeTelehealth(world)
    return { params: { appointmentId }, body: { clientId } }
  },
  judgeCheckIn: async world => {
    const { appointmentId, checkInId } = await makeOwnCheckIn(world)
    return { params: { appointmentId, checkInId } }
  },
  listOwnAppointments: async world => {
    const { by, clientId } = await makeOwnTelehealth(world)
    await makeAppointment(world, { clientId })
    return { by }
  },
  checkInMyself: async world => {
    const { appointmentId, by } = await makeOwnTelehealth(world)
    return { by, params: { appointmentId } }
  },
  listCancellationPolicySignatures: async world => {
    const { id } = await makeClient(world)
    for (const index of [0, 1] as const) await signPolicy(world, id, await versionAt(world, index))
    return { params: { clientId: id } }
  },
  recordCancellationPolicySignature: async world => ({
    params: { clientId: (await makeClient(world)).id },
    body: { cancellationPolicyId: await versionAt(world, 0) },
  }),
  signCancellationPolicyInPortal: async world => ({
    by: await portalCaller(world.practice, (await makeClient(world)).id),
    body: { cancellationPolicyId: await versionAt(world, 0) },
  }),
  listAppointmentFees: async world => {
    const { appointmentId, chartId } = await makeFee(world)
    return { query: { appointmentId, chartId, status: 'due' } }
  },
  waiveAppointmentFee: async world => ({ params: { feeId: (await makeFee(world)).feeId }, version: 1 }),
}
