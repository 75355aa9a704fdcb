import type { World } from '../world.ts'
import { makeClient } from './care.ts'
import { type Ground, make } from './ground.ts'
import type { Prepared } from './requests.ts'

/** Makers of releases of information. Each makes something fresh, through the API. */

/** A release by this client, for a court. */
export async function makeRelease(
  { callers: { clinician } }: Ground,
  chartId: string,
  signed: Readonly<{ clientId: string; representativeId?: string }>,
): Promise<string> {
  const { id } = await make(clinician, `/v1/charts/${chartId}/releases`, {
    ...signed,
    recipientKind: 'court',
    recipient: 'Faketown Court (fictional)',
    purpose: 'As the court asked (fictional).',
    categories: ['attendance', 'counts'],
    part2: false,
    signedOn: '2026-01-05',
    untilOn: '2099-12-31',
  })
  return String(id)
}

export async function releaseIds(
  ground: Ground,
  ids: Readonly<Record<'chartId' | 'clientId' | 'representativeId', string>>,
) {
  const { chartId, clientId, representativeId } = ids
  await makeRelease(ground, chartId, { clientId, representativeId })
  const releaseId = await makeRelease(ground, chartId, { clientId, representativeId })
  return { releaseId, releaseIds: releaseId }
}

export const releasePreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  recordRelease: async world => {
    const { id, chartId } = await makeClient(world)
    return { params: { chartId }, body: { clientId: id } }
  },
  revokeRelease: async world => {
    const { id, chartId } = await makeClient(world)
    return { params: { chartId, releaseId: await makeRelease(world, chartId, { clientId: id }) } }
  },
}
