import { type Static, Type } from 'typebox'
import { component, Id, Instant, strictObject } from '../../lib/schemas.ts'
import { NewPassword, OpaqueToken, PracticeReference, practiceExample } from './sign-in.schemas.ts'

const staffExample = '019c0000-0000-7000-8000-0000000000b1'

export const InvitationParams = strictObject({ staffId: Id('The member of staff.', staffExample) })

export const Invitation = component(
  'Invitation',
  strictObject(
    {
      id: Id('The invitation.'),
      staffId: Id('The member of staff.', staffExample),
      expiresAt: Instant('Until when it can be accepted.'),
    },
    {
      description: 'An invitation that was mailed. Its code is in the mail only.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000d1',
          staffId: staffExample,
          expiresAt: '2026-11-30T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const Acceptance = component(
  'InvitationAcceptance',
  strictObject(
    {
      token: OpaqueToken,
      password: Type.String({
        ...NewPassword,
        description:
          'A new password (15 to 128 characters), or the present one of whoever signs in with this address already.',
      }),
    },
    {
      description: 'The code from the mail, and a password.',
      examples: [{ token: `cairn_in_${'A'.repeat(85)}E`, password: 'correct horse battery' }],
    },
  ),
)

export const Accepted = component(
  'InvitationAccepted',
  strictObject(
    {
      email: Type.String({ description: 'The address to sign in with.' }),
      practice: PracticeReference,
      staffId: Id('The member of staff.', staffExample),
    },
    {
      description: 'The person is a member of staff now, and may sign in.',
      examples: [{ email: 'avery@quiet-harbor.example', practice: practiceExample, staffId: staffExample }],
    },
  ),
)

export type Invitation = Static<typeof Invitation>
export type Acceptance = Static<typeof Acceptance>
export type Accepted = Static<typeof Accepted>
