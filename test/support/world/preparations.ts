import { randomUUID } from 'node:crypto'
import { codeOf, enroll, password } from '../identity.ts'
import type { World } from '../world.ts'
import { alertPreparations } from './alerts.ts'
import { assessmentPreparations } from './assessments.ts'
import { bookingPreparations } from './bookings.ts'
import { calendarPreparations } from './calendar.ts'
import * as care from './care.ts'
import { coursePreparations } from './courses.ts'
import { emdrPreparations } from './emdr.ts'
import { make, read } from './ground.ts'
import { groupSessionPreparations } from './group-sessions.ts'
import { groupPreparations } from './groups.ts'
import { inquiryPreparations } from './inquiries.ts'
import { intensivePreparations } from './intensives.ts'
import { messagePreparations } from './messages.ts'
import { followUpPreparations } from './note-followups.ts'
import { notePreparations } from './notes.ts'
import * as people from './people.ts'
import { psychotherapyPreparations } from './psychotherapy-notes.ts'
import { recoveryPreparations } from './recovery.ts'
import { recordPreparations } from './recovery-records.ts'
import { releasePreparations } from './releases.ts'
import type { Prepared } from './requests.ts'
import { seriesPreparations } from './series.ts'
import * as sessions from './sessions.ts'
import { supplyPreparations } from './supply.ts'
import { programPreparations } from './task-model.ts'
import { planPreparations } from './treatment-plans.ts'

/**
 * By operationId: what an operation needs beyond its documented example and the ids of the world. Mostly a
 * record of its own in the state the step begins in, secrets that nobody can write into an example, and
 * times, because an example's day passes.
 */
