import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import {
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

export const emergencyReasons = [
  'danger_to_self',
  'danger_to_others',
  'medical',
  'clinician_unavailable',
  'other',
] as const
export const reviewOutcomes = ['justified', 'not_justified'] as const
export const reviewStates = ['open', 'overdue', 'done'] as const

const accessExample = '019c0000-0000-7000-8000-0000000000a9'
const chartExample = '019c0000-0000-7000-8000-0000000000c1'

const narrative = Type.String({
  minLength: 20,
  maxLength: 2_000,
  description: 'Why now, and why nobody of the care team can act. For the reviewer; no clinical detail.',
  examples: ['The primary clinician is on a flight and the client called the front desk in distress.'],
})
const reasonCode = OneOf(emergencyReasons, { description: 'The kind of emergency.' })

const StaffName = component(
  'EmergencyAccessStaff',
  strictObject(
    { staffId: Id('The member of staff.'), displayName: Text(200) },
    {
      description: 'Somebody of the practice.',
      examples: [{ staffId: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Dana Example' }],
    },
  ),
)

export const EmergencyAccess = component(
  'EmergencyAccess',
  strictObject(
    {
      id: Id('The emergency access.', accessExample),
      chartId: Id('The chart it opens.', chartExample),
      holder: StaffName,
      reasonCode,
      startsAt: Instant('When it was granted.'),
      expiresAt: Instant('When it ends by itself.'),
      endedAt: Nullable(Instant('When it was ended early.')),
      running: Type.Boolean({ description: 'Whether it opens the chart now.' }),
      reviewedAt: Nullable(Instant('When somebody else reviewed it.')),
      reviewer: Nullable(StaffName),
      outcome: Nullable(OneOf(reviewOutcomes)),
      overdue: Type.Boolean({
        description: `Not reviewed within ${limits.emergencyReviewHours} hours.`,
      }),
      version: Version,
    },
    {
      description:
        'Access to a chart without its care team, for an emergency: reading only, short, and reviewed by somebody else.',
      examples: [
        {
          id: accessExample,
          chartId: chartExample,
          holder: { staffId: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Dana Example' },
          reasonCode: 'danger_to_self',
          startsAt: '2026-11-23T16:00:00.000Z',
          expiresAt: '2026-11-23T16:30:00.000Z',
          endedAt: null,
          running: true,
          reviewedAt: null,
          reviewer: null,
          outcome: null,
          overdue: false,
          version: 1,
        },
      ],
    },
  ),
)

export const EmergencyAccessDetail = component(
  'EmergencyAccessDetail',
  strictObject(
    {
      ...EmergencyAccess.properties,
      narrative,
      comment: Nullable(Text(2_000, { description: "The reviewer's comment." })),
    },
    {
      description: 'An emergency access with its reason, as its holder and reviewers see it.',
      examples: [
        {
          id: accessExample,
          chartId: chartExample,
          holder: { staffId: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Dana Example' },
          reasonCode: 'danger_to_self',
          startsAt: '2026-11-23T16:00:00.000Z',
          expiresAt: '2026-11-23T16:30:00.000Z',
          endedAt: null,
          running: true,
          reviewedAt: null,
          reviewer: null,
          outcome: null,
          overdue: false,
          version: 1,
          narrative: 'The primary clinician is on a flight and the client called the front desk in distress.',
          comment: null,
        },
      ],
    },
  ),
)

export const NewEmergencyAccess = component(
  'NewEmergencyAccess',
  strictObject(
    {
      reasonCode,
      narrative,
      durationMinutes: Type.Integer({
        minimum: 1,
        maximum: limits.emergencyAccessMinutes,
        description: 'How long it is needed.',
        examples: [30],
      }),
    },
    {
      description: 'Why a chart must be opened now, and for how long.',
      examples: [
        {
          reasonCode: 'danger_to_self',
          narrative: 'The primary clinician is on a flight and the client called the front desk in distress.',
          durationMinutes: 30,
        },
      ],
    },
  ),
)

export const EmergencyAccessReview = component(
  'EmergencyAccessReview',
  strictObject(
    {
      outcome: OneOf(reviewOutcomes, { description: 'What the review found.' }),
      comment: Type.Optional(Nullable(Text(2_000))),
    },
    {
      description: 'The review of an emergency access by somebody else than its holder.',
      examples: [{ outcome: 'justified', comment: 'Safety call documented; the care team was told.' }],
    },
  ),
)

export const EmergencyAccessParams = strictObject({ accessId: Id('The emergency access.', accessExample) })
export const EmergencyAccessQuery = strictObject({
  ...PageQuery,
  review: Type.Optional(
    OneOf(reviewStates, {
      description: `Not yet reviewed, not reviewed within ${limits.emergencyReviewHours} hours, or reviewed.`,
      examples: ['open'],
    }),
  ),
  chartId: Type.Optional(Id('Only to this chart.', chartExample)),
})
export const EmergencyAccessPage = listOf('EmergencyAccessPage', EmergencyAccess)

export type EmergencyAccess = Static<typeof EmergencyAccess>
export type EmergencyAccessDetail = Static<typeof EmergencyAccessDetail>
export type NewEmergencyAccess = Static<typeof NewEmergencyAccess>
export type EmergencyAccessReview = Static<typeof EmergencyAccessReview>
export type EmergencyAccessQuery = Static<typeof EmergencyAccessQuery>
