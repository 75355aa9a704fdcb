import type { Caller } from '../practice.ts'
import type { World } from '../world.ts'
import { ifStill, makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared } from './requests.ts'

/** Makers of psychotherapy notes and of authorizations for them. Each makes something fresh, through the API. */

const text = 'What the silence brought up in me (fictional).'

/** A note of the clinician. */
export async function makePsychotherapyNote(
  { callers: { clinician } }: Ground,
  chartId: string,
  status: 'draft' | 'completed' = 'draft',
) {
  const note = { kind: 'psychotherapy', conversationOn: '2026-01-05', text }
  const draft = await make(clinician, `/v1/charts/${chartId}/psychotherapy-notes`, note)
  if (status === 'completed')
    await make(clinician, `/v1/psychotherapy-notes/${draft.id}/completion`, undefined, ifStill(draft))
  return String(draft.id)
}

/** An authorization for the clinician's notes. */
async function makeAuthorization(
  { callers: { clinician } }: Ground,
  chartId: string,
  signed: Readonly<Record<string, string>>,
  author: Caller = clinician,
) {
  const body = {
    scope: ['psychotherapy_notes'],
    recipient: 'Jordan Example (fictional)',
    purpose: 'Second opinion (fictional)',
    signedOn: '2026-01-05',
    expiresOn: '2099-12-31',
    ...signed,
  }
  const recorded = await make(author, `/v1/charts/${chartId}/psychotherapy-authorizations`, body)
  return String(recorded.id)
}

export async function psychotherapyIds(
  ground: Ground,
  ids: Readonly<Record<'chartId' | 'clientId' | 'representativeId', string>>,
) {
  const { chartId, clientId, representativeId } = ids
  await makePsychotherapyNote(ground, chartId)
  await makeAuthorization(ground, chartId, { clientId, representativeId })
  return {
    psychotherapyNoteId: await makePsychotherapyNote(ground, chartId, 'completed'),
    psychotherapyAuthorizationId: await makeAuthorization(ground, chartId, { clientId, representativeId }),
  }
}

/** Of the client at the portal. */
async function makeOwnAuthorization(world: World) {
  const { owner, portal } = world.callers
  const charts = await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)
  return makeAuthorization(world, String(charts.data[0].id), { clientId: portal.actorId })
}

/** Of somebody who works here no longer. */
async function makeLeftAuthorization(world: World) {
  const { owner } = world.callers
  const author = await world.practice.staff(['clinician'])
  const { id, chartId } = await makeClient(world, { primaryClinicianId: author.staffId })
  const psychotherapyAuthorizationId = await makeAuthorization(world, chartId, { clientId: id }, author)
  const url = `/v1/staff-members/${author.staffId}`
  await make(owner, `${url}/disablement`, undefined, ifStill(await read(owner, url)))
  return { params: { psychotherapyAuthorizationId } }
}

const inFreshChart = (status: 'draft' | 'completed') => async (world: World) => ({
  params: {
    psychotherapyNoteId: await makePsychotherapyNote(world, (await makeClient(world)).chartId, status),
  },
})

export const psychotherapyPreparations: Readonly<
  Record<string, (world: World) => Promise<Prepared> | Prepared>
> = {
  startPsychotherapyNote: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  savePsychotherapyNote: inFreshChart('draft'),
  completePsychotherapyNote: inFreshChart('draft'),
  reopenPsychotherapyNote: inFreshChart('completed'),
  addPsychotherapyNoteAddendum: inFreshChart('completed'),
  markPsychotherapyNoteAsError: inFreshChart('completed'),
  recordPsychotherapyAuthorization: async world => {
    const { id, chartId } = await makeClient(world)
    return { params: { chartId }, body: { clientId: id } }
  },
  listOwnPsychotherapyAuthorizations: async world => {
    for (const _ of [1, 2]) await makeOwnAuthorization(world)
    return {}
  },
  revokeOwnPsychotherapyAuthorization: async world => ({
    params: { psychotherapyAuthorizationId: await makeOwnAuthorization(world) },
    version: 1,
  }),
  withdrawPsychotherapyAuthorization: makeLeftAuthorization,
  revokePsychotherapyAuthorization: async world => {
    const { id, chartId } = await makeClient(world)
    const psychotherapyAuthorizationId = await makeAuthorization(world, chartId, { clientId: id })
    return { params: { psychotherapyAuthorizationId } }
  },
}
