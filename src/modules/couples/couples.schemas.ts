import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { coupleStatuses, endReasons, firstStatuses, laterStatuses } from './couples.rules.ts'

const coupleId = '019c0000-0000-7000-8000-0000000000d1'
const firstId = '019c0000-0000-7000-8000-0000000000c1'
const secondId = '019c0000-0000-7000-8000-0000000000c2'
const chartId = '019c0000-0000-7000-8000-0000000000e3'
const staffId = '019c0000-0000-7000-8000-0000000000f1'

export const CoupleMember = component(
  'CoupleMember',
  strictObject(
    {
      clientId: Nullable(Id('The client; null while the partner is no client yet.', firstId)),
      displayName: Type.String({ description: 'How the person is called.' }),
    },
    {
      description:
        'A partner, by name only: contact data, the individual chart and appointments are not reached from here.',
      examples: [{ clientId: firstId, displayName: 'Robin Example' }],
    },
  ),
)

const coupleExample = {
  id: coupleId,
  members: [
    { clientId: firstId, displayName: 'Robin Example' },
    { clientId: secondId, displayName: 'Sasha Sample' },
  ],
  chartId,
  status: 'together' as const,
  statusEffectiveOn: '2026-11-02',
  identifiedPatientId: firstId,
  version: 1,
  createdAt: '2026-11-02T17:00:00.000Z',
  updatedAt: '2026-11-02T17:00:00.000Z',
}

export const Couple = component(
  'Couple',
  strictObject(
    {
      id: Id('The couple.', coupleId),
      members: Type.Array(CoupleMember, { minItems: 2, maxItems: 2, description: 'The two partners.' }),
      chartId: Nullable(Id('The joint chart; null until both are clients.', chartId)),
      status: OneOf(coupleStatuses, { description: 'How it stands between the two.' }),
      statusEffectiveOn: CalendarDate('Since when, as the partners say.', '2026-11-02'),
      identifiedPatientId: Nullable(
        Id('In whose name sessions are billed today; null for nobody (self-pay).', firstId),
      ),
      version: Version,
      createdAt: Instant('When the two were linked.'),
      updatedAt: Instant('When it last changed.'),
    },
    { description: 'A couple as a unit of care, beside two private charts.', examples: [coupleExample] },
  ),
)

export const NewCouple = component(
  'NewCouple',
  strictObject(
    {
      clientId: Id('One partner.', firstId),
      partnerClientId: Type.Optional(Id('The other partner, when a client already.', secondId)),
      partnerRelatedPersonId: Type.Optional(
        Id(
          'The other partner, when only a related person of the first so far. Give exactly one of the two.',
          '019c0000-0000-7000-8000-0000000000b1',
        ),
      ),
      status: Type.Optional(OneOf(firstStatuses, { description: '`together` when left out.' })),
      statusEffectiveOn: Type.Optional(CalendarDate('Since when; today when left out.', '2026-11-02')),
      primaryClinicianId: Type.Optional(
        Id(
          'Who leads the joint chart. A clinician can only name themselves, and does so by default.',
          staffId,
        ),
      ),
    },
    {
      description: 'Two people to link.',
      examples: [{ clientId: firstId, partnerClientId: secondId, primaryClinicianId: staffId }],
    },
  ),
)

export const PartnerRegistration = component(
  'PartnerRegistration',
  strictObject(
    {
      clientId: Id('The client that the partner has become.', secondId),
      primaryClinicianId: Type.Optional(
        Id('Who leads the joint chart, when it is not the clinician named with the couple.', staffId),
      ),
    },
    { description: 'The partner, now a client.', examples: [{ clientId: secondId }] },
  ),
)

export const CoupleStatusStep = component(
  'CoupleStatusStep',
  strictObject(
    {
      status: OneOf(laterStatuses),
      effectiveOn: CalendarDate(
        'Since when, as the partners say. Not before the status it follows.',
        '2026-11-20',
      ),
      reason: Type.Optional(
        Text(500, {
          description: 'Administrative. What is clinical belongs into a note of the joint chart.',
        }),
      ),
      endReason: Type.Optional(OneOf(endReasons, { description: 'Required with `ended`, and only there.' })),
      leavingClientIds: Type.Optional(
        Type.Array(Id('A partner.', secondId), {
          maxItems: 2,
          uniqueItems: true,
          description:
            'Partners who leave the joint care with this step. Nobody when left out (a separated couple may stay in care together), everybody when the couple ends.',
        }),
      ),
    },
    {
      description: 'A step in the life of a couple.',
      examples: [
        {
          status: 'separated',
          effectiveOn: '2026-11-20',
          reason: 'Told by both',
          leavingClientIds: [secondId],
        },
      ],
    },
  ),
)

