import { importClientFile } from '../client-import/index.ts'
import { answered, type DemoApi, once } from './demo-api.ts'
import { type DemoData, demoFolder } from './demo-data.ts'
import type { DemoUnit } from './demo-schedule.ts'
import { loadCouple } from './load-couples.ts'
import { type LoadedPractice, person } from './load-practice.ts'

export interface LoadedCare {
  /** By the id in the demo's file. */
  clientIds: Readonly<Record<string, string>>
  /** In the order of the demo's file. */
  coupleIds: readonly string[]
}

/** Clients (by the same import that practices use), their care teams and couples. */
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
    await putOnCareTeam(frontDesk, idOf({ clientIds }, externalId), person(practice, clinician).staffId)
  }
  const coupleIds: string[] = []
  for (const couple of data.couples) {
    const partnerIds = [
      idOf({ clientIds }, couple.partners[0]),
      idOf({ clientIds }, couple.partners[1]),
    ] as const
    const clinician = person(practice, couple.clinician)
    coupleIds.push(
      await loadCouple(frontDesk, { couple, partnerIds, clinician, timeZone: practice.timeZone }),
    )
  }
  return { clientIds, coupleIds }
}

export function idOf({ clientIds }: Pick<LoadedCare, 'clientIds'>, externalId: string): string {
  const id = clientIds[externalId]
  if (!id) throw new Error(`The demo has no client ${externalId}`)
  return id
}

/** Whose it is, as bodies of bookings say it. */
export function unitOf(care: LoadedCare, { client, couple }: DemoUnit) {
  const coupleId = couple === undefined ? undefined : care.coupleIds[couple]
  return coupleId ? { coupleId } : { clientId: idOf(care, client ?? '') }
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
