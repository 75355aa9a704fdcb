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
import { contentOutExample, ObjectiveKey, PlanContent } from './content.schemas.ts'
import { sections } from './differences.rules.ts'
import { warningCodes } from './phases.rules.ts'
import { closureReasons, planStatuses, reviewOutcomes } from './plans.rules.ts'
import { standings } from './progress.rules.ts'

const planId = '019c0000-0000-7000-8000-0000000000a1'
const chartId = '019c0000-0000-7000-8000-0000000000b1'
const clientId = '019c0000-0000-7000-8000-0000000000c1'
const staffId = '019c0000-0000-7000-8000-0000000000f1'
const reviewId = '019c0000-0000-7000-8000-0000000000a2'
const hash = '9b3c1d5e7f80912a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809112'
const at = '2026-11-20T18:00:00.000Z'

const status = OneOf(planStatuses, {
  description:
    'With `inForceRevision` set, `client_review` means that the next revision waits for signatures while the one before stays in force.',
})
export const contentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description:
    'SHA-256 of the revision’s content as canonical JSON (RFC 8785), in hexadecimal: what is signed is what was shown.',
  examples: [hash],
})
const revision = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, description, examples: [1] })

const heads = {
  id: Id('The plan.', planId),
  chartId: Id('The chart it belongs to.', chartId),
  clinicianId: Id('The clinician who began it.', staffId),
  status,
  revision: Type.Integer({ description: 'The last revision offered for signature; 0 when there is none.' }),
  inForceRevision: Nullable(
    Type.Integer({ description: 'The revision that every signature is on; it guides the treatment.' }),
  ),
  reviewDueOn: Nullable(CalendarDate('The day by which the plan in force is to be reviewed.', '2027-02-18')),
  reviewOverdue: Type.Boolean({ description: 'That day has passed where the practice is.' }),
  version: Version,
  createdAt: Instant('When it was begun.'),
  updatedAt: Instant('When it last changed.'),
}
const headExample = {
  id: planId,
  chartId,
  clinicianId: staffId,
  status: 'active' as const,
  revision: 1,
  inForceRevision: 1,
  reviewDueOn: '2027-02-18',
  reviewOverdue: false,
  version: 5,
  createdAt: at,
  updatedAt: at,
}

export const PlanSummary = component(
  'TreatmentPlanSummary',
  strictObject(heads, { description: 'A plan without its text.', examples: [headExample] }),
)

const Signature = component(
  'TreatmentPlanSignature',
  strictObject(
    {
      role: OneOf(['client', 'clinician', 'supervisor'] as const),
      clientId: Nullable(Id('The client who signed.', clientId)),
      representativeId: Nullable(
        Id('The related person who signed in the client’s name.', '019c0000-0000-7000-8000-0000000000c9'),
      ),
      staffId: Nullable(Id('The member of staff who signed.', staffId)),
      credentials: Nullable(
        Type.String({ description: 'The credentials of a member of staff at that time.' }),
      ),
      method: OneOf(['wet_ink', 'electronic', 'portal'] as const),
      attestedById: Nullable(Id('The member of staff who saw the client sign.', staffId)),
      signedAt: Instant('When it was signed.'),
      recordedAt: Instant('When we learned of it.'),
      contentHash,
      intact: Type.Boolean({
        description: 'Signature and content are as they were. False: altered behind the service’s back.',
      }),
    },
    {
      description: 'One signature on one revision.',
      examples: [
        {
          role: 'client',
          clientId,
          representativeId: null,
          staffId: null,
          credentials: null,
          method: 'wet_ink',
          attestedById: staffId,
          signedAt: at,
          recordedAt: at,
          contentHash: hash,
          intact: true,
        },
      ],
    },
  ),
)

const MissingSignature = component(
  'MissingPlanSignature',
  strictObject(
    {
      role: OneOf(['client', 'clinician', 'supervisor'] as const),
      clientId: Nullable(
        Id('Whose; null for staff, and where one of several records of the client will do.', clientId),
      ),
    },
    { description: 'A signature that is still missing.', examples: [{ role: 'clinician', clientId: null }] },
  ),
)

