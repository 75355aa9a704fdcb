import { created, ok, operation } from '../../../plugins/operations/index.ts'
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
      'Lets the client read a signed note at the portal from now on, whatever the practice’s policy says. A hold that is in effect keeps it back until it ends. Notes of couples and groups are not released through the portal of one of them. Doing it twice changes nothing.',
    permission: 'notes:write',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.NoteRelease, description: 'The release.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.releaseNote(trx, params.noteId)),
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
