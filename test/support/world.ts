import type { TestApp } from './test-app.ts'
import { alertIds } from './world/alerts.ts'
import { assessmentIds } from './world/assessments.ts'
import { bookingIds } from './world/bookings.ts'
import * as care from './world/care.ts'
import { courseIds } from './world/courses.ts'
import { emdrIds } from './world/emdr.ts'
import { createGround, type Ground, make, read } from './world/ground.ts'
import { groupSessionIds } from './world/group-sessions.ts'
import { groupIds } from './world/groups.ts'
import { inquiryIds } from './world/inquiries.ts'
import { intensiveIds } from './world/intensives.ts'
import { messageIds } from './world/messages.ts'
import { followUpIds } from './world/note-followups.ts'
import { noteOnPlan, templateIds } from './world/notes.ts'
import * as people from './world/people.ts'
import { psychotherapyIds } from './world/psychotherapy-notes.ts'
import { recoveryIds } from './world/recovery.ts'
import { recordIds } from './world/recovery-records.ts'
import { releaseIds } from './world/releases.ts'
import { seriesIds } from './world/series.ts'
import * as sessions from './world/sessions.ts'
import { makeHold, supplyIds } from './world/supply.ts'
import { programIds } from './world/task-model.ts'
import { planIds } from './world/treatment-plans.ts'

/**
 * A practice with something of everything the API knows, made through the API, in the states its operations
 * need. `ids` goes by the names that path parameters and id-valued fields have in the OpenAPI document.
 */
export interface World extends Ground {
  ids: Readonly<Record<string, string>>
}

export async function createWorld(test: TestApp): Promise<World> {
  const ground = await createGround(test)
  return peopled(ground, await staffIds(ground))
}

/**
 * The clients of a ground with all that belongs to them. A practice may be peopled more than once, with other callers
 * each time: then each clinician has clients of their own.
 *
 * @param staffing what `staffIds` made for these callers
 */
export async function peopled(ground: Ground, staffing: Readonly<Record<string, string>>): Promise<World> {
  const base = {
    practiceId: ground.practice.id,
    ...places(ground),
    ...staffing,
    ...(await clientIds(ground)),
    ...(await coupleIds(ground)),
    ...(await chartIds(ground)),
    ...(await sessionIds(ground)),
    ...(await templateIds(ground)),
    ...(await bookingIds(ground)),
    slotHoldId: await makeHold(ground),
    ...(await seriesIds(ground)),
    ...(await groupIds(ground)),
    ...(await messageIds(ground)),
    ...(await intensiveIds(ground)),
  }
  const recovery = await recoveryIds(ground, base)
  const alerts = await alertIds(ground, base)
  const releases = await releaseIds(ground, { ...base, ...alerts })
  const ids = {
    ...base,
    ...(await inquiryIds(ground)),
    ...alerts,
    ...(await assessmentIds(ground, base)),
    ...releases,
    ...(await programIds(ground, { ...base, ...releases })),
    ...recovery,
    ...(await recordIds(ground, { ...base, ...recovery })),
  }
  const plans = await planIds(ground, ids)
  await noteOnPlan(ground, { ...ids, ...plans })
  return {
    ...ground,
    ids: {
      ...ids,
      ...plans,
      ...(await emdrIds(ground, ids)),
      ...(await courseIds(ground, ids)),
      ...(await followUpIds(ground, ids)),
      ...(await groupSessionIds(ground)),
      ...(await psychotherapyIds(ground, ids)),
    },
  }
}

/** The id of a parameter or field. @throws Error for a name the world does not know: make one, then add it */
export function idOf({ ids }: World, name: string): string {
  const id = ids[name]
  if (id === undefined)
    throw new Error(`The test world has nothing called ${name}: see test/support/world.ts`)
  return id
}

const places = ({ locationId, roomId, serviceIds }: Ground) => ({
  locationId,
  roomId,
  serviceId: serviceIds.individual,
})