const ObjectiveProgress = component(
  'ObjectiveProgress',
  strictObject(
    {
      objectiveKey: ObjectiveKey,
      standing: OneOf(standings, {
        description: 'As last noted; `in_progress` when anything was noted, `not_started` when nothing was.',
      }),
      current: Nullable(
        strictObject({
          value: Type.Number(),
          on: CalendarDate('The day it is of.', '2026-12-18'),
          source: OneOf(['entry', 'instrument'] as const),
        }),
      ),
      percent: Nullable(
        Type.Integer({
          minimum: -100,
          maximum: 100,
          description:
            'Of the way from baseline to target, whichever is greater. Negative: further from the target than at the start. Null when a number is missing.',
        }),
      ),
      overdue: Type.Boolean({
        description: 'Its day has passed and it is neither met, deferred nor dropped.',
      }),
    },
    {
      description: 'How an objective stands.',
      examples: [
        {
          objectiveKey: 'o1',
          standing: 'in_progress',
          current: { value: 3, on: '2026-12-18', source: 'entry' },
          percent: 50,
          overdue: false,
        },
      ],
    },
  ),
)

const Figures = component(
  'TreatmentPlanFigures',
  strictObject(
    {
      goals: Type.Integer(),
      goalsByClient: Type.Integer({ description: 'Goals that are the client’s or the couple’s own.' }),
      goalsMet: Type.Integer({ description: 'Goals of which every objective that was not dropped is met.' }),
      objectives: Type.Integer(),
      objectivesMet: Type.Integer(),
      objectivesOverdue: Type.Integer(),
    },
    {
      description: 'What can be counted of a plan.',
      examples: [
        { goals: 1, goalsByClient: 1, goalsMet: 0, objectives: 1, objectivesMet: 0, objectivesOverdue: 0 },
      ],
    },
  ),
)

const Warning = component(
  'TreatmentPlanWarning',
  strictObject(
    {
      code: OneOf(warningCodes),
      keys: Type.Array(Type.String(), { description: 'The objectives and interventions it is about.' }),
      reasonGiven: Type.Boolean({ description: 'The plan says why in `phaseOverrideReason`.' }),
    },
    {
      description: 'Something to think about again. Nothing is refused because of it.',
      examples: [{ code: 'trauma_work_before_containment', keys: ['o2'], reasonGiven: false }],
    },
  ),
)

const Change = component(
  'TreatmentPlanChange',
  strictObject(
    {
      status: OneOf(planStatuses),
      revision: Type.Integer(),
      reasonCode: Nullable(OneOf(closureReasons)),
      reason: Nullable(Type.String()),
      enteredBy: OneOf(['staff', 'client'] as const),
      recordedById: Nullable(Id('The member of staff; null for a client.', staffId)),
      recordedAt: Instant('When it was recorded.'),
    },
    {
      description: 'A step of a plan.',
      examples: [
        {
          status: 'draft',
          revision: 0,
          reasonCode: null,
          reason: null,
          enteredBy: 'staff',
          recordedById: staffId,
          recordedAt: at,
        },
      ],
    },
  ),
)

const philosophy = Nullable(
  Type.String({
    description:
      'How the chart looks at recovery: abstinence, harm reduction or both. Null where nothing was agreed.',
  }),
)

const figuresExample = {
  goals: 1,
  goalsByClient: 1,
  goalsMet: 0,
  objectives: 1,
  objectivesMet: 0,
  objectivesOverdue: 0,
}

export const TreatmentPlan = component(
  'TreatmentPlan',
  strictObject(
    {
      ...heads,
      shows: OneOf(['in_force', 'offered', 'draft'] as const, {
        description:
          'What `content` is: the revision in force; where there is none what was offered, or the draft.',
      }),
      content: PlanContent,
      contentHash: Nullable(contentHash),
      philosophy,
      signatures: Type.Array(Signature, { description: 'On the revision that is shown.' }),
      missingSignatures: Type.Array(MissingSignature, {
        description: 'What the offered revision waits for; empty when none is offered.',
      }),
      progress: Type.Array(ObjectiveProgress, { description: 'Of every objective shown.' }),
      figures: Figures,
      warnings: Type.Array(Warning),
      history: Type.Array(Change, { description: 'Oldest first.' }),
    },
    {
      description: 'A plan with what guides the treatment now.',
      examples: [
        {
          ...headExample,
          shows: 'in_force',
          content: contentOutExample,
          contentHash: hash,
          philosophy: 'integrated',
          signatures: [],
          missingSignatures: [],
          progress: [
            { objectiveKey: 'o1', standing: 'not_started', current: null, percent: null, overdue: false },
          ],
          figures: figuresExample,
          warnings: [],
          history: [],
        },
      ],
    },
  ),
)

