import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as partners from './partner-releases.service.ts'
import * as schemas from './release.schemas.ts'
import * as service from './release.service.ts'

const common = { tag: 'Session notes' } as const
const base = '/v1/session-notes/{noteId}'

export const releaseRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: `${base}/release`,
    operationId: 'getSessionNoteRelease',
    summary: 'Read the release of a note',
    description:
      'Whether the client can read a signed note at the portal, since when, and what keeps it back. A draft is released to nobody.',
    permission: 'notes:read',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.NoteRelease, description: 'The release.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.getRelease(trx, params.noteId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/release`,
    operationId: 'releaseSessionNote',
    summary: 'Release a note to the client',
    description:
      'Lets the client read a signed note at the portal from now on, whatever the practice’s policy says. A hold that is in effect keeps it back until it ends. A couple’s note is released to each of the two by `releaseSessionNoteToPartner`, a group’s record to nobody. Doing it twice changes nothing.',
    permission: 'notes:write',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.NoteRelease, description: 'The release.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.releaseNote(trx, params.noteId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/partner-releases`,
    operationId: 'releaseSessionNoteToPartner',
    summary: 'Release a couple’s note to one of the two',
    description:
      'Lets one partner read a signed note of the couple’s chart at the portal, on the written agreement of the other. It holds until the agreement is taken back; a hold that is in effect keeps it back. Notes of either’s own chart stay with them. Where a partner was reached, scores, diagnoses, risk, what the other asked to be amended and addenda signed after the release are left out at the portal; for those release it anew.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.NoteParams,
    body: schemas.NewPartnerRelease,
    success: { status: 201, schema: schemas.NoteRelease, description: 'The release.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const release = await partners.releaseToPartner(trx, params.noteId, body)
      return created(`/v1/session-notes/${params.noteId}/release`, release)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/partner-releases/{partnerReleaseId}/revocation`,
    operationId: 'revokeSessionNotePartnerRelease',
    summary: 'Record that a partner took the agreement back',
    description:
      'From the next request on the note is not at the portal of the other. Also in a closed chart.',
    permission: 'notes:write',
    params: schemas.PartnerReleaseParams,
    success: { status: 200, schema: schemas.NoteRelease, description: 'The release as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await partners.revokePartnerRelease(trx, params.noteId, params.partnerReleaseId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/release-holds`,
    operationId: 'holdSessionNoteRelease',
    summary: 'Keep a note from the client for a time',
    description:
      'Keeps one signed note from the client (45 CFR 164.524(a)(3), 171.201) on a ground of the list, determined for this note and with its basis. It ends at its time by itself, or earlier by hand; the note can be read at once. A ground about a representative keeps it from representatives only.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.NoteParams,
    body: schemas.NewReleaseHold,
    success: { status: 201, schema: schemas.NoteRelease, description: 'The release with the hold.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const release = await service.placeHold(trx, params.noteId, body)
      return created(`/v1/session-notes/${params.noteId}/release`, release)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/release-holds/{holdId}/end`,
    operationId: 'endSessionNoteReleaseHold',
    summary: 'End a hold',
    description: 'Ends a hold before its time: what is released can be read at once.',
    permission: 'notes:write',
    params: schemas.HoldParams,
    success: { status: 200, schema: schemas.NoteRelease, description: 'The release without the hold.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.endHold(trx, params.noteId, params.holdId)),
  }),
]
