import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Version,
} from '../../lib/schemas.ts'

export const dualRoleStatuses = ['open', 'justified', 'ended'] as const

const ids = {
  dualRole: '019c0000-0000-7000-8000-0000000001d1',
  chart: '019c0000-0000-7000-8000-0000000000a1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  supervisor: '019c0000-0000-7000-8000-0000000000b2',
}

export const dualRoleReason = Reason(2_000, {
  description:
    'Why one clinician treats both partners of a couple individually; asked for where the caller may know that.',
})

export const DualRole = component(
  'DualRole',
  strictObject(
    {
      id: Id('The finding.', ids.dualRole),
      coupleChartId: Id('The joint chart of the two partners.', ids.chart),
      staffId: Id('The clinician who is a therapist in both of their individual charts.', ids.staff),
      displayName: Type.String({ description: 'Of that clinician.' }),
      status: OneOf(dualRoleStatuses, {
        description: '`open` until somebody records a reason; `ended` when it is so no more.',
      }),
      reason: Nullable(dualRoleReason),
      reasonById: Nullable(Id('Who recorded it.', ids.supervisor)),
      reasonAt: Nullable(Instant('When it was recorded.')),
      foundAt: Instant('Since when it is known.'),
      endedAt: Nullable(Instant('When it was found to be so no more.')),
      version: Version,
    },
    {
      description:
        'One clinician in the individual charts of both partners of a couple: allowed with a recorded reason only.',
      examples: [
        {
          id: ids.dualRole,
          coupleChartId: ids.chart,
          staffId: ids.staff,
          displayName: 'Dana Example, LMFT',
          status: 'open',
          reason: null,
          reasonById: null,
          reasonAt: null,
          foundAt: '2026-11-23T16:00:00.000Z',
          endedAt: null,
          version: 1,
        },
      ],
    },
  ),
)

export const DualRoleReason = component(
  'DualRoleReason',
  strictObject(
    { reason: dualRoleReason },
    {
      description: 'Why it is so.',
      examples: [{ reason: 'Nobody else within two hours speaks their language (fictional).' }],
    },
  ),
)

export const DualRoleParams = strictObject({ dualRoleId: Id('The finding.', ids.dualRole) })
export const DualRoleQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(dualRoleStatuses, { description: 'Only these.', examples: ['open'] })),
})
export const DualRolePage = listOf('DualRolePage', DualRole)

export type DualRole = Static<typeof DualRole>
export type DualRoleQuery = Static<typeof DualRoleQuery>
