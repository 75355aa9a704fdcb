import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  Reason,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { contentExample, PlanContent } from './content.schemas.ts'
import { evidenceExample } from './evidence.schemas.ts'
import { warningCodes } from './phases.rules.ts'
import { closureReasons, planStatuses, stepReasons } from './plans.rules.ts'
import { ObjectiveProgress } from './progress.schemas.ts'
import { philosophy } from './revisions.schemas.ts'
import { exampleHash, exampleIds as ids, when } from './schema-examples.ts'
import { contentHash, MissingSignature, Signature } from './signatures.schemas.ts'

const status = OneOf(planStatuses, {
  description:
    'With `inForceRevision` set, `client_review` means that the next revision waits for signatures while the one before stays in force.',
})

export const heads = {
  id: Id('The plan.', ids.plan),
  chartId: Id('The chart it belongs to.', ids.chart),
  clinicianId: Id('The clinician who began it.', ids.staff),
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

export const headExample = {
  id: ids.plan,
  chartId: ids.chart,
  clinicianId: ids.staff,
  status: 'active' as const,
  revision: 1,
  inForceRevision: 1,
  reviewDueOn: '2027-02-18',
  reviewOverdue: false,
  version: 5,
  createdAt: when,
  updatedAt: when,
}

export const PlanSummary = component(
  'TreatmentPlanSummary',
  strictObject(heads, { description: 'A plan without its text.', examples: [headExample] }),
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
      reasonCode: Nullable(OneOf(stepReasons)),
      reason: Nullable(Type.String()),
      enteredBy: OneOf(['staff', 'client'] as const),
      recordedById: Nullable(Id('The member of staff; null for a client.', ids.staff)),
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
          recordedById: ids.staff,
          recordedAt: when,
        },
      ],
    },
  ),
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
          content: contentExample,
          contentHash: exampleHash,
          philosophy: 'integrated',
          signatures: [],
          missingSignatures: [],
          progress: [
            {
              objectiveKey: 'o1',
              standing: 'not_started',
              current: null,
              percent: null,
              overdue: false,
              evidence: evidenceExample,
            },
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
      planId: Id('The plan.', ids.plan),
      content: PlanContent,
      warnings: Type.Array(Warning),
      version: Version,
    },
    {
      description: 'What is being written of a plan.',
      examples: [{ planId: ids.plan, content: contentExample, warnings: [], version: 2 }],
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

export const ReturnRemarks = component(
  'TreatmentPlanReturn',
  strictObject(
    { remarks: Text(4_000, { description: 'What the clinician is to look at again.' }) },
    {
      description: 'What a supervisor says of a plan they do not sign yet.',
      examples: [{ remarks: 'The second goal needs an objective that can be counted (fictional).' }],
    },
  ),
)

export const WithdrawalReason = component(
  'PlanWithdrawalReason',
  strictObject(
    { reason: Reason(4_000, { description: 'Why it is to be written anew.' }) },
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

export const PlanPage = listOf('TreatmentPlanPage', PlanSummary)

export const OpenPlanPage = listOf('OpenTreatmentPlanPage', OpenPlanEntry)

export type TreatmentPlan = Static<typeof TreatmentPlan>
export type PlanSummary = Static<typeof PlanSummary>
export type PlanDraftView = Static<typeof PlanDraftView>
export type PlanFigures = Static<typeof Figures>
export type PlanChange = Static<typeof Change>
export type PlanClosure = Static<typeof PlanClosure>
export type OpenPlanEntry = Static<typeof OpenPlanEntry>