export const preparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  createSession: async ({ test }) => {
    const { email, practiceId } = await people.makePerson(test)
    return { body: { email, password, practiceId } }
  },
  refreshSession: async ({ test }) => {
    const { refreshToken } = await (await people.makePerson(test)).signIn()
    return { body: { refreshToken } }
  },
  signOut: async ({ practice }) => ({ by: await practice.staff(['admin']) }),
  endSession: async ({ test }) => {
    const person = await people.makePerson(test)
    const [here, elsewhere] = [await person.signIn(), await person.signIn()]
    return { by: here, params: { sessionId: elsewhere.sessionId } }
  },
  stepUp: async ({ test }) => {
    const by = await (await people.makePerson(test)).signIn()
    const { secret } = await enroll(by)
    return { by, body: { totp: codeOf(secret, 1) } }
  },
  startSecondFactor: async ({ test }) => ({
    by: await (await people.makePerson(test)).signIn(),
    body: { password },
  }),
  confirmSecondFactor: async ({ test }) => {
    const by = await (await people.makePerson(test)).signIn()
    const { secret } = await make(by, '/v1/me/totp', { password })
    return { by, body: { totp: codeOf(secret) } }
  },
  removeSecondFactor: async ({ test }) => ({ by: await people.makeProvenPerson(test) }),
  renewRecoveryCodes: async ({ test }) => ({ by: await people.makeProvenPerson(test) }),
  startSecondFactorSetup: async ({ test }) => ({
    body: { setupToken: await people.makeSetupToken(test) },
  }),
  confirmSecondFactorSetup: async ({ test }) => {
    const setupToken = await people.makeSetupToken(test)
    const { secret } = await people.startSetup(test, setupToken)
    return { body: { setupToken, totp: codeOf(secret) } }
  },
  changePassword: async ({ test }) => ({
    by: await (await people.makePerson(test)).signIn(),
    body: { currentPassword: password },
  }),
  requestPasswordReset: async ({ test }) => ({ body: { email: (await people.makePerson(test)).email } }),
  completePasswordReset: async ({ test }) => ({ body: { token: await people.makeResetCode(test) } }),
  inviteStaffMember: async world => ({ params: { staffId: (await people.makeInvited(world)).staffId } }),
  acceptInvitation: async world => ({ body: { token: await (await people.makeInvited(world)).code() } }),
  changeApiClient: async world => ({ params: { apiClientId: (await people.makeApiClient(world)).id } }),
  revokeApiClient: async world => ({ params: { apiClientId: (await people.makeApiClient(world)).id } }),
  rotateApiClientSecret: async world => ({ params: { apiClientId: (await people.makeApiClient(world)).id } }),
  createToken: async world => {
    const { clientId, secret } = await people.makeApiClient(world)
    return { body: { client_id: clientId, client_secret: secret } }
  },
  createPractice: ({ test }) => ({
    headers: { authorization: `Bearer ${test.setupToken}` },
    body: {
      owner: { email: people.someMail('founder'), password, givenName: 'Olive', familyName: 'Example' },
    },
  }),

  createStaffMember: () => ({ body: { email: people.someMail('new') } }),
  changeSupervision: async world => ({ params: { staffId: (await people.makeInvited(world)).staffId } }),
  createCredential: ({ number }) => ({ body: { code: `NEW${number()}` } }),
  createLicense: ({ number }) => ({ body: { number: `8${number()}` } }),
  listExpiringLicenses: () => ({ query: { expiringBefore: '2100-01-01' } }),
  createLocation: ({ number }) => ({ body: { name: `Harbor Office ${number()}` } }),
  createRoom: ({ number }) => ({ body: { name: `Lighthouse ${number()}` } }),
  createService: ({ number }) => ({ body: { name: `Individual session ${number()}` } }),
  // A service of its own: who may give one changes what others may do with it.
  changeService: async ({ callers, number }) => {
    const service = {
      name: `Visit ${number()}`,
      kind: 'individual',
      durationMinutes: 50,
      modes: ['in_person'],
    }
    return { params: { serviceId: String((await make(callers.owner, '/v1/services', service)).id) } }
  },

  disableStaffMember: async world => ({ params: { staffId: (await people.makeInvited(world)).staffId } }),
  enableStaffMember: async world => ({ params: { staffId: await people.makeDisabled(world) } }),
  changeStaffMember: async world => ({ params: { staffId: (await people.makeInvited(world)).staffId } }),
  changeStaffRoles: async world => ({ params: { staffId: (await people.makeInvited(world)).staffId } }),

  listSupervisees: ({ callers }) => ({ params: { staffId: callers.supervisor.staffId } }),

  closeChart: async world => ({ params: { chartId: (await care.makeGroup(world)).chartId } }),
  reopenChart: async world => {
    const { chartId } = await care.makeGroup(world)
    const { version } = await read(world.callers.owner, `/v1/charts/${chartId}`)
    await make(world.callers.owner, `/v1/charts/${chartId}/closure`, undefined, { ifMatch: version })
    return { params: { chartId } }
  },
  listChartMembers: async world => ({ params: { chartId: await care.makeBusyGroup(world) } }),
  addChartMember: async world => ({ params: { chartId: (await care.makeGroup(world)).chartId } }),
  endChartMembership: async world => {
    const { chartId, memberId } = await care.makeGroup(world)
    return { params: { chartId, memberId } }
  },
  listCareTeam: async world => ({ params: { chartId: (await care.makeTeam(world)).chartId } }),
  addCareTeamMember: async world => ({
    params: { chartId: (await care.makeClient(world)).chartId },
    body: { staffId: world.callers.outsider.staffId },
  }),
  changeCareTeamRole: careTeamMember,
  endCareTeamMembership: careTeamMember,
  listCharts: async world => ({ query: { staffId: world.callers.clinician.staffId } }),
  listEmergencyAccess: async world => ({
    query: { chartId: (await care.makeEmergencyAccess(world)).chartId },
  }),
  requestEmergencyAccess: async world => ({
    by: world.callers.outsider,
    params: { chartId: (await care.makeClient(world)).chartId },
  }),
  endEmergencyAccess: async world => {
    const { accessId, version } = await care.makeEmergencyAccess(world)
    return { by: world.callers.outsider, params: { accessId }, version }
  },
  reviewEmergencyAccess: async world => {
    const { accessId, version } = await care.makeEmergencyAccess(world)
    await make(world.callers.outsider, `/v1/emergency-access/${accessId}/end`, undefined, {
      ifMatch: version,
    })
    return { params: { accessId } }
  },

  changeClient: async world => ({ params: { clientId: (await care.makeClient(world)).id } }),
  addClientIdentifier: ({ number }) => ({ body: { value: `XYZ-${number()}` } }),
  changeClientStatus: async world => ({ params: { clientId: (await care.makeClient(world)).id } }),
  mergeClients: async world => {
    const [survivor, merged] = [await care.makeClient(world), await care.makeClient(world)]
    const versions = { survivorVersion: survivor.version, mergedVersion: merged.version }
    return { params: { clientId: survivor.id }, body: { mergedClientId: merged.id, ...versions } }
  },
  listClientMerges: async world => ({ params: { clientId: (await care.makeMerge(world)).survivorId } }),
  undoClientMerge: async world => ({ params: { mergeId: (await care.makeMerge(world)).id } }),
  discardClientImport: async world => ({ params: { importId: await care.makeImport(world, 1) } }),
  stageClientImportRows: async world => ({ params: { importId: await care.makeImport(world) } }),
  commitClientImport: async world => ({ params: { importId: await care.makeImport(world, 2) } }),

  listCouples: async world => ({ query: { clientId: (await care.makeCouple(world)).clientIds[0] } }),
  createCouple: async world => {
    const [first, second] = [await care.makeClient(world), await care.makeClient(world)]
    return { body: { clientId: first.id, partnerClientId: second.id } }
  },
  registerPartner: async world => {
    const couple = await care.makeHalfCouple(world)
    return { params: { coupleId: couple.id }, body: { clientId: (await care.makeClient(world)).id } }
  },
  changeCoupleStatus: async world => {
    const { id, clientIds } = await care.makeCouple(world)
    return { params: { coupleId: id }, body: { leavingClientIds: [clientIds[1]] } }
  },
  setIdentifiedPatient: async world => {
    const { id, clientIds } = await care.makeCouple(world)
    return { params: { coupleId: id }, body: { clientId: clientIds[0] } }
  },
  draftCouplePolicy: async world => ({ params: { coupleId: (await care.makeCouple(world)).id } }),
  changeCouplePolicy: world => policy(world, 'draft'),
  offerCouplePolicy: world => policy(world, 'draft'),
  cancelCouplePolicy: world => policy(world, 'offered'),
  signCouplePolicy: async world => {
    const { params, clientId, contentHash } = await policy(world, 'offered')
    return { params, body: { clientId, contentHash } }
  },
  withdrawCouplePolicySignature: async world => {
    const { params, clientId } = await policy(world, 'in_force')
    return { params, body: { clientId } }
  },
  listCoupleAgreements: ({ callers }) => ({ by: callers.clinician }),
  proposeCoupleAgreement: ({ callers }) => ({ by: callers.clinician }),
  getCoupleAgreement: agreement,
  acceptCoupleAgreement: async world => {
    const { clientId, ...prepared } = await agreement(world)
    return { ...prepared, body: { clientId } }
  },
  changeCoupleAgreementStatus: async world => ({
    ...(await agreement(world)),
    body: { effectiveOn: '2026-01-02' },
  }),

  getChartTimeline: async world => ({ params: { chartId: await care.makeBusyGroup(world) } }),
  listAppointments: async world => ({
    query: {
      ...sessions.daysAhead(),
      chartId: (await sessions.makeAppointment(world)).chartId,
      clientId: (await sessions.makeAppointment(world)).subjectId,
      coupleId: (await sessions.makeAppointment(world, { couple: true })).subjectId,
    },
  }),
  bookAppointment: async world => ({
    body: {
      clientId: (await care.makeClient(world)).id,
      startsAt: sessions.freeHour(world, 'future').toISOString(),
    },
  }),
  moveAppointment: async world => ({
    ...(await appointment(world)),
    body: { startsAt: sessions.freeHour(world, 'future').toISOString() },
  }),
  cancelAppointment: appointment,
  uncancelAppointment: async world => {
    const { id, version } = await sessions.makeAppointment(world)
    const body = { reasonCode: 'illness', by: 'client' }
    await make(world.callers.owner, `/v1/appointments/${id}/cancellation`, body, { ifMatch: version })
    return { params: { appointmentId: id } }
  },
  recordNoShow: world => appointment(world, 'past'),

  signSessionNote: world => note(world, 'draft'),
  cosignSessionNote: world => note(world, 'pending_cosign'),
  returnSessionNote: world => note(world, 'pending_cosign'),
  addSessionNoteAddendum: world => note(world, 'signed'),
  markSessionNoteAsError: world => note(world, 'signed'),

  createClient: () => ({ body: { externalIds: { 'billing-system': `C-${randomUUID()}` } } }),

  ...inquiryPreparations,
  ...alertPreparations,
  ...assessmentPreparations,
  ...bookingPreparations,
  ...calendarPreparations,
  ...supplyPreparations,
  ...seriesPreparations,
  ...messagePreparations,
  ...intensivePreparations,
  ...programPreparations,
  ...recoveryPreparations,
  ...recordPreparations,
  ...releasePreparations,
  ...planPreparations,
  ...notePreparations,
  ...followUpPreparations,
  ...emdrPreparations,
  ...coursePreparations,
  ...groupSessionPreparations,
  ...groupPreparations,
  ...psychotherapyPreparations,
}

async function careTeamMember(world: World) {
  const { chartId, memberId, version } = await care.makeTeam(world)
  return { params: { chartId, memberId }, version }
}

async function policy(world: World, status: 'draft' | 'offered' | 'in_force') {
  const { id, policyId, clientIds, contentHash } = await care.makePolicy(world, status)
  return { params: { coupleId: id, policyId }, clientId: clientIds[0], contentHash }
}

async function agreement(world: World) {
  const { id, agreementId, clientIds } = await care.makeAgreement(world)
  return { by: world.callers.clinician, params: { coupleId: id, agreementId }, clientId: clientIds[0] }
}

async function appointment(world: World, when: 'past' | 'future' = 'future') {
  return { params: { appointmentId: (await sessions.makeAppointment(world, { when })).id } }
}

/** An addendum of the associate that waits, in a note that is co-signed. */
async function note(world: World, status: 'draft' | 'signed' | 'pending_cosign') {
  return { params: { noteId: (await sessions.makeNote(world, status)).noteId } }
}
