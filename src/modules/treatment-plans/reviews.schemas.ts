import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Instant, listOf, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { reviewOutcomes } from './plans.rules.ts'
import { revision } from './revisions.schemas.ts'
import { exampleIds as ids, when } from './schema-examples.ts'

const review = {
  reviewedOn: CalendarDate(
    'The day of the review: not in the future, before the plan began or before its last review.',
    '2026-11-20',
  ),
  outcome: OneOf(reviewOutcomes, {
    description: '`continue`: the plan stays as it is. `revise`: the next revision is written.',
  }),
}

export const NewPlanReview = component(
  'NewTreatmentPlanReview',
  strictObject(
    {
      ...review,
      summary: Text(8_000, { description: 'What was found.' }),
      nextReviewOn: Type.Optional(
        CalendarDate('When to look again; by the practice’s policy when left out.', '2027-02-18'),
      ),
    },
    {
      description: 'A review of the plan in force.',
      examples: [
        {
          reviewedOn: '2026-11-20',
          outcome: 'continue',
          summary: 'Evenings are calmer; goals stand (fictional).',
        },
      ],
    },
  ),
)

export const PlanReview = component(
  'TreatmentPlanReview',
  strictObject(
    {
      id: Id('The review.', ids.review),
      planId: Id('The plan.', ids.plan),
      revision: revision('The revision that was reviewed.'),
      ...review,
      summary: Type.String(),
      nextReviewOn: CalendarDate('When to look again.', '2027-02-18'),
      recordedById: Id('Who recorded it.', ids.staff),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'A review of a plan.',
      examples: [
        {
          id: ids.review,
          planId: ids.plan,
          revision: 1,
          reviewedOn: '2026-11-20',
          outcome: 'continue',
          summary: 'Evenings are calmer; goals stand (fictional).',
          nextReviewOn: '2027-02-18',
          recordedById: ids.staff,
          createdAt: when,
        },
      ],
    },
  ),
)

export const ReviewPage = listOf('TreatmentPlanReviewPage', PlanReview)

export type NewPlanReview = Static<typeof NewPlanReview>
export type PlanReview = Static<typeof PlanReview>
