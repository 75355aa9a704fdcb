import { type Ground, make, read } from './ground.ts'

/** Makers of clients, couples and charts. Each makes something fresh, through the API. */

/** What a couple that has just been linked looks back on. */
const linkedOn = '2020-01-01'

export async function makeClient(
  { callers: { owner, clinician }, number }: Ground,
  details: Record<string, unknown> = {},
) {
  const client = await make(owner, '/v1/clients', {
    legalGivenName: `Casey${number()}`,
    legalFamilyName: 'Example',
    status: 'active',
    primaryClinicianId: clinician.staffId,
    ...details,
  })
  const charts = await read(owner, `/v1/charts?clientId=${client.id}`)
  return { id: String(client.id), chartId: String(charts.data[0].id), version: Number(client.version) }
}

/** Of an age at which Californian law lets them consent alone, whenever this runs. */
export const makeMinor = (ground: Ground) =>
  makeClient(ground, { birthDate: `${new Date().getUTCFullYear() - 15}-05-04` })

export async function makeRelatedPerson({ callers: { owner }, number }: Ground, clientId: string) {
  const person = await make(owner, `/v1/clients/${clientId}/related-people`, {
    givenName: `Robin${number()}`,
    relationship: 'parent',
    roles: ['guardian'],
  })
  return String(person.id)
}

export async function makeIdentifier({ callers: { owner }, number }: Ground, clientId: string) {
  const identifier = await make(owner, `/v1/clients/${clientId}/identifiers`, {
    kind: 'insurance_member_id',
    value: `WORLD-${1000 + number()}`,
  })
  return String(identifier.id)
}

export async function makeMerge(ground: Ground) {
  const [survivor, merged] = [await makeClient(ground), await makeClient(ground)]
  const merge = await make(ground.callers.owner, `/v1/clients/${survivor.id}/merge`, {
    mergedClientId: merged.id,
    reason: 'registered_twice',
    survivorVersion: survivor.version,
    mergedVersion: merged.version,
  })
  return { id: String(merge.id), survivorId: survivor.id, mergedId: merged.id }
}

/** @param rows how many rows wait in it */
export async function makeImport({ callers: { owner } }: Ground, rows = 0) {
  const { id } = await make(owner, '/v1/client-imports', { dryRun: false })
  const values = { legal_given_name: 'Sasha', legal_family_name: 'Example' }
  if (rows > 0) {
    const numbered = Array.from({ length: rows }, (_, index) => ({ row: index + 2, values }))
    await make(owner, `/v1/client-imports/${id}/rows`, { rows: numbered })
  }
  return String(id)
}

export async function makeCouple(ground: Ground) {
  const { owner, clinician } = ground.callers
  const [first, second] = [await makeClient(ground), await makeClient(ground)]
  const couple = await make(owner, '/v1/couples', {
    clientId: first.id,
    partnerClientId: second.id,
    primaryClinicianId: clinician.staffId,
    statusEffectiveOn: linkedOn,
  })
  return { id: String(couple.id), chartId: String(couple.chartId), clientIds: [first.id, second.id] as const }
}

/** A couple whose partner is no client yet. */
export async function makeHalfCouple(ground: Ground) {
  const { owner, clinician } = ground.callers
  const client = await makeClient(ground)
  const couple = await make(owner, '/v1/couples', {
    clientId: client.id,
    partnerRelatedPersonId: await makeRelatedPerson(ground, client.id),
    primaryClinicianId: clinician.staffId,
  })
  return { id: String(couple.id), clientId: client.id }
}

export async function makePolicy(
  ground: Ground,
  status: 'draft' | 'offered' | 'in_force' | 'superseded' = 'draft',
) {
  const { owner } = ground.callers
  const couple = await makeCouple(ground)
  const url = `/v1/couples/${couple.id}/policies`
  let policy = await make(owner, url, { kind: 'no_secrets', text: 'We keep no secrets (fictional text).' })
  if (status !== 'draft') policy = await make(owner, `${url}/${policy.id}/offer`, undefined, ifStill(policy))
  for (const clientId of status === 'in_force' ? couple.clientIds : []) {
    const signature = {
      clientId,
      method: 'wet_ink',
      signedAt: '2026-01-02T18:00:00.000Z',
      contentHash: policy.contentHash,
    }
    policy = await make(owner, `${url}/${policy.id}/signatures`, signature, ifStill(policy))
  }
  return { ...couple, policyId: String(policy.id), contentHash: String(policy.contentHash) }
}

export async function makeAgreement(ground: Ground) {
  const couple = await makeCouple(ground)
  const agreement = await make(ground.callers.clinician, `/v1/couples/${couple.id}/agreements`, {
    topic: 'check_in',
    title: `Evening talk ${ground.number()}`,
    terms: 'We talk each evening (fictional).',
  })
  return { ...couple, agreementId: String(agreement.id) }
}

/** A group's chart with one member. */
export async function makeGroup(ground: Ground) {
  const { owner, clinician } = ground.callers
  const chart = await make(owner, '/v1/charts', {
    kind: 'group',
    name: `Group ${ground.number()}`,
    primaryClinicianId: clinician.staffId,
  })
  const client = await makeClient(ground)
  const member = await make(owner, `/v1/charts/${chart.id}/members`, { clientId: client.id })
  return { chartId: String(chart.id), memberId: String(member.id), clientId: client.id }
}

/** A group's chart with two members. @returns the chart's id */
export async function makeBusyGroup(ground: Ground) {
  const { chartId } = await makeGroup(ground)
  const clientId = (await makeClient(ground)).id
  await make(ground.callers.owner, `/v1/charts/${chartId}/members`, { clientId })
  return chartId
}

/** A chart with a second clinician on its care team. */
export async function makeTeam(ground: Ground) {
  const { owner, associate } = ground.callers
  const { chartId } = await makeClient(ground)
  const body = { staffId: associate.staffId, role: 'covering' }
  const member = await make(owner, `/v1/charts/${chartId}/care-team`, body)
  return { chartId, memberId: String(member.id), version: Number(member.version) }
}

export async function makeEmergencyAccess(ground: Ground) {
  const { chartId } = await makeClient(ground)
  const access = await make(ground.callers.outsider, `/v1/charts/${chartId}/emergency-access`, {
    reasonCode: 'danger_to_self',
    narrative: 'The client called in distress (fictional).',
    durationMinutes: 30,
  })
  return { chartId, accessId: String(access.id), version: Number(access.version) }
}

export const ifStill = ({ version }: { version: number }) => ({ ifMatch: version })
