import type { World } from '../world.ts'
import { makeClient } from './care.ts'
import { type Ground, make } from './ground.ts'
import type { Prepared } from './requests.ts'

/** Makers of alerts and portal tokens. Each makes something fresh, through the API. */

export async function makeAlert({ callers: { clinician } }: Ground, chartId: string, concern = 'safety') {
  const body = { concern, severity: 'attention', respondWithinMinutes: 240 }
  const alert = await make(clinician, `/v1/charts/${chartId}/alerts`, body)
  return String(alert.id)
}

export async function makePortalToken({ callers: { integration } }: Ground, clientId: string) {
  return String((await make(integration, '/v1/portal-tokens', { clientId })).id)
}

/** Somebody who may use the portal for a minor in care with a parent's consent. */
async function makeRepresentative({ callers: { owner }, number }: Ground, clientId: string) {
  const person = await make(owner, `/v1/clients/${clientId}/related-people`, {
    givenName: `Rowan${number()}`,
    relationship: 'parent',
    roles: ['guardian'],
    mayKnow: ['treatment'],
  })
  return String(person.id)
}

/** Two alerts of the world's chart, and a token for its client. */
export async function alertIds(
  ground: Ground,
  { chartId, clientId }: Readonly<Record<'chartId' | 'clientId', string>>,
) {
  await makeAlert(ground, chartId)
  return {
    alertId: await makeAlert(ground, chartId, 'progress'),
    ownerId: ground.callers.clinician.staffId,
    portalTokenId: await makePortalToken(ground, clientId),
    representativeId: await makeRepresentative(ground, clientId),
  }
}

export const alertPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  raiseAlert: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  acknowledgeAlert: freshAlert,
  reassignAlert: freshAlert,
  resolveAlert: freshAlert,
  endPortalTokens: someTokens,
  endPortalTokensOfClient: someTokens,
  endPortalToken: async world => ({
    params: { portalTokenId: await makePortalToken(world, world.callers.portal.actorId) },
  }),
}

async function someTokens(world: World) {
  const { id: clientId } = await makeClient(world)
  await makePortalToken(world, clientId)
  return { params: { clientId } }
}

async function freshAlert(world: World) {
  const { chartId } = await makeClient(world)
  return { params: { chartId, alertId: await makeAlert(world, chartId) } }
}
