import { createPool } from '../../../../src/lib/database/connect.ts'
import { numberEvents } from '../../../../src/lib/jobs/relay.ts'
import {
  apiClientScopes,
  type Permission,
  permissionsOf,
  type Role,
} from '../../../../src/modules/charts/access-policy.ts'
import { createApiClientCaller } from '../../api-client.ts'
import type { Caller } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { makeIdentifier, makeRelatedPerson } from '../../world/care.ts'
import { createCallers, createGround, type Ground, make, read } from '../../world/ground.ts'
import { idOf, peopled, staffIds, type World } from '../../world.ts'
import type { Markers } from './markers.ts'
import { type Planted, plant, plantableOf } from './planting.ts'
import type { Form } from './texts.ts'

/** One practice in which two sets of people treat two sets of clients. */
export interface TwoSides {
  /** The side of partner A: what its people see must not depend on what the other side does. */
  a: World
  /** A client of side A who will be half of a couple, and is at the portal. */
  partnerA: string
  /** Treats couples, and nobody alone. */
  coTherapist: Caller
  groundB: Ground
  staffingB: Readonly<Record<string, string>>
}

/** Both sides have their staff; only A's clients are there. */
export async function createSideA(test: TestApp): Promise<TwoSides> {
  const groundB = await createGround(test)
  const callers = await createCallers(test, groundB.practice)
  const groundA = { ...groundB, callers: { ...callers, owner: groundB.callers.owner } }
  const [staffingA, staffingB] = [await staffIds(groundA), await staffIds(groundB)]
  const coTherapist = await groundB.practice.staff(['clinician'], { mfa: true })
  const a = await peopled(groundA, staffingA)
  return { a, partnerA: a.callers.portal.actorId, coTherapist, groundB, staffingB }
}

/** Partner B, a client of the other side whose every word is a marker. */
export async function createPartnerB({ a, groundB }: TwoSides, markers: Markers) {
  const { clinician, owner } = groundB.callers
  const hisSide = { ...a, ...groundB, ids: { ...a.ids, primaryClinicianId: clinician.staffId } }
  const planted = await plant(formCalled(hisSide, 'createClient'), [hisSide], markers)
  const id = String(planted.reply.body.id)
  const charts = await read(owner, `/v1/charts?clientId=${id}`)
  return { id, chartId: String(charts.data[0].id), planted }
}

/**
 * A and B are treated together by somebody who treats neither alone.
 *
 * @returns what addresses the couple, by the names of path parameters
 */
export async function joinInCouple(
  { partnerA, coTherapist, groundB }: TwoSides,
  partnerB: string,
): Promise<Record<'coupleId' | 'chartId', string>> {
  const couple = await make(groundB.callers.owner, '/v1/couples', {
    clientId: partnerA,
    partnerClientId: partnerB,
    primaryClinicianId: coTherapist.staffId,
  })
  return { coupleId: String(couple.id), chartId: String(couple.chartId) }
}

export interface SideB {
  /** The world of B's people. */
  b: World
  /** The same, where it is B whom its client-related names mean. */
  ofPartner: World
  planted: Planted[]
}

/** B's private side: a world of their clinician, with a marker in every field for text. */
export async function createSideB(
  { groundB, staffingB }: TwoSides,
  partner: { id: string; chartId: string; planted: Planted },
  markers: Markers,
): Promise<SideB> {
  const b = await peopled(groundB, staffingB)
  const ofPartner = {
    ...b,
    ids: {
      ...b.ids,
      clientId: partner.id,
      chartId: partner.chartId,
      relatedPersonId: await makeRelatedPerson(groundB, partner.id),
      identifierId: await makeIdentifier(groundB, partner.id),
    },
  }
  const planted: Planted[] = []
  for (const form of plantableOf(b)) {
    // A change would overwrite what was planted in B before it.
    const creates = form.method === 'POST'
    planted.push(await plant(form, creates ? [ofPartner, b] : [b], markers))
  }
  planted.push(partner.planted)
  await commitPlantedImport(b, planted)
  return { b, ofPartner, planted }
}

/** Rows that wait in an import are read by nobody: they are, once they are clients. */
async function commitPlantedImport(b: World, planted: readonly Planted[]): Promise<void> {
  const rows = planted.find(({ request }) => request.operation.id === 'stageClientImportRows')
  if (!rows) throw new Error('Nothing was planted by an import')
  const importId = idOf({ ...b, ids: rows.request.params }, 'importId')
  const { body } = await b.callers.owner.get(`/v1/client-imports/${importId}`)
  const commit = { rowCount: body.rowCount }
  await make(b.callers.owner, `/v1/client-imports/${importId}/commit`, commit, { ifMatch: body.version })
}

function formCalled(world: World, id: string): Form {
  const found = plantableOf(world).find(form => form.id === id)
  if (!found) throw new Error(`Nothing can be planted by ${id}`)
  return found
}

/** Somebody of the practice, or a client at its portal, with what the access policy grants them. */
export interface Insider {
  name: string
  caller: Caller
  granted: ReadonlySet<string>
}

export const insider = (name: string, caller: Caller, roles: readonly Role[]): Insider => ({
  name,
  caller,
  granted: permissionsOf(roles),
})

/** Gives every event its place in the feed. */
export async function numberAllEvents({ relayUrl }: TestApp): Promise<void> {
  const relay = createPool({ url: relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  while (await numberEvents(relay)) continue
  await relay.end()
}

/** An API client for each scope there is. */
export function singleScopes({ test, practice }: World): Promise<(Insider & { scope: Permission })[]> {
  return Promise.all(
    apiClientScopes.map(async (scope: Permission) => ({
      scope,
      name: `API client with ${scope}`,
      caller: await createApiClientCaller(test, practice, [scope]),
      granted: new Set([scope]),
    })),
  )
}
