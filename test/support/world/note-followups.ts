import type { World } from '../world.ts'
import { ifStill, makeCouple } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared, Request } from './requests.ts'
import { makeNote, sessionOfWorld, wasThere } from './sessions.ts'

/** Makers of what follows a note's signature. Each makes something fresh, through the API. */

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
/** A day that is past everywhere. */
const daysAgo = (days: number) => inDays(-days).slice(0, 10)

const statement = { text: 'Fictional.' }
const denial = { reasonCode: 'accurate_and_complete', text: 'Fictional.' }

type State = 'received' | 'denied' | 'disagreed'

async function makeAmendment(ground: Ground, note: { noteId: string; clientId: string }, state: State) {
  const { clinician } = ground.callers
  const asked = { clientId: note.clientId, receivedOn: daysAgo(2), ...statement }
  let request = await make(clinician, `/v1/session-notes/${note.noteId}/amendment-requests`, asked)
  const url = `/v1/amendment-requests/${request.id}`
  const next = async (what: string, body: object) =>
    make(clinician, `${url}/${what}`, body, { ifMatch: request.version })
  if (state !== 'received') request = await next('denial', denial)
  if (state === 'disagreed') request = await next('disagreement', statement)
  return { amendmentRequestId: String(request.id), version: Number(request.version) }
}

const holdBody = () => ({
  reasonCode: 'harm_through_representative',
  basis: 'Fictional.',
  expiresAt: inDays(10),
})

async function makeHold({ callers: { clinician } }: Ground, noteId: string): Promise<string> {
  const { holds } = await make(clinician, `/v1/session-notes/${noteId}/release-holds`, holdBody())
  return String(holds.at(-1).id)
}

/** A request about the world's note, an addendum, and a hold of its release. */
export async function followUpIds(ground: Ground, ids: Readonly<Record<string, string>>) {
  const { noteId = '' } = ids
  const { header } = await read(ground.callers.clinician, `/v1/session-notes/${noteId}`)
  await makeAmendment(ground, { noteId, clientId: String(header.attendance[0].clientId) }, 'disagreed')
  const added = await make(ground.callers.clinician, `/v1/session-notes/${noteId}/addenda`, {
    reason: 'Left out',
    text: 'Fictional.',
  })
  await reviewedAddendum(ground)
  await waitingAddendum(ground)
  return {
    addendumId: String(added.id),
    holdId: await makeHold(ground, noteId),
    ...(await partnerIds(ground)),
    ...(await returnedAmendment(ground)),
  }
}

/** A note whose request to amend was accepted, and the addendum of that returned; the clinician is in its chart too. */
async function returnedAmendment(ground: Ground) {
  const { owner, clinician, associate, supervisor } = ground.callers
  const { noteId, chartId, clientId } = await makeNote(ground, 'pending_cosign')
  const url = `/v1/session-notes/${noteId}`
  await make(supervisor, `${url}/cosignature`, undefined, ifStill(await read(supervisor, url)))
  const member = { staffId: clinician.staffId, role: 'co_therapist' }
  await make(owner, `/v1/charts/${chartId}/care-team`, member)
  const { amendmentRequestId, version } = await makeAmendment(ground, { noteId, clientId }, 'received')
  const acceptance = { ...statement, addendum: 'Fictional.' }
  const request = `/v1/amendment-requests/${amendmentRequestId}/acceptance`
  await make(associate, request, acceptance, { ifMatch: version })
  const { addenda } = await read(supervisor, url)
  const review = { decision: 'returned', remarks: 'Say when (fictional).' }
  await make(supervisor, `${url}/addenda/${addenda[0].id}/review`, review)
  return { amendmentRequestId, amendedNoteId: noteId }
}