export const PlanDraftView = component(
  'TreatmentPlanDraftView',
  strictObject(
    {
      planId: Id('The plan.', planId),
      content: PlanContent,
      warnings: Type.Array(Warning),
      version: Version,
    },
    {
      description: 'What is being written of a plan.',
      examples: [{ planId, content: contentOutExample, warnings: [], version: 2 }],
    },
  ),
)

export const PlanRevision = component(
  'TreatmentPlanRevision',
  strictObject(
    {
      planId: Id('The plan.', planId),
      revision: revision('Its number.'),
      content: PlanContent,
      contentHash,
      philosophy,
      offeredById: Id('Who offered it for signature.', staffId),
      offeredAt: Instant('When it was offered.'),
      signatures: Type.Array(Signature),
      missingSignatures: Type.Array(MissingSignature, {
        description: 'What it waits for; empty for revisions that are not offered now.',
      }),
    },
    {
      description: 'What was offered for signature, exactly as it was offered.',
      examples: [
        {
          planId,
          revision: 1,
          content: contentOutExample,
          contentHash: hash,
          philosophy: 'integrated',
          offeredById: staffId,
          offeredAt: at,
          signatures: [],
          missingSignatures: [{ role: 'clinician', clientId: null }],
        },
      ],
    },
  ),
)

export const PortalPlan = component(
  'PortalTreatmentPlan',
  strictObject(
    {
      ...heads,
      inForce: Nullable(PlanRevision),
      offered: Nullable(PlanRevision),
    },
    {
      description: 'A plan as the client was given it: what is in force, and what waits for signatures.',
      examples: [{ ...headExample, inForce: null, offered: null }],
    },
  ),
)

const RevisionSummary = component(
  'TreatmentPlanRevisionSummary',
  strictObject(
    {
      revision: revision('Its number.'),
      contentHash,
      offeredById: Id('Who offered it for signature.', staffId),
      offeredAt: Instant('When it was offered.'),
      signatures: Type.Array(Signature),
    },
    {
      description: 'A revision without its text.',
      examples: [{ revision: 1, contentHash: hash, offeredById: staffId, offeredAt: at, signatures: [] }],
    },
  ),
)

const Difference = component(
  'TreatmentPlanDifference',
  strictObject(
    {
      section: OneOf(sections),
      key: Nullable(Type.String({ description: 'What is different; null for the plan as a whole.' })),
      change: OneOf(['added', 'removed', 'changed'] as const),
      fields: Type.Array(
        strictObject({
          field: Type.String(),
          before: Nullable(Type.String()),
          after: Nullable(Type.String()),
        }),
        { description: 'Text as it is; numbers, lists and objects as JSON.' },
      ),
    },
    {
      description: 'One thing that is different.',
      examples: [
        {
          section: 'objectives',
          key: 'o1',
          change: 'changed',
          fields: [{ field: 'target', before: '5', after: '6' }],
        },
      ],
    },
  ),
)

export const PlanDifferences = component(
  'TreatmentPlanDifferences',
  strictObject(
    {
      from: Type.Integer(),
      to: Nullable(Type.Integer({ description: 'Null: the draft.' })),
      differences: Type.Array(Difference),
    },
    {
      description: 'What is different between two revisions, element by element.',
      examples: [
        {
          from: 1,
          to: 2,
          differences: [
            {
              section: 'objectives',
              key: 'o1',
              change: 'changed',
              fields: [{ field: 'target', before: '5', after: '6' }],
            },
          ],
        },
      ],
    },
  ),
)

export const ClientSignature = component(
  'ClientPlanSignature',
  strictObject(
    {
      clientId: Id('The client, or in a couple’s plan the partner, who signed for themselves.', clientId),
      representativeId: Type.Optional(
        Nullable(
          Id(
            'A related person of the client who signed in their name, such as a guardian.',
            '019c0000-0000-7000-8000-0000000000c9',
          ),
        ),
      ),
      method: OneOf(['wet_ink', 'electronic'] as const),
      signedAt: Instant('When they signed; not in the future.', '2026-01-02T18:00:00.000Z'),
      contentHash,
    },
    {
      description: 'A client’s own signature, attested by the member of staff who records it.',
      examples: [{ clientId, method: 'wet_ink', signedAt: '2026-01-02T18:00:00.000Z', contentHash: hash }],
    },
  ),
)

export const PortalSignature = component(
  'PortalPlanSignature',
  strictObject(
    { contentHash },
    { description: 'The hash of what was shown to whoever signs.', examples: [{ contentHash: hash }] },
  ),
)

