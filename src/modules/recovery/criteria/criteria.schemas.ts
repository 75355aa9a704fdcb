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
} from '../../../lib/schemas.ts'
import { exampleIds, exampleInstant, paramsOf } from '../documents/documents.schemas.ts'
import { criterionKeys, frameworkKeys } from './frameworks.ts'

const raters = ['self', 'clinician', 'collateral'] as const

const Answer = component(
  'CriterionAnswer',
  strictObject(
    {
      criterion: OneOf(criterionKeys, { description: 'One of the criteria of the framework.' }),
      present: OneOf(['yes', 'no', 'unclear'] as const),
      since: Type.Optional(Nullable(CalendarDate('Since when, as far as is known.', '2024-05-01'))),
      evidence: Type.Optional(Nullable(Text(2_000))),
    },
    {
      description: 'The answer about one criterion.',
      examples: [{ criterion: 'preoccupation', present: 'yes', since: '2024-05-01', evidence: null }],
    },
  ),
)
export type CriterionAnswer = Static<typeof Answer>

const fields = {
  framework: OneOf(frameworkKeys),
  ratedBy: OneOf(raters, { description: 'Whose view it is.' }),
  answers: Type.Array(Answer, { minItems: 1, maxItems: 20, description: 'Each criterion once.' }),
}

const answers = [
  { criterion: 'tolerance', present: 'yes' as const },
  { criterion: 'consequences', present: 'yes' as const },
  { criterion: 'failed_attempts', present: 'unclear' as const },
]

export const NewCriteriaReview = component(
  'NewCriteriaReview',
  strictObject(
    {
      ...fields,
      ratedOn: Type.Optional(CalendarDate('Not in the future; today when left out.', '2026-01-05')),
    },
    {
      description: 'A set of answers about one addiction.',
      examples: [{ framework: 'interview_four', ratedBy: 'clinician', ratedOn: '2026-01-05', answers }],
    },
  ),
)

const id = '019c0000-0000-7000-8000-00000000130d'

export const CriteriaReview = component(
  'CriteriaReview',
  strictObject(
    {
      id: Id('The review.', id),
      addictionId: Id('What was rated.', exampleIds.addiction),
      ...fields,
      ratedOn: CalendarDate('When.', '2026-01-05'),
      metCount: Type.Integer({
        minimum: 0,
        description: 'How many criteria are present. A count, no diagnosis.',
      }),
      unclearCount: Type.Integer({ minimum: 0 }),
      ratedCount: Type.Integer({ minimum: 1, description: 'How many of them were answered.' }),
      criteriaCount: Type.Integer({ minimum: 1, description: 'How many the framework has.' }),
      recordedById: Id('Who recorded it.', exampleIds.staff),
      createdAt: Instant('When it was recorded.', exampleInstant),
    },
    {
      description: 'How one addiction was rated by one framework, by one rater on one day.',
      examples: [
        {
          id,
          addictionId: exampleIds.addiction,
          framework: 'interview_four',
          ratedBy: 'clinician',
          ratedOn: '2026-01-05',
          answers,
          metCount: 2,
          unclearCount: 1,
          ratedCount: 3,
          criteriaCount: 4,
          recordedById: exampleIds.staff,
          createdAt: exampleInstant,
        },
      ],
    },
  ),
)

export const RatedAddictionParams = paramsOf('addictionId', 'The addiction.', exampleIds.addiction)
export const CriteriaQuery = strictObject({
  ...PageQuery,
  framework: Type.Optional(
    OneOf(frameworkKeys, { description: 'Only this one.', examples: ['interview_four'] }),
  ),
})
export const CriteriaPage = listOf('CriteriaReviewPage', CriteriaReview)

export type NewCriteriaReview = Static<typeof NewCriteriaReview>
export type CriteriaReview = Static<typeof CriteriaReview>
export type CriteriaQuery = Static<typeof CriteriaQuery>