/** A signed note of a couple, and the agreement of one of the two. */
async function makeCoupleNote(ground: Ground) {
  const { clinician } = ground.callers
  const { chartId, clientIds } = await makeCouple(ground)
  const [clientId, agreedById] = clientIds
  const draft = await make(clinician, `/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    header: { ...wasThere(clientId), risk: { status: 'denied' } },
    sections: { data: 'Fictional.', assessment: 'Fictional.', plan: 'Fictional.' },
  })
  await make(clinician, `/v1/session-notes/${draft.id}/signature`, undefined, { ifMatch: draft.version })
  return { noteId: String(draft.id), agreement: { clientId, agreedById, signedOn: daysAgo(2) } }
}

async function makePartnerRelease(ground: Ground) {
  const { noteId, agreement } = await makeCoupleNote(ground)
  const url = `/v1/session-notes/${noteId}/partner-releases`
  const { partnerReleases } = await make(ground.callers.clinician, url, agreement)
  const { agreedById } = agreement
  return { noteId, partnerReleaseId: String(partnerReleases[0].id), agreedById }
}

async function partnerIds(ground: Ground) {
  const { partnerReleaseId, agreedById } = await makePartnerRelease(ground)
  return { partnerReleaseId, agreedById }
}

/** What stands beside the example. */
export const followUpVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  'addSessionNoteAddendum body amendmentRequestId': (request, { ids }) => ({
    ...request,
    params: { ...request.params, noteId: ids.amendedNoteId ?? '' },
    body: { reason: 'Amended', text: 'Fictional.', amendmentRequestId: ids.amendmentRequestId },
  }),
}

/** Of somebody whose notes are co-signed. */
export async function waitingAddendum(ground: Ground): Promise<{ noteId: string; addendumId: string }> {
  const { associate, supervisor } = ground.callers
  const { noteId } = await makeNote(ground, 'pending_cosign')
  const url = `/v1/session-notes/${noteId}`
  await make(supervisor, `${url}/cosignature`, undefined, ifStill(await read(supervisor, url)))
  const added = await make(associate, `${url}/addenda`, { reason: 'Left out', text: 'Fictional.' })
  return { noteId, addendumId: String(added.id) }
}

async function reviewedAddendum(ground: Ground): Promise<void> {
  const { noteId, addendumId } = await waitingAddendum(ground)
  const url = `/v1/session-notes/${noteId}/addenda/${addendumId}/review`
  await make(ground.callers.supervisor, url, { decision: 'cosigned' })
}

const amendment =
  (state: State) =>
  async (world: World): Promise<Prepared> => {
    const { amendmentRequestId, version } = await makeAmendment(world, await makeNote(world, 'signed'), state)
    return { params: { amendmentRequestId }, version }
  }

const signed = async (world: World): Promise<Prepared> => {
  const { noteId } = await makeNote(world, 'signed')
  return { params: { noteId } }
}

/** A signed note in the own chart of the client at the portal, released to them. */
async function releasedNote(world: World): Promise<{ noteId: string; clientId: string }> {
  const { owner, clinician, portal } = world.callers
  const charts = await read(owner, `/v1/charts?clientId=${portal.actorId}&kind=individual`)
  const draft = await make(clinician, `/v1/charts/${charts.data[0].id}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    header: { ...wasThere(String(portal.actorId)), risk: { status: 'denied' } },
    sections: { data: 'Fictional.', assessment: 'Fictional.', plan: 'Fictional.' },
  })
  const url = `/v1/session-notes/${draft.id}`
  await make(clinician, `${url}/signature`, undefined, { ifMatch: draft.version })
  await make(clinician, `${url}/release`)
  return { noteId: String(draft.id), clientId: portal.actorId }
}

const ownNote = async (world: World): Promise<Prepared> => {
  const { data } = await read(world.callers.portal, '/v1/portal/session-notes?limit=1')
  return { params: { noteId: data[0] ? String(data[0].id) : (await releasedNote(world)).noteId } }
}

export const followUpPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> =
  {
    enterNoteAmendmentRequest: async world => {
      const { noteId, clientId } = await makeNote(world, 'signed')
      return { params: { noteId }, body: { clientId, receivedOn: daysAgo(2) } }
    },
    listNoteAmendmentRequests: async world => {
      for (const _ of [1, 2]) await makeAmendment(world, await makeNote(world, 'signed'), 'received')
      return { query: { dueBefore: undefined } }
    },
    reviewSessionNoteAddendum: async world => ({ params: await waitingAddendum(world) }),
    extendNoteAmendmentRequest: amendment('received'),
    acceptNoteAmendmentRequest: amendment('received'),
    denyNoteAmendmentRequest: amendment('received'),
    enterNoteAmendmentDisagreement: amendment('denied'),
    rebutNoteAmendmentDisagreement: amendment('disagreed'),
    listNoteBillingFacts: async world => {
      for (const _ of [1, 2]) await makeNote(world, 'signed')
      return {}
    },
    decideNoteBillingFacts: signed,
    releaseSessionNote: signed,
    holdSessionNoteRelease: async world => ({ ...(await signed(world)), body: holdBody() }),
    endSessionNoteReleaseHold: async world => {
      const { noteId } = await makeNote(world, 'signed')
      return { params: { noteId, holdId: await makeHold(world, noteId) } }
    },
    releaseSessionNoteToPartner: async world => {
      const { noteId, agreement } = await makeCoupleNote(world)
      return { params: { noteId }, body: agreement }
    },
    revokeSessionNotePartnerRelease: async world => {
      const { noteId, partnerReleaseId } = await makePartnerRelease(world)
      return { params: { noteId, partnerReleaseId } }
    },
    listOwnSessionNotes: async world => {
      for (const _ of [1, 2]) await releasedNote(world)
      return {}
    },
    getOwnSessionNote: ownNote,
    getOwnSessionNoteDocument: ownNote,
    requestOwnNoteAmendment: ownNote,
    disagreeWithOwnNoteAmendment: async world => {
      const { amendmentRequestId, version } = await makeAmendment(world, await releasedNote(world), 'denied')
      return { params: { amendmentRequestId }, version }
    },
  }
