import { PdfDocument } from '../../lib/schemas.ts'
import { created, file, ok, operation } from '../../plugins/operations/index.ts'
import { PlanDraft } from './content.schemas.ts'
import * as document from './document.service.ts'
import * as drafts from './drafts.service.ts'
import {
  ChartParams,
  DifferenceQuery,
  OpenPlansQuery,
  PageOnly,
  PlanParams,
  RevisionParams,
} from './plans.params.schemas.ts'
import * as schemas from './plans.schemas.ts'
import * as service from './plans.service.ts'
import * as progressSchemas from './progress.schemas.ts'
import * as progress from './progress.service.ts'
import * as reviewSchemas from './reviews.schemas.ts'
import * as reviews from './reviews.service.ts'
import * as revisionSchemas from './revisions.schemas.ts'
import { ClientSignature } from './signatures.schemas.ts'
import * as signing from './signing.service.ts'

const common = { tag: 'Treatment plans' } as const
const ofChart = '/v1/charts/{chartId}/treatment-plans'
const one = `${ofChart}/{planId}`
const reads = { ...common, method: 'GET', permission: 'plans:read', params: PlanParams } as const
const step = { ...common, method: 'POST', params: PlanParams, ifMatch: true } as const
const now = { status: 200, schema: schemas.TreatmentPlan, description: 'The plan as it is now.' } as const

const readingRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: ofChart,
    operationId: 'listTreatmentPlans',
    summary: 'List the plans of a chart',
    description: 'Plans without their text, newest first: at most one is in force, and one more on its way.',
    permission: 'plans:read',
    params: ChartParams,
    query: PageOnly,
    success: { status: 200, schema: schemas.PlanPage, description: 'A page of plans.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listPlans(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/treatment-plans',
    operationId: 'listOpenTreatmentPlans',
    summary: 'List the plans of my caseload',
    description:
      'Plans that have not ended, in charts whose clinical data the signed-in person reads, by the day of their review: overdue ones first, those without such a day last. With `status=client_review` it is the list of what waits for signatures.',
    permission: 'plans:read',
    query: OpenPlansQuery,
    success: { status: 200, schema: schemas.OpenPlanPage, description: 'A page of plans.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listOpenPlans(trx, query)),
  }),
  operation({
    ...reads,
    path: one,
    operationId: 'getTreatmentPlan',
    summary: 'Read a plan',
    description:
      'What guides the treatment now, with signatures, the progress of every objective, figures and warnings. While nothing is in force it shows what was offered, or the draft.',
    success: { status: 200, schema: schemas.TreatmentPlan, description: 'The plan.' },
    handler: async (trx, { params }) => ok(await service.getPlan(trx, params.chartId, params.planId)),
  }),
  operation({
    ...reads,
    path: `${one}/revisions`,
    operationId: 'listTreatmentPlanRevisions',
    summary: 'List the revisions of a plan',
    description: 'Everything that was offered for signature, newest first, without its text.',
    query: PageOnly,
    success: { status: 200, schema: revisionSchemas.RevisionPage, description: 'A page of revisions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listRevisions(trx, params.chartId, params.planId, query)),
  }),
  operation({
    ...reads,
    path: `${one}/revisions/{revision}`,
    operationId: 'getTreatmentPlanRevision',
    summary: 'Read a revision',
    description:
      'What was offered for signature, exactly as it was offered, with its hash and its signatures.',
    params: RevisionParams,
    success: { status: 200, schema: revisionSchemas.PlanRevision, description: 'The revision.' },
    handler: async (trx, { params }) =>
      ok(await service.getRevision(trx, params.chartId, params.planId, params.revision)),
  }),
  operation({
    ...reads,
    path: `${one}/differences`,
    operationId: 'getTreatmentPlanDifferences',
    summary: 'Compare two revisions',
    description:
      'What was added, removed and changed from one revision to another or to the draft, by the keys of the elements. Which behaviors an objective is about is not compared.',
    query: DifferenceQuery,
    success: { status: 200, schema: revisionSchemas.PlanDifferences, description: 'The differences.' },
    handler: async (trx, { params, query }) =>
      ok(await service.getDifferences(trx, params.chartId, params.planId, query)),
  }),
  operation({
    ...reads,
    path: `${one}/document`,
    operationId: 'getTreatmentPlanDocument',
    summary: 'Print a plan',
    description:
      'The plan in force, or else the one offered, as a PDF to print and to hand out: with its signatures, without progress and without behaviors. The same version always gives the same bytes.',
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The plan as a PDF.',
    },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      const { version, bytes } = await document.printPlan(trx, params.chartId, params.planId)
      return file(version, { mediaType: 'application/pdf', name: 'treatment-plan.pdf', bytes })
    },
  }),
]

const writingRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: ofChart,
    operationId: 'startTreatmentPlan',
    summary: 'Begin a plan',
    description:
      'Begins a plan as a draft, for a client or a couple. One plan of a chart is on its way at a time; when it is signed it takes the place of the one in force.',
    permission: 'plans:write',
    idempotency: 'required',
    params: ChartParams,
    body: PlanDraft,
    success: { status: 201, schema: schemas.TreatmentPlan, description: 'The plan.' },
    problems: ['already-exists', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const plan = await drafts.startPlan(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/treatment-plans/${plan.id}`, plan)
    },
  }),
  operation({
    ...reads,
    path: `${one}/draft`,
    operationId: 'getTreatmentPlanDraft',
    summary: 'Read the draft of a plan',
    description: 'What is being written: a first plan, or the next revision of one that is under review.',
    success: { status: 200, schema: schemas.PlanDraftView, description: 'The draft.' },
    handler: async (trx, { params }) => ok(await drafts.getDraft(trx, params.chartId, params.planId)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: `${one}/draft`,
    operationId: 'saveTreatmentPlanDraft',
    summary: 'Save the draft of a plan',
    description:
      'Writes the draft anew, as a whole. Problems, goals, objectives and interventions keep their keys in every revision. The audit trail has one row for all that one session saves of one draft within a quarter of an hour.',
    permission: 'plans:write',
    ifMatch: true,
    audit: 'first-of-sitting',
    params: PlanParams,
    body: PlanDraft,
    success: { status: 200, schema: schemas.PlanDraftView, description: 'The draft as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body, version }) => ok(await drafts.saveDraft(trx, params, version, body)),
  }),
  operation({
    ...step,
    path: `${one}/offer`,
    operationId: 'offerTreatmentPlan',
    summary: 'Offer a plan for signature',
    description:
      'Makes the draft the next revision and gives it to the client for review: from here on it can only be signed or withdrawn. A plan in force stays so until the new revision has every signature. Warnings never stand in the way.',
    permission: 'plans:write',
    success: now,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await drafts.offerPlan(trx, params, version)),
  }),
  operation({
    ...step,
    path: `${one}/withdrawal`,
    operationId: 'withdrawTreatmentPlanOffer',
    summary: 'Take an offer back',
    description:
      'Takes back what waits for signatures, to be written anew. What was offered stays on record as a revision, with the signatures it had.',
    permission: 'plans:write',
    body: schemas.WithdrawalReason,
    success: now,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await drafts.withdrawOffer(trx, params, version, body.reason)),
  }),
  operation({
    ...step,
    path: `${one}/return`,
    operationId: 'returnTreatmentPlan',
    summary: 'Return a plan to the clinician',
    description:
      'Gives back, with remarks, what the clinician signed and what waits for their present supervisor. It becomes the draft again; what was offered stays on record with the signatures it had, and the remarks with the history.',
    permission: 'plans:cosign',
    body: schemas.ReturnRemarks,
    success: now,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await drafts.returnPlan(trx, params, version, body.remarks)),
  }),
  operation({
    ...step,
    path: `${one}/closure`,
    operationId: 'closeTreatmentPlan',
    summary: 'Close a plan',
    description: 'Ends a plan, with the reason. It is not opened again: another plan is begun.',
    permission: 'plans:write',
    body: schemas.PlanClosure,
    success: now,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await reviews.closePlan(trx, params, version, body)),
  }),
]

const signed = {
  ...step,
  idempotency: 'required',
  success: now,
  problems: ['invalid-state', 'conflict'],
} as const

const signingRoutes = [
  operation({
    ...signed,
    path: `${one}/signature`,
    operationId: 'signTreatmentPlan',
    summary: 'Sign a plan as the clinician',
    description:
      'Signs the offered revision. The signature binds the SHA-256 of the content, the signer’s credentials as they are now and the instant. The last signature that was missing puts the plan in force.',
    permission: 'plans:write',
    handler: async (trx, { params, version }) => ok(await signing.signAsClinician(trx, params, version)),
  }),
  operation({
    ...signed,
    path: `${one}/cosignature`,
    operationId: 'cosignTreatmentPlan',
    summary: 'Co-sign a plan',
    description:
      'Co-signs what the clinician signed, as their present supervisor. It is needed where the clinician works under co-signature.',
    permission: 'plans:cosign',
    handler: async (trx, { params, version }) => ok(await signing.cosignPlan(trx, params, version)),
  }),
  operation({
    ...signed,
    path: `${one}/client-signatures`,
    operationId: 'recordTreatmentPlanClientSignature',
    summary: 'Record a client’s signature',
    description:
      'Records that the client signed what was offered, which the member of staff attests. In a couple’s plan each partner signs for themselves.',
    permission: 'plans:write',
    body: ClientSignature,
    problems: ['invalid-state', 'conflict', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await signing.attestSignature(trx, params, version, body)),
  }),
]

const reviewRoutes = [
  operation({
    ...step,
    path: `${one}/reviews`,
    operationId: 'reviewTreatmentPlan',
    summary: 'Record a review',
    description:
      'Records that the plan in force was reviewed. `continue` leaves it in force as it is, and drops a draft of the next revision; `revise` begins that draft with what is in force. Either way the next review is due by the practice’s policy, or on the day given.',
    permission: 'plans:write',
    idempotency: 'required',
    body: reviewSchemas.NewPlanReview,
    success: { status: 201, schema: reviewSchemas.PlanReview, description: 'The review.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => {
      const review = await reviews.reviewPlan(trx, params, version, body)
      return created(`/v1/charts/${params.chartId}/treatment-plans/${params.planId}/reviews`, review)
    },
  }),
  operation({
    ...reads,
    path: `${one}/reviews`,
    operationId: 'listTreatmentPlanReviews',
    summary: 'List the reviews of a plan',
    description: 'What reviews found, newest first.',
    query: PageOnly,
    success: { status: 200, schema: reviewSchemas.ReviewPage, description: 'A page of reviews.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await reviews.listReviews(trx, params, query)),
  }),
]

const objective = { ...common, params: progressSchemas.ObjectiveParams } as const
const progressPath = `${one}/objectives/{objectiveKey}/progress`

const progressRoutes = [
  operation({
    ...objective,
    method: 'POST',
    path: progressPath,
    operationId: 'recordObjectiveProgress',
    summary: 'Note how an objective goes',
    description:
      'Adds an entry to an objective of the plan in force: a value, a standing, a note. Entries are never changed: one that was wrong is replaced by another that names it.',
    permission: 'plans:write',
    idempotency: 'required',
    body: progressSchemas.NewProgress,
    success: { status: 201, schema: progressSchemas.Progress, description: 'The entry.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const { chartId, planId, objectiveKey } = params
      const entry = await progress.recordProgress(trx, params, body)
      return created(
        `/v1/charts/${chartId}/treatment-plans/${planId}/objectives/${objectiveKey}/progress`,
        entry,
      )
    },
  }),
  operation({
    ...objective,
    method: 'GET',
    path: progressPath,
    operationId: 'listObjectiveProgress',
    summary: 'List the progress of an objective',
    description:
      'All entries about an objective in this plan, the newest day first, with those that were replaced.',
    permission: 'plans:read',
    query: PageOnly,
    success: { status: 200, schema: progressSchemas.ProgressPage, description: 'A page of entries.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await progress.listProgress(trx, params, query)),
  }),
]

export const planRoutes = [
  ...readingRoutes,
  ...writingRoutes,
  ...signingRoutes,
  ...reviewRoutes,
  ...progressRoutes,
]
