import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Name,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { roles } from '../charts/access-policy.ts'

export const staffStatuses = ['invited', 'active', 'disabled'] as const

const Roles = Type.Array(OneOf(roles), {
  minItems: 1,
  maxItems: roles.length,
  uniqueItems: true,
  description: 'What this person is here; permissions of several roles add up.',
})

const changeable = {
  givenName: Name(80),
  familyName: Name(80),
  displayName: Name(160, { description: 'As colleagues, clients and signatures show this person.' }),
  title: Nullable(Text(80, { description: 'Position in the practice, such as "Associate therapist".' })),
  npi: Nullable(
    Type.String({
      pattern: '^[0-9]{10}$',
      description: "This person's National Provider Identifier, with its check digit.",
    }),
  ),
  cosignRequired: Type.Boolean({ description: 'Notes of this person need a supervisor to co-sign.' }),
}

const email = Type.String({ format: 'email', maxLength: 254 })

export const StaffMember = component(
  'StaffMember',
  strictObject(
    {
      id: Id('The member of staff.', '019c0000-0000-7000-8000-0000000000b1'),
      email: Type.Optional(
        Type.String({ description: 'Shown to those who may change staff, and to this person.' }),
      ),
      ...changeable,
      roles: Roles,
      status: OneOf(staffStatuses, {
        description: 'Invited until the invitation is accepted; disabled people cannot sign in.',
      }),
      supervisorId: Nullable(Id('Who supervises this person now.', '019c0000-0000-7000-8000-0000000000b2')),
      supervisionForTraining: Type.Boolean({ description: 'The supervision is part of a training.' }),
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A person who works in the practice.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000b1',
          email: 'avery@quiet-harbor.example',
          givenName: 'Avery',
          familyName: 'Example',
          displayName: 'Avery Example',
          title: 'Associate therapist',
          npi: '1245319599',
          cosignRequired: true,
          roles: ['clinician'],
          status: 'active',
          supervisorId: '019c0000-0000-7000-8000-0000000000b2',
          supervisionForTraining: false,
          version: 3,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-02T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewStaffMember = component(
  'NewStaffMember',
  strictObject(
    {
      email,
      givenName: changeable.givenName,
      familyName: changeable.familyName,
      displayName: Type.Optional(
        Text(160, { description: 'Given and family name when left out. Shown by signatures.' }),
      ),
      title: Type.Optional(changeable.title),
      npi: Type.Optional(changeable.npi),
      cosignRequired: Type.Optional(changeable.cosignRequired),
      roles: Roles,
    },
    {
      description: 'A person to invite.',
      examples: [
        {
          email: 'avery@quiet-harbor.example',
          givenName: 'Avery',
          familyName: 'Example',
          title: 'Associate therapist',
          npi: '1245319599',
          cosignRequired: true,
          roles: ['clinician'],
        },
      ],
    },
  ),
)

export const StaffMemberChange = component(
  'StaffMemberChange',
  Type.Partial(strictObject(changeable), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ title: 'Therapist', cosignRequired: false }],
  }),
)

export const StaffRoles = component(
  'StaffRoles',
  strictObject(
    { roles: Roles },
    { description: 'All roles this person is to have.', examples: [{ roles: ['clinician', 'supervisor'] }] },
  ),
)

export const StaffParams = strictObject({
  staffId: Id('The member of staff.', '019c0000-0000-7000-8000-0000000000b1'),
})
export const StaffQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(staffStatuses, { description: 'Only these.', examples: ['active'] })),
  role: Type.Optional(OneOf(roles, { description: 'Only holders of this role.', examples: ['clinician'] })),
})
export const StaffPage = listOf('StaffMemberPage', StaffMember)

export type StaffMember = Static<typeof StaffMember>
export type NewStaffMember = Static<typeof NewStaffMember>
export type StaffMemberChange = Static<typeof StaffMemberChange>
export type StaffRoles = Static<typeof StaffRoles>
export type StaffQuery = Static<typeof StaffQuery>
