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
import { ids } from './assignments.schemas.ts'
import { Crisis, exampleCrisis } from './crisis.schemas.ts'
import { planSections } from './safety.rules.ts'

const safetyPlanId = '019c0000-0000-7000-8000-0000000000b2'

const Section = component(
  'SafetyPlanSection',
  strictObject(
    {
      key: OneOf(planSections),
      heading: Type.Optional(Text(120, { description: 'The client’s own heading, in place of ours.' })),
      entries: Type.Array(Text(500), { minItems: 1, maxItems: 20 }),
    },
    {
      description: 'One step of a safety plan.',
      examples: [{ key: 'own_coping', entries: ['Walk to the harbor (fictional).'] }],
    },
  ),
)

const content = {
  sections: Type.Array(Section, {
    minItems: 1,
    maxItems: 12,
    description: 'In the order they are gone through.',
  }),
}

const exampleSections = [
  { key: 'warning_signs' as const, entries: ['I stop answering the phone (fictional).'] },
  { key: 'own_coping' as const, entries: ['Walk to the harbor (fictional).'] },
]

const ReviewDue = Nullable(CalendarDate('When it is to be looked at again.', '2026-12-21'))

const revision = {
  revision: Type.Integer({ minimum: 1 }),
  ...content,
  writtenById: Id('The staff member who wrote it down.', ids.staff),
  writtenAt: Instant('When.'),
}

const exampleRevision = {
  revision: 1,
  sections: exampleSections,
  writtenById: ids.staff,
  writtenAt: '2026-11-23T16:00:00.000Z',
}

export const PlanRevision = component(
  'SafetyPlanRevision',
  strictObject(revision, {
    description: 'A safety plan as it was at one time.',
    examples: [exampleRevision],
  }),
)

const head = {
  id: Id('The plan.', safetyPlanId),
  chartId: Id('The chart.', ids.chart),
  status: OneOf(['active', 'ended'] as const),
  revision: revision.revision,
  reviewDueOn: ReviewDue,
  reviewOverdue: Type.Boolean(),
  releasedAt: Nullable(Instant('When the client’s own copy was released at the portal.')),
  version: Version,
  createdAt: Instant('When it was made.'),
  updatedAt: Instant('When it last changed.'),
}

const exampleHead = {
  id: safetyPlanId,
  chartId: ids.chart,
  status: 'active' as const,
  revision: 1,
  reviewDueOn: '2026-12-21',
  reviewOverdue: false,
  releasedAt: null,
  version: 1,
  createdAt: '2026-11-23T16:00:00.000Z',
  updatedAt: '2026-11-23T16:00:00.000Z',
}

export const PlanSummary = component(
  'SafetyPlanSummary',
  strictObject(head, { description: 'Where a safety plan stands.', examples: [exampleHead] }),
)

const reviewFields = {
  occasion: OneOf(['scheduled', 'crisis', 'lapse', 'discharge', 'other'] as const),
  outcome: OneOf(['kept', 'to_revise'] as const, { description: 'Whether it still fits.' }),
}

export const SafetyPlan = component(
  'SafetyPlan',
  strictObject(
    {
      ...head,
      ...revision,
      reviews: Type.Array(
        strictObject({
          ...reviewFields,
          revision: revision.revision,
          reviewedOn: CalendarDate('The day.', '2026-11-30'),
          reviewedById: Id('The staff member.', ids.staff),
          createdAt: Instant('When it was recorded.'),
        }),
        { description: 'Oldest first.' },
      ),
    },
    {
      description: 'A safety plan in its current revision, made with the client.',
      examples: [{ ...exampleHead, ...exampleRevision, reviews: [] }],
    },
  ),
)

export const NewPlan = component(
  'NewSafetyPlan',
  strictObject(
    { ...content, reviewDueOn: Type.Optional(ReviewDue) },
    {
      description: 'A safety plan, or its next revision, as a whole.',
      examples: [{ sections: exampleSections, reviewDueOn: '2026-12-21' }],
    },
  ),
)

export const NewPlanReview = component(
  'NewSafetyPlanReview',
  strictObject(
    {
      ...reviewFields,
      reviewedOn: CalendarDate('The day; not in the future.', '2026-11-30'),
      reviewDueOn: ReviewDue,
    },
    {
      description: 'That the plan was looked at with the client.',
      examples: [{ occasion: 'scheduled', outcome: 'kept', reviewedOn: '2026-01-02', reviewDueOn: null }],
    },
  ),
)

export const PlanPrintout = component(
  'SafetyPlanPrintout',
  strictObject(
    {
      title: Type.String(),
      revision: revision.revision,
      writtenAt: Instant('When this revision was written.'),
      sections: Type.Array(strictObject({ heading: Type.String(), entries: Type.Array(Type.String()) })),
      crisis: Crisis,
      version: Version,
    },
    {
      description: 'What is printed, or kept on the client’s device for when there is no connection.',
      examples: [
        {
          title: 'My safety plan',
          revision: 1,
          writtenAt: '2026-11-23T16:00:00.000Z',
          sections: [
            {
              heading: 'Signs that a crisis may be coming',
              entries: ['I stop answering the phone (fictional).'],
            },
          ],
          crisis: exampleCrisis,
          version: 1,
        },
      ],
    },
  ),
)

export const PlanParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  safetyPlanId: Id('The plan.', safetyPlanId),
})
export const PlanRevisionParams = strictObject({
  ...PlanParams.properties,
  revision: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'Which of its revisions.',
    examples: [1],
  }),
})
export const PlanQuery = strictObject({
  ...PageQuery,
  reviewOverdue: Type.Optional(
    Type.Boolean({
      description: 'Only those whose review is overdue, or only the others.',
      examples: [true],
    }),
  ),
})
export const PlanPage = listOf('SafetyPlanPage', PlanSummary)

export type PlanSections = Static<typeof NewPlan>['sections']
export type PlanRevision = Static<typeof PlanRevision>
export type PlanSummary = Static<typeof PlanSummary>
export type SafetyPlan = Static<typeof SafetyPlan>
export type NewPlan = Static<typeof NewPlan>
export type NewPlanReview = Static<typeof NewPlanReview>
export type PlanPrintout = Static<typeof PlanPrintout>
export type PlanQuery = Static<typeof PlanQuery>
