import { importClientFile } from '../client-import/index.ts'
import { answered, type DemoApi, once } from './demo-api.ts'
import { type DemoData, demoFolder } from './demo-data.ts'
import { loadCouple } from './load-couples.ts'
import { type LoadedPractice, person } from './load-practice.ts'

export interface LoadedCare {
  /** By the id in the demo's file. */
  clientIds: Readonly<Record<string, string>>
  /** In the order of the demo's file. */
  coupleIds: readonly string[]
}

/** Clients (by the same import that practices use), their care teams, couples and a group. */
export async function loadCare(practice: LoadedPractice, data: DemoData): Promise<LoadedCare> {
  const frontDesk = person(practice, 'fred')
  const { file, externalSystem, primaryClinicians } = data.clients
  await importClientFile({
    url: practice.url,
    token: frontDesk.token,
    file: `${demoFolder}${file}`,
    commit: true,
  })
  const clientIds = await listByExternalId(frontDesk, externalSystem)
  for (const [externalId, clinician] of Object.entries(primaryClinicians)) {
    await putOnCareTeam(frontDesk, idOf(clientIds, externalId), person(practice, clinician).staffId)
  }
  const coupleIds: string[] = []
  for (const couple of data.couples) {
    const partnerIds = [idOf(clientIds, couple.partners[0]), idOf(clientIds, couple.partners[1])] as const
    const clinician = person(practice, couple.clinician)
    coupleIds.push(
      await loadCouple(frontDesk, { couple, partnerIds, clinician, timeZone: practice.timeZone }),
    )
  }
  await loadGroup(practice, data, clientIds)
  return { clientIds, coupleIds }
}

function idOf(ids: Readonly<Record<string, string>>, externalId: string): string {
  const id = ids[externalId]
  if (!id) throw new Error(`The demo has no client ${externalId}`)
  return id
}

async function listByExternalId({ client }: DemoApi, system: string): Promise<Record<string, string>> {
  const { data } = await answered(client.GET('/v1/clients', { params: { query: { limit: 200 } } }))
  return Object.fromEntries(data.map(({ id, externalIds }) => [externalIds?.[system] ?? '', id]))
}

async function putOnCareTeam({ client }: DemoApi, clientId: string, staffId: string): Promise<void> {
  const { data } = await answered(
    client.GET('/v1/charts', { params: { query: { clientId, kind: 'individual' } } }),
  )
  const chartId = data[0]?.id
  if (!chartId) throw new Error('The demo found no chart of a client')
  await answered(
    client.POST('/v1/charts/{chartId}/care-team', {
      params: { path: { chartId }, ...once() },
      body: { staffId, role: 'primary' },
    }),
  )
}

async function loadGroup(
  practice: LoadedPractice,
  { group }: DemoData,
  clientIds: Readonly<Record<string, string>>,
): Promise<void> {
  const { client } = person(practice, 'fred')
  const body = {
    kind: 'group' as const,
    name: group.name,
    primaryClinicianId: person(practice, group.clinician).staffId,
  }
  const { id: chartId } = await answered(client.POST('/v1/charts', { params: once(), body }))
  for (const member of group.members) {
    await answered(
      client.POST('/v1/charts/{chartId}/members', {
        params: { path: { chartId }, ...once() },
        body: { clientId: idOf(clientIds, member) },
      }),
    )
  }
}