/** Makes what the practice knows of its staff. */
export async function staffIds(ground: Ground) {
  const { associate, clinician, supervisor, owner } = ground.callers
  const { staffId } = associate
  const ownSession = (await read(owner, '/v1/sessions')).data[0].id
  await people.makeCredential(ground, staffId)
  await people.makeLicense(ground, staffId)
  await people.makeApiClient(ground)
  return {
    staffId,
    supervisorId: supervisor.staffId,
    clinicianId: clinician.staffId,
    primaryClinicianId: clinician.staffId,
    determinedById: clinician.staffId,
    // Nobody who is asked for anything: what an authorization names them for is theirs to read.
    recipientStaffId: (await ground.practice.staff(['clinician'])).staffId,
    actorId: owner.actorId,
    sessionId: String(ownSession),
    credentialId: await people.makeCredential(ground, staffId),
    licenseId: await people.makeLicense(ground, staffId),
    apiClientId: (await people.makeApiClient(ground)).id,
    ...(await supplyIds(ground)),
  }
}

async function clientIds(ground: Ground) {
  const { owner } = ground.callers
  const minor = await care.makeMinor(ground)
  for (const _ of ['parent', 'other parent'])
    await make(owner, `/v1/clients/${minor.id}/minor-consents`, {
      basis: 'parent',
      consentingPersonId: await care.makeRelatedPerson(ground, minor.id),
    })
  const { version } = await read(owner, `/v1/clients/${minor.id}`)
  const pause = { to: 'inactive', reason: 'paused' }
  await make(owner, `/v1/clients/${minor.id}/status-changes`, pause, { ifMatch: version })
  return {
    clientId: minor.id,
    chartId: minor.chartId,
    relatedPersonId: await care.makeRelatedPerson(ground, minor.id),
    consentingPersonId: await care.makeRelatedPerson(ground, minor.id),
    partnerRelatedPersonId: await care.makeRelatedPerson(ground, minor.id),
    identifierId: await care.makeIdentifier(ground, minor.id),
    partnerClientId: (await care.makeClient(ground)).id,
    becameClientId: (await care.makeClient(ground)).id,
    mergedClientId: (await care.makeClient(ground)).id,
    mergeId: (await care.makeMerge(ground)).id,
    importId: await care.makeImport(ground, 1),
  }
}

async function coupleIds(ground: Ground) {
  const policy = await care.makePolicy(ground, 'in_force')
  const { id: coupleId } = policy
  const { owner, clinician } = ground.callers
  const next = { kind: 'limited_secrets', text: 'Some things may stay private (fictional text).' }
  await make(owner, `/v1/couples/${coupleId}/policies`, next)
  const agree = (title: string) =>
    make(clinician, `/v1/couples/${coupleId}/agreements`, { topic: 'check_in', title, terms: 'Fictional.' })
  await agree('Morning talk')
  await care.makeHalfCouple(ground)
  return {
    coupleId,
    policyId: policy.policyId,
    leavingClientIds: policy.clientIds[1],
    agreementId: String((await agree('Evening talk')).id),
  }
}

async function chartIds(ground: Ground) {
  const group = await care.makeGroup(ground)
  const other = await care.makeClient(ground)
  await make(ground.callers.owner, `/v1/charts/${group.chartId}/members`, { clientId: other.id })
  await care.makeTeam(ground)
  await care.makeEmergencyAccess(ground)
  return { memberId: group.memberId, accessId: (await care.makeEmergencyAccess(ground)).accessId }
}

async function sessionIds(ground: Ground) {
  const { owner } = ground.callers
  const canceled = await sessions.makeAppointment(ground)
  const url = `/v1/appointments/${canceled.id}`
  await make(owner, `${url}/cancellation`, { reasonCode: 'illness', by: 'client' }, { ifMatch: 1 })
  await sessions.makeAppointment(ground, { couple: true })
  await sessions.makeNote(ground)
  await sessions.makeNote(ground, 'pending_cosign')
  const note = await sessions.makeNote(ground, 'signed')
  return {
    appointmentId: canceled.id,
    appointmentChartId: canceled.chartId,
    noteId: note.noteId,
    revision: '1',
  }
}
