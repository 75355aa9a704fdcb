import { type Static, Type } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { component, Id, listOf, Nullable, OneOf, PageQuery, strictObject } from '../../lib/schemas.ts'
import { ok, operation } from '../../plugins/operations/index.ts'
import { type OpenChart, openOwnChart } from '../charts/index.ts'
import { findCompleted, listScores } from './answers.repository.ts'
import * as answers from './answers.service.ts'
import { answersOf, formOf, instrumentOf, resultsOf, toAssignment } from './assessment.view.ts'
import { type AssignmentRow, findAssignment, listInChart } from './assignments.repository.ts'
import { assignmentStatuses } from './assignments.rules.ts'
import * as schemas from './assignments.schemas.ts'
import { assignmentFor } from './assignments.service.ts'
import { Crisis, exampleCrisis } from './crisis.schemas.ts'
import { crisisSupport } from './crisis.ts'
import { currentTexts } from './texts.repository.ts'

const {
  id: idField,
  instrument,
  target,
  status,
  overdue,
  dueOn,
  expiresOn,
  completedAt,
  version,
} = schemas.AssessmentAssignment.properties
const head = { id: idField, instrument, target, status, overdue, dueOn, expiresOn, completedAt, version }

const exampleHead = {
  id: schemas.ids.assignment,
  instrument: { key: 'phq-9', edition: 1, title: 'PHQ-9' },
  target: null,
  status: 'completed' as const,
  overdue: false,
  dueOn: '2026-12-01',
  expiresOn: null,
  completedAt: '2026-11-30T18:00:00.000Z',
  version: 3,
}

const PortalAssignment = component(
  'PortalAssessmentAssignment',
  strictObject(head, {
    description: 'What the client is asked to answer, or has answered.',
    examples: [exampleHead],
  }),
)

const PortalAssessment = component(
  'PortalAssessment',
  strictObject(
    {
      ...head,
      form: schemas.Form,
      answers: schemas.Answers,
      scales: Nullable(
        Type.Array(schemas.ScaleResult, { description: 'Null until a clinician released them.' }),
      ),
      crisis: Nullable(Crisis),
    },
    {
      description:
        'A client’s own assessment: the questions, their answers, and scores once they were released.',
      examples: [
        {
          ...exampleHead,
          form: schemas.exampleForm,
          answers: { '1': 0 },
          scales: null,
          crisis: exampleCrisis,
        },
      ],
    },
  ),
)

type PortalAssignment = Static<typeof PortalAssignment>
type PortalAssessment = Static<typeof PortalAssessment>

const Params = strictObject({ assessmentId: Id('The assignment.', schemas.ids.assignment) })
const Query = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(assignmentStatuses, { description: 'Only these.', examples: ['assigned'] })),
})

const common = { tag: 'Portal', permission: 'portal:use' } as const
const base = '/v1/portal/assessment-assignments'

export const assessmentPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnAssessments',
    summary: 'List the client’s own assessments',
    description: 'What the client is asked to answer, and has answered, newest first.',
    query: Query,
    success: {
      status: 200,
      schema: listOf('PortalAssessmentAssignmentPage', PortalAssignment),
      description: 'A page of assignments.',
    },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await listOwn(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{assessmentId}`,
    operationId: 'getOwnAssessment',
    summary: 'Read the client’s own assessment',
    description: 'The questions, the answers so far, and the scores once a clinician released them.',
    params: Params,
    success: { status: 200, schema: PortalAssessment, description: 'The assessment.' },
    handler: async (trx, { params }) => {
      trx.audit({ resourceType: 'assessment-assignment', resourceId: params.assessmentId })
      return ok(await show(trx, await openOwnChart(trx), params.assessmentId))
    },
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: `${base}/{assessmentId}/answers`,
    operationId: 'saveOwnAnswers',
    summary: 'Save the client’s answers',
    description: 'Made to be called while the client answers; what was saved is there on another device.',
    ifMatch: true,
    audit: 'first-of-sitting',
    params: Params,
    body: schemas.AnswersChange,
    success: { status: 200, schema: schemas.SavedAnswers, description: 'They are saved.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => {
      const at = { id: params.assessmentId, version, step: 'answer' } as const
      const open = await assignmentFor(trx, await openOwnChart(trx), at)
      return ok(await answers.saveAnswers(trx, open, body.answers))
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{assessmentId}/completion`,
    operationId: 'completeOwnAssessment',
    summary: 'Complete the client’s assessment',
    description:
      'For good. When an answer asks for it, `crisis` holds what the front-end must show at once, and staff are told in the same moment.',
    ifMatch: true,
    idempotency: 'required',
    params: Params,
    body: schemas.Completion,
    success: { status: 200, schema: PortalAssessment, description: 'The assessment as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => {
      const at = { id: params.assessmentId, version, step: 'complete' } as const
      const open = await assignmentFor(trx, await openOwnChart(trx), at)
      await answers.complete(trx, open, body.answers ?? {})
      return ok(await show(trx, open.chart, params.assessmentId))
    },
  }),
]

async function listOwn(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, status: wanted }: Static<typeof Query>,
): Promise<Page<PortalAssignment>> {
  trx.audit({ resourceType: 'assessment-assignment' })
  const chart = await openOwnChart(trx)
  const filter = { status: wanted }
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await listInChart(trx, chart, { limit, before, status: wanted, clientId: undefined })
  return toPage(rows, limit, toHead, row => trx.cursorAfter(filter, [row.id]))
}

async function show(
  trx: PracticeTransaction,
  chart: OpenChart,
  assessmentId: string,
): Promise<PortalAssessment> {
  const row = await findAssignment(trx, chart, assessmentId)
  if (!row) throw notFound()
  const [{ definition }, texts, completed, scores] = await Promise.all([
    instrumentOf(trx, row),
    currentTexts(trx, row.instrument_key, row.edition),
    findCompleted(trx, row.id),
    row.released_at ? listScores(trx, row.id) : null,
  ])
  return {
    ...toHead(row),
    form: formOf(definition, texts),
    answers: { ...(await answersOf(trx, row, completed)) },
    scales: scores && resultsOf(definition, scores),
    crisis: completed && completed.flags.length > 0 ? await crisisSupport(trx) : null,
  }
}

function toHead(row: AssignmentRow): PortalAssignment {
  const all = toAssignment(row)
  return {
    id: all.id,
    instrument: all.instrument,
    target: all.target,
    status: all.status,
    overdue: all.overdue,
    dueOn: all.dueOn,
    expiresOn: all.expiresOn,
    completedAt: all.completedAt,
    version: all.version,
  }
}
