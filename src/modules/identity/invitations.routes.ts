import { created, ok, operation, publicOperation } from '../../plugins/operations/index.ts'
import * as schemas from './invitations.schemas.ts'
import * as service from './invitations.service.ts'
import type { IdentityTools } from './tools.ts'

const common = { tag: 'Signing in' } as const

export const invitationRoutes = (tools: IdentityTools) => [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/staff-members/{staffId}/invitation',
    operationId: 'inviteStaffMember',
    summary: 'Invite again',
    description: 'Mails a new invitation to somebody who has not accepted yet; the one before is void.',
    permission: 'staff:write',
    params: schemas.InvitationParams,
    success: { status: 201, schema: schemas.Invitation, description: 'The invitation.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      trx.audit({ resourceType: 'staff-member', resourceId: params.staffId })
      // An invitation is told of with the member of staff; its code is in the mail alone.
      return created(`/v1/staff-members/${params.staffId}`, await service.inviteStaff(trx, params.staffId))
    },
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/invitations/acceptance',
    operationId: 'acceptInvitation',
    summary: 'Accept an invitation',
    description:
      'Takes the code from the mail. Whoever has no account chooses a password; whoever has one confirms with it. Then sign in.',
    body: schemas.Acceptance,
    success: { status: 200, schema: schemas.Accepted, description: 'Accepted.' },
    problems: ['token-not-valid', 'sign-in-failed', 'already-exists'],
    handler: async (_house, { body, ...request }) => ok(await service.acceptInvitation(tools, body, request)),
  }),
]
