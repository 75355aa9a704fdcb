import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ErrorReason } from '../steps.schemas.ts'
import * as schemas from './sessions.schemas.ts'
import * as service from './sessions.service.ts'
import * as signing from './signing.service.ts'
import * as writingSchemas from './writing.schemas.ts'

const common = { tag: 'Session notes' } as const
const base = '/v1/charts/{chartId}/group-sessions'
const one = { ...common, params: schemas.GroupSessionParams } as const
const changed = {
  status: 200,
  schema: schemas.GroupSession,
  description: 'The group session as it is now.',
} as const

export const groupSessionRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'startGroupSession',
    summary: 'Document a group session',
    description:
      'Makes all that a group session needs in one request: the record of its process, which names nobody; attendance; and for each who was there a draft with a part `group_member` in their own chart, where the caller may write. Whoever else was there is in `notPermitted`: a clinician of theirs starts a note with a part `group_member` of this session. In a member’s note `attendance` and `groupSessionId` are filled in. A text of the record with a word that is a member’s name is refused until `overrides` has a reason for it. With `groupMeetingId` it documents a meeting, once: its start, end and attendance are taken from there, and a facilitator of it who is on the care team may sign too.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.ChartOfGroup,
    body: writingSchemas.NewGroupSession,
    success: {
      status: 201,
      schema: writingSchemas.GroupSessionStarted,
      description: 'The group session, and the drafts.',
    },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const started = await service.startSession(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/group-sessions/${started.session.id}`, started)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listGroupSessions',
    summary: 'List the sessions of a group',
    description:
      'Without their records, the newest first. Drafts of others are not among them. Notes of members are listed in their own charts.',
    permission: 'notes:read',
    params: schemas.ChartOfGroup,
    query: schemas.GroupSessionQuery,
    success: { status: 200, schema: schemas.GroupSessionPage, description: 'A page of group sessions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listSessions(trx, params.chartId, query)),
  }),
  operation({
    ...one,
    method: 'GET',
    path: `${base}/{groupSessionId}`,
    operationId: 'getGroupSession',
    summary: 'Read a group session',
    description:
      'The record of its process, attendance by membership, and signatures. Notes are named to those who may see them.',
    permission: 'notes:read',
    success: { status: 200, schema: schemas.GroupSession, description: 'The group session.' },
    handler: async (trx, { params }) => ok(await service.getSession(trx, params)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    path: `${base}/{groupSessionId}`,
    operationId: 'correctGroupSession',
    summary: 'Correct a group session',
    description:
      'Corrects a record that is not signed yet, as its author; what it said before stays as a revision. One of a meeting takes over its times and attendance as they are now; those are corrected there. Notes of members are corrected by themselves.',
    permission: 'notes:write',
    ifMatch: true,
    body: writingSchemas.GroupSessionChange,
    success: changed,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.correctSession(trx, params, version, body)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{groupSessionId}/signature`,
    operationId: 'signGroupSession',
    summary: 'Sign a group session',
    description:
      'Signs the record of the process, as its author or, once they have signed, as one of `facilitatorIds`. Notes of members are signed by themselves.',
    permission: 'notes:write',
    ifMatch: true,
    idempotency: 'required',
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await signing.signSession(trx, params, version)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{groupSessionId}/entered-in-error`,
    operationId: 'markGroupSessionAsError',
    summary: 'Mark a group session as entered in error',
    description:
      'Marks a signed record that should not have been written. Only its author can. Notes of members are marked by themselves.',
    permission: 'notes:write',
    ifMatch: true,
    idempotency: 'required',
    body: ErrorReason,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await signing.markAsError(trx, params, version, body.reason)),
  }),
]