export const WithdrawalReason = component(
  'PlanWithdrawalReason',
  strictObject(
    { reason: Text(4_000, { description: 'Why it is to be written anew.' }) },
    {
      description: 'Why an offer is taken back.',
      examples: [{ reason: 'The client asked for smaller steps.' }],
    },
  ),
)

export const PlanClosure = component(
  'TreatmentPlanClosure',
  strictObject(
    { reasonCode: OneOf(closureReasons), summary: Nullable(Text(8_000)) },
    { description: 'Why a plan ends.', examples: [{ reasonCode: 'completed', summary: null }] },
  ),
)

const review = {
  reviewedOn: CalendarDate('The day of the review; not in the future.', '2026-01-20'),
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
          reviewedOn: '2026-01-20',
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
      id: Id('The review.', reviewId),
      planId: Id('The plan.', planId),
      revision: revision('The revision that was reviewed.'),
      ...review,
      summary: Type.String(),
      nextReviewOn: CalendarDate('When to look again.', '2027-02-18'),
      recordedById: Id('Who recorded it.', staffId),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'A review of a plan.',
      examples: [
        {
          id: reviewId,
          planId,
          revision: 1,
          reviewedOn: '2026-01-20',
          outcome: 'continue',
          summary: 'Evenings are calmer; goals stand (fictional).',
          nextReviewOn: '2026-04-20',
          recordedById: staffId,
          createdAt: at,
        },
      ],
    },
  ),
)

export const OpenPlanEntry = component(
  'OpenTreatmentPlan',
  strictObject(
    {
      ...heads,
      nextObjectiveOn: Nullable(
        CalendarDate('The earliest day of an objective in force that is still open.', '2027-02-20'),
      ),
    },
    {
      description: 'A plan of one’s caseload that has not ended.',
      examples: [{ ...headExample, nextObjectiveOn: '2027-02-20' }],
    },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', chartId) })
export const PlanParams = strictObject({
  chartId: Id('The chart.', chartId),
  planId: Id('The plan.', planId),
})
export const RevisionParams = strictObject({
  chartId: Id('The chart.', chartId),
  planId: Id('The plan.', planId),
  revision: revision('The revision.'),
})
export const PortalPlanParams = strictObject({ planId: Id('The plan.', planId) })
export const PageOnly = strictObject({ ...PageQuery })
export const DifferenceQuery = strictObject({
  from: revision('The revision to begin with.'),
  to: Type.Optional(revision('The revision to compare it with; the draft when left out.')),
})
export const OpenPlansQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(
    OneOf(planStatuses.slice(0, 4) as ['draft', 'client_review', 'active', 'under_review'], {
      description: 'Only these; `client_review`: those that wait for signatures.',
      examples: ['active'],
    }),
  ),
  reviewDueBefore: Type.Optional(
    CalendarDate('Only plans in force whose review is due before this day.', '2027-12-31'),
  ),
})
export const PlanPage = listOf('TreatmentPlanPage', PlanSummary)
export const OpenPlanPage = listOf('OpenTreatmentPlanPage', OpenPlanEntry)
export const RevisionPage = listOf('TreatmentPlanRevisionPage', RevisionSummary)
export const ReviewPage = listOf('TreatmentPlanReviewPage', PlanReview)

export type TreatmentPlan = Static<typeof TreatmentPlan>
export type PlanSummary = Static<typeof PlanSummary>
export type PlanDraftView = Static<typeof PlanDraftView>
export type PlanRevision = Static<typeof PlanRevision>
export type PortalPlan = Static<typeof PortalPlan>
export type RevisionSummary = Static<typeof RevisionSummary>
export type PlanDifferences = Static<typeof PlanDifferences>
export type PlanSignature = Static<typeof Signature>
export type ObjectiveProgress = Static<typeof ObjectiveProgress>
export type PlanFigures = Static<typeof Figures>
export type PlanChange = Static<typeof Change>
export type PlanReview = Static<typeof PlanReview>
export type NewPlanReview = Static<typeof NewPlanReview>
export type ClientSignature = Static<typeof ClientSignature>
export type PlanClosure = Static<typeof PlanClosure>
export type OpenPlanEntry = Static<typeof OpenPlanEntry>
export type OpenPlansQuery = Static<typeof OpenPlansQuery>
export type PageOnly = Static<typeof PageOnly>
