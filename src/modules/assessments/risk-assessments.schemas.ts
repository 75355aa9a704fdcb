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
  Reason,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { ids } from './assignments.schemas.ts'
import { levels, riskStatuses } from './safety.rules.ts'
import { ContentSignature, exampleHash } from './signature.schemas.ts'

const riskAssessmentId = '019c0000-0000-7000-8000-0000000000b1'

export const occasions = [
  'intake',
  'assessment_answer',
  'clinician_concern',
  'lapse',
  'disclosure',
  'court_event',
  'review',
  'other',
] as const

const sealed = {
  ideation: OneOf(['none', 'passive', 'active', 'active_with_plan', 'not_assessed'] as const),
  intent: OneOf(['none', 'unclear', 'present', 'not_assessed'] as const),
  meansAccess: OneOf(['none', 'limited', 'ready', 'not_assessed'] as const),
  history: Nullable(Text(5_000)),
  warningSigns: Nullable(Text(5_000)),
  protectiveFactors: Nullable(Text(5_000)),
  formulation: Text(10_000, { description: 'How the clinician understands the risk, and why these levels.' }),
  actions: Type.Array(
    OneOf([
      'none',
      'safety_plan',
      'more_contact',
      'means_safety',
      'higher_level_of_care',
      'welfare_check',
      'hospital',
      'other',
    ] as const),
    { uniqueItems: true, maxItems: 8 },
  ),
  consulted: Nullable(Text(2_000, { description: 'With whom it was talked over.' })),
}

const rated = {
  occasion: OneOf(occasions, { description: 'What led to it.' }),
  acute: OneOf(levels, { description: 'The level of risk now.' }),
  chronic: OneOf(levels, { description: 'The level of risk over the long run.' }),
  nextReviewOn: Nullable(CalendarDate('When it is to be looked at again.', '2026-11-30')),
}

export const RiskContent = strictObject({ ...rated, ...sealed })

const exampleContent = {
  occasion: 'clinician_concern' as const,
  acute: 'moderate' as const,
  chronic: 'low' as const,
  nextReviewOn: '2026-11-30',
  ideation: 'passive' as const,
  intent: 'none' as const,
  meansAccess: 'limited' as const,
  history: null,
  warningSigns: 'Sleeps little (fictional).',
  protectiveFactors: 'A close friend (fictional).',
  formulation: 'Low mood after a loss, with support (fictional).',
  actions: ['safety_plan' as const],
  consulted: null,
}

const revision = {
  revision: Type.Integer({ minimum: 1 }),
  ...rated,
  ...sealed,
  writtenById: Id('The clinician who wrote it.', ids.staff),
  writtenAt: Instant('When it was written.'),
  signature: Nullable(ContentSignature),
}

const exampleRevision = {
  revision: 1,
  ...exampleContent,
  writtenById: ids.staff,
  writtenAt: '2026-11-23T16:00:00.000Z',
  signature: { signerId: ids.staff, signedAt: '2026-11-23T16:05:00.000Z', contentHash: exampleHash },
}

export const RiskRevision = component(
  'RiskAssessmentRevision',
  strictObject(revision, {
    description: 'A risk assessment as it was written at one time.',
    examples: [exampleRevision],
  }),
)

const head = {
  id: Id('The risk assessment.', riskAssessmentId),
  chartId: Id('The chart.', ids.chart),
  status: OneOf(riskStatuses),
  version: Version,
  createdAt: Instant('When it was first written.'),
  updatedAt: Instant('When it last changed.'),
}

const exampleHead = {
  id: riskAssessmentId,
  chartId: ids.chart,
  status: 'open' as const,
  version: 2,
  createdAt: '2026-11-23T16:00:00.000Z',
  updatedAt: '2026-11-23T16:05:00.000Z',
}

export const RiskSummary = component(
  'RiskAssessmentSummary',
  strictObject(
    {
      ...head,
      revision: revision.revision,
      acute: rated.acute,
      chronic: rated.chronic,
      nextReviewOn: rated.nextReviewOn,
      reviewOverdue: Type.Boolean({ description: 'That day has passed, and it is not closed.' }),
      signed: Type.Boolean({ description: 'Whether its current revision is signed.' }),
    },
    {
      description: 'Where a risk assessment stands.',
      examples: [
        {
          ...exampleHead,
          revision: 1,
          acute: 'moderate',
          chronic: 'low',
          nextReviewOn: '2026-11-30',
          reviewOverdue: false,
          signed: true,
        },
      ],
    },
  ),
)

export const RiskAssessment = component(
  'RiskAssessment',
  strictObject(
    {
      ...head,
      ...revision,
      changes: Type.Array(
        strictObject({
          status: OneOf(riskStatuses),
          reason: Nullable(Type.String()),
          recordedById: Id('The staff member.', ids.staff),
          createdAt: Instant('When.'),
        }),
        { description: 'Changes of its status, oldest first.' },
      ),
    },
    {
      description: 'A risk assessment in its current revision.',
      examples: [{ ...exampleHead, ...exampleRevision, changes: [] }],
    },
  ),
)

export const NewRisk = component(
  'NewRiskAssessment',
  strictObject(RiskContent.properties, {
    description: 'A risk assessment, or its next revision, as a whole.',
    examples: [exampleContent],
  }),
)

export const RiskStep = component(
  'RiskAssessmentStep',
  strictObject(
    { status: OneOf(riskStatuses), reason: Type.Optional(Reason(5_000)) },
    {
      description: 'What became of the risk.',
      examples: [{ status: 'mitigated', reason: 'A plan is in place (fictional).' }],
    },
  ),
)

export const RiskParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  riskAssessmentId: Id('The risk assessment.', riskAssessmentId),
})
export const RiskRevisionParams = strictObject({
  ...RiskParams.properties,
  revision: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'Which of its revisions.',
    examples: [1],
  }),
})
export const RiskQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(riskStatuses, { description: 'Only these.', examples: ['open'] })),
  reviewOverdue: Type.Optional(
    Type.Boolean({
      description: 'Only those whose review is overdue, or only the others.',
      examples: [true],
    }),
  ),
})
export const RiskPage = listOf('RiskAssessmentPage', RiskSummary)

export type RiskContent = Static<typeof RiskContent>
export type RiskRevision = Static<typeof RiskRevision>
export type RiskSummary = Static<typeof RiskSummary>
export type RiskAssessment = Static<typeof RiskAssessment>
export type RiskStep = Static<typeof RiskStep>
export type RiskQuery = Static<typeof RiskQuery>
