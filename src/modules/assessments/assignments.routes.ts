import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as answers from './answers.service.ts'
import * as schemas from './assignments.schemas.ts'
import * as service from './assignments.service.ts'
import * as reviews from './review.service.ts'

const common = { tag: 'Assessments' } as const
const base = '/v1/charts/{chartId}/assessment-assignments'
const path = `${base}/{assessmentId}`
const one = { ...common, params: schemas.AssignmentParams } as const
const step = { ...one, permission: 'assessments:write', ifMatch: true } as const
const changed = {
  status: 200,
  schema: schemas.Assessment,
  description: 'The assessment as it is now.',
} as const

const at = ({ chartId, assessmentId: id }: { chartId: string; assessmentId: string }, version: number) => ({
  chartId,
  id,
  version,
})

const assigning = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/assessment-assignments',
    operationId: 'listAwaitedAssessments',
    summary: 'List what is waited for',
    description:
      'Assessments that wait for answers in all charts the caller may read, the longest due first. A supervisor sees those of supervisees, but none that is restricted to the care team.',
    permission: 'assessments:read',
    query: schemas.CaseloadQuery,
    success: { status: 200, schema: schemas.AssignmentPage, description: 'A page of assignments.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listCaseload(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listAssessments',
    summary: 'List the assessments of a chart',
    description: 'Newest first, whatever became of them. Answers and scores are not in the list.',
    permission: 'assessments:read',
    params: schemas.ChartParams,
    query: schemas.AssignmentQuery,
    success: { status: 200, schema: schemas.AssignmentPage, description: 'A page of assignments.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listAssignments(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'assignAssessment',
    summary: 'Assign an instrument',
    description:
      'Asks for an instrument to be answered, once or in a rhythm: the next one is made when one is completed or runs out. In a couple’s chart it is about one partner. Instruments validated for adults are not assigned to minors.',
    permission: 'assessments:write',
    idempotency: 'required',
    params: schemas.ChartParams,
    body: schemas.NewAssignment,
    success: { status: 201, schema: schemas.Assessment, description: 'The assignment.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const assessment = await service.assign(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/assessment-assignments/${assessment.id}`, assessment)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    path,
    operationId: 'getAssessment',
    summary: 'Read an assessment',
    description:
      'Its questions, what was answered so far, and once it is completed its scores: results of a screen with their sources, never a diagnosis.',
    permission: 'assessments:read',
    success: { status: 200, schema: schemas.Assessment, description: 'The assessment.' },
    handler: async (trx, { params }) =>
      ok(await service.getAssessment(trx, params.chartId, params.assessmentId)),
  }),
  operation({
    ...step,
    method: 'PATCH',
    path,
    operationId: 'changeAssessmentDays',
    summary: 'Move the days of an assessment',
    description: 'While it waits for answers: when it is due, its last day, and its rhythm.',
    body: schemas.AssignmentDays,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeDays(trx, at(params, version), body)),
  }),
]

const answering = [
  operation({
    ...step,
    method: 'PATCH',
    path: `${path}/answers`,
    operationId: 'saveAssessmentAnswers',
    summary: 'Save answers',
    description:
      'Made to be called while somebody answers. When another device saved meanwhile the answer is 412 and nothing is overwritten. The audit trail has one row for all that one session saves within a quarter of an hour.',
    audit: 'first-of-sitting',
    body: schemas.AnswersChange,
    success: { status: 200, schema: schemas.SavedAnswers, description: 'They are saved.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => {
      const open = await service.openForStep(trx, at(params, version), 'answer')
      return ok(await answers.saveAnswers(trx, open, body.answers))
    },
  }),
  operation({
    ...step,
    method: 'POST',
    path: `${path}/completion`,
    operationId: 'completeAssessment',
    summary: 'Complete an assessment',
    description:
      'For good: it is scored, and what has to be looked at soon raises an alert with a time to respond, all at once. To correct it, void it and have it assigned anew. `crisis` holds what a front-end must show when an answer asks for it.',
    idempotency: 'required',
    body: schemas.Completion,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => {
      const open = await service.openForStep(trx, at(params, version), 'complete')
      await answers.complete(trx, open, body.answers ?? {})
      return ok(await service.showAfter(trx, open))
    },
  }),
]

const reviewing = [
  operation({
    ...step,
    method: 'POST',
    path: `${path}/review`,
    operationId: 'reviewAssessment',
    summary: 'Record that an assessment was reviewed',
    description: 'A clinician looked at answers and scores.',
    body: schemas.Review,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await reviews.review(trx, at(params, version), body)),
  }),
  operation({
    ...step,
    method: 'POST',
    path: `${path}/release`,
    operationId: 'releaseAssessment',
    summary: 'Release scores to the client',
    description: 'From now on the client sees the scores at the portal; before, only the own answers.',
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await reviews.release(trx, at(params, version))),
  }),
  operation({
    ...step,
    method: 'POST',
    path: `${path}/voiding`,
    operationId: 'voidAssessment',
    summary: 'Void an assessment',
    description:
      'It stays on record and counts in no figure. A correction is a new assignment: `replace` makes it at once.',
    idempotency: 'required',
    body: schemas.Voiding,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await reviews.voidAssignment(trx, at(params, version), body)),
  }),
]

export const assignmentRoutes = [...assigning, ...answering, ...reviewing]