export const IdentifiedPatientChoice = component(
  'IdentifiedPatientChoice',
  strictObject(
    {
      clientId: Nullable(Id('A partner, or null for nobody.', firstId)),
      effectiveOn: CalendarDate('The first day it holds for.', '2026-11-20'),
    },
    {
      description: 'In whose name the couple is billed, from a day on.',
      examples: [{ clientId: firstId, effectiveOn: '2026-11-20' }],
    },
  ),
)

const StatusChange = component(
  'CoupleStatusChange',
  strictObject(
    {
      status: OneOf(coupleStatuses),
      effectiveOn: CalendarDate('Since when.', '2026-11-20'),
      reason: Nullable(Type.String()),
      endReason: Nullable(OneOf(endReasons)),
      recordedById: Id('The staff member who recorded it.', staffId),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'How it stood between the two, from a day on.',
      examples: [
        {
          status: 'separated',
          effectiveOn: '2026-11-20',
          reason: 'Told by both',
          endReason: null,
          recordedById: staffId,
          createdAt: '2026-11-20T18:00:00.000Z',
        },
      ],
    },
  ),
)

const MemberPeriod = component(
  'CoupleMemberPeriod',
  strictObject(
    {
      clientId: Id('The partner.', firstId),
      joinedAt: Instant('When they came into the joint care.'),
      leftAt: Nullable(Instant('When they left it; null while they are in it.')),
    },
    {
      description:
        'A time in which a partner was in the joint care, as recorded: a release of what was written then needs their signature.',
      examples: [{ clientId: firstId, joinedAt: '2026-11-02T17:00:00.000Z', leftAt: null }],
    },
  ),
)

const IdentifiedPatient = component(
  'CoupleIdentifiedPatient',
  strictObject(
    {
      clientId: Nullable(Id('The partner; null for nobody.', firstId)),
      effectiveOn: CalendarDate('The first day it holds for.', '2026-11-20'),
      recordedById: Id('The staff member who recorded it.', staffId),
      createdAt: Instant('When it was recorded; of two for one day the later holds.'),
    },
    {
      description: 'In whose name the couple is billed, from a day on.',
      examples: [
        {
          clientId: firstId,
          effectiveOn: '2026-11-20',
          recordedById: staffId,
          createdAt: '2026-11-20T18:00:00.000Z',
        },
      ],
    },
  ),
)

export const CoupleHistory = component(
  'CoupleHistory',
  strictObject(
    {
      statusChanges: Type.Array(StatusChange, { description: 'Oldest first.' }),
      memberPeriods: Type.Array(MemberPeriod, { description: 'Oldest first.' }),
      identifiedPatients: Type.Array(IdentifiedPatient, { description: 'By the day they hold from.' }),
    },
    {
      description: 'All that was ever recorded of a couple; nothing of it is changed or removed.',
      examples: [
        {
          statusChanges: [
            {
              status: 'together',
              effectiveOn: '2026-11-02',
              reason: null,
              endReason: null,
              recordedById: staffId,
              createdAt: '2026-11-02T17:00:00.000Z',
            },
          ],
          memberPeriods: [{ clientId: firstId, joinedAt: '2026-11-02T17:00:00.000Z', leftAt: null }],
          identifiedPatients: [],
        },
      ],
    },
  ),
)

export const CoupleParams = strictObject({ coupleId: Id('The couple.', coupleId) })
export const CoupleQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(coupleStatuses, { description: 'Only these.', examples: ['together'] })),
  clientId: Type.Optional(Id('Only couples this client is a partner of.', firstId)),
  updatedSince: Type.Optional(Instant('Only what changed at or after this instant.')),
})
export const CouplePage = listOf('CouplePage', Couple)

export type Couple = Static<typeof Couple>
export type CoupleMember = Static<typeof CoupleMember>
export type NewCouple = Static<typeof NewCouple>
export type PartnerRegistration = Static<typeof PartnerRegistration>
export type CoupleStatusStep = Static<typeof CoupleStatusStep>
export type IdentifiedPatientChoice = Static<typeof IdentifiedPatientChoice>
export type CoupleHistory = Static<typeof CoupleHistory>
export type CoupleQuery = Static<typeof CoupleQuery>
