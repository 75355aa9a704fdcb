import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { ChartParams } from './charts.schemas.ts'
import { dualRoleReason } from './dual-roles.schemas.ts'

export const careTeamRoles = ['primary', 'co_therapist', 'consultant', 'covering'] as const
export type CareTeamRole = (typeof careTeamRoles)[number]

const role = OneOf(careTeamRoles, { description: 'At most one `primary` at a time; they manage the team.' })
const startsOn = CalendarDate("First day on the team, in the practice's zone.", '2026-11-02')
const endsOn = CalendarDate('First day no longer on the team: access ends as it begins.', '2026-12-01')

export const CareTeamMember = component(
  'CareTeamMember',
  strictObject(
    {
      id: Id('This membership.', '019c0000-0000-7000-8000-0000000000d1'),
      staffId: Id('The clinician.', '019c0000-0000-7000-8000-0000000000b1'),
      displayName: Text(200),
      role,
      startsOn,
      endsOn: Nullable(endsOn),
      current: Type.Boolean({ description: 'Whether it opens the chart today.' }),
      version: Version,
    },
    {
      description: 'A clinician on the care team of a chart, with role and dates.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000d1',
          staffId: '019c0000-0000-7000-8000-0000000000b1',
          displayName: 'Dana Example, LMFT',
          role: 'primary',
          startsOn: '2026-11-02',
          endsOn: null,
          current: true,
          version: 1,
        },
      ],
    },
  ),
)

export const NewCareTeamMember = component(
  'NewCareTeamMember',
  strictObject(
    {
      staffId: Id('An active clinician.', '019c0000-0000-7000-8000-0000000000b1'),
      role,
      startsOn: Type.Optional(startsOn),
      endsOn: Type.Optional(Nullable(endsOn)),
      dualRoleReason: Type.Optional(dualRoleReason),
    },
    {
      description: 'A clinician to put on the care team; from today when `startsOn` is left out.',
      examples: [{ staffId: '019c0000-0000-7000-8000-0000000000b1', role: 'covering' }],
    },
  ),
)

export const CareTeamRoleChange = component(
  'CareTeamRoleChange',
  strictObject(
    { role, dualRoleReason: Type.Optional(dualRoleReason) },
    { description: 'The role from today on.', examples: [{ role: 'co_therapist' }] },
  ),
)

export const CareTeamEnd = component(
  'CareTeamEnd',
  strictObject(
    { endsOn: Type.Optional(endsOn) },
    {
      description: 'When the membership ends; today, and so at once, when `endsOn` is left out.',
      examples: [{}],
    },
  ),
)

export const CareTeamMemberParams = strictObject({
  ...ChartParams.properties,
  memberId: Id('The membership on the care team.', '019c0000-0000-7000-8000-0000000000d1'),
})
export const CareTeamQuery = strictObject({
  ...PageQuery,
  current: Type.Optional(
    Type.Boolean({
      description: 'Only memberships that open the chart today, or only others.',
      examples: [true],
    }),
  ),
})
export const CareTeamPage = listOf('CareTeamPage', CareTeamMember)

export type CareTeamMember = Static<typeof CareTeamMember>
export type NewCareTeamMember = Static<typeof NewCareTeamMember>
export type CareTeamRoleChange = Static<typeof CareTeamRoleChange>
export type CareTeamQuery = Static<typeof CareTeamQuery>
