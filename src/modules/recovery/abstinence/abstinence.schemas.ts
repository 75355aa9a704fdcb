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
} from '../../../lib/schemas.ts'
import { ConsentSummary, consentSummaryExample, partnerRoles } from '../consents/consents.schemas.ts'
import { contractSteps } from '../days.rules.ts'
import {
  documentQuery,
  exampleIds,
  exampleInstant,
  headExample,
  headFields,
  paramsOf,
} from '../documents/documents.schemas.ts'
import { Milestone, milestoneExample } from '../figures/milestones.schemas.ts'
import { contractScopes, contractStatuses, recordedSteps } from './abstinence.rules.ts'

const PlannedDays = Type.Integer({ minimum: 1, maximum: 730, description: 'Often 30, 60 or 90.' })

const fields = {
  scope: OneOf(contractScopes, { description: 'What is abstained from.' }),
  addictionId: Nullable(Id('The addiction it is about, where it is about one.', exampleIds.addiction)),
  specifics: Nullable(Text(2_000, { description: 'What exactly; needed where `scope` is `specified`.' })),
  partnerSex: OneOf(['allowed', 'not_allowed', 'negotiated'] as const, {
    description: 'Whether sex with the partner is part of what is abstained from.',
  }),
  purpose: Nullable(Text(2_000)),
  exceptions: Nullable(Text(2_000)),
  supportPlan: Nullable(Text(4_000)),
  reviewsOn: Type.Array(CalendarDate('A day to look at it together.', '2026-02-05'), {
    maxItems: 12,
    uniqueItems: true,
  }),
}
export type ContractContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }

const content = {
  scope: 'all_sexual' as const,
  addictionId: null,
  specifics: null,
  partnerSex: 'not_allowed' as const,
  purpose: 'To feel what is underneath (fictional).',
  exceptions: null,
  supportPlan: null,
  reviewsOn: ['2026-02-05'],
}

const Step = component(
  'AbstinenceContractStep',
  strictObject(
    {
      step: OneOf(contractSteps),
      effectiveOn: CalendarDate('The day it counts from.', '2026-01-05'),
      plannedDays: Nullable(PlannedDays),
      lapseId: Nullable(Id('The lapse that broke it.', exampleIds.lapse)),
      partnerRole: Nullable(
        OneOf(partnerRoles, { description: 'Who consented, by role, where that was noted as a step.' }),
      ),
      recordedById: Id('Who recorded it.', exampleIds.staff),
      createdAt: Instant('When it was recorded.', exampleInstant),
    },
    {
      description: 'A step of a contract.',
      examples: [
        {
          step: 'proposed',
          effectiveOn: '2026-01-05',
          plannedDays: 90,
          lapseId: null,
          partnerRole: null,
          recordedById: exampleIds.staff,
          createdAt: exampleInstant,
        },
      ],
    },
  ),
)

const counted = {
  plannedDays: PlannedDays,
  startsOn: Nullable(CalendarDate('Day 1; null before it starts.', '2026-01-06')),
  endsOn: Nullable(CalendarDate('The last planned day.', '2026-04-05')),
  dayNumber: Type.Integer({
    minimum: 0,
    description:
      'Which day it is, of the planned ones; 0 before it begins. It stands still from a break until somebody chose to continue or to restart, and from its end.',
  }),
  breaks: Type.Integer({ minimum: 0, description: 'How often it was broken.' }),
  milestones: Type.Array(Milestone, {
    description: 'Days 30, 60 and 90 and the last one, of the present beginning.',
  }),
}

const stepExample = {
  step: 'proposed' as const,
  effectiveOn: '2026-01-05',
  plannedDays: 90,
  lapseId: null,
  partnerRole: null,
  recordedById: exampleIds.staff,
  createdAt: exampleInstant,
}

const countedExample = {
  plannedDays: 90,
  startsOn: '2026-01-06',
  endsOn: '2026-04-05',
  dayNumber: 12,
  breaks: 0,
  milestones: [milestoneExample],
}

export const AbstinenceContract = component(
  'AbstinenceContract',
  strictObject(
    {
      ...headFields(
        'The contract.',
        exampleIds.contract,
        contractStatuses,
        'Broken is no end: client and clinician choose together whether it continues or restarts, or ends.',
      ),
      ...fields,
      ...counted,
      reviewOverdue: Type.Boolean({
        description:
          'A day of `reviewsOn` has passed while it holds, and no step `reviewed` is of that day or later.',
      }),
      partnerConsents: Type.Array(ConsentSummary, {
        description: 'Consents of partners that are asked for.',
      }),
      steps: Type.Array(Step, { description: 'Oldest first.' }),
    },
    {
      description:
        'A time of abstinence that was agreed on. Its terms never change: other terms are another contract.',
      examples: [
        {
          ...headExample(exampleIds.contract, 'active'),
          ...content,
          ...countedExample,
          reviewOverdue: false,
          partnerConsents: [consentSummaryExample],
          steps: [stepExample],
        },
      ],
    },
  ),
)

export const NewAbstinenceContract = component(
  'NewAbstinenceContract',
  strictObject(
    {
      ...Type.Partial(strictObject(fields)).properties,
      scope: fields.scope,
      partnerSex: fields.partnerSex,
      plannedDays: PlannedDays,
      proposedOn: Type.Optional(CalendarDate('Not in the future; today when left out.', '2026-01-05')),
    },
    {
      description: 'A contract to propose.',
      examples: [
        {
          scope: 'all_sexual',
          partnerSex: 'not_allowed',
          plannedDays: 90,
          proposedOn: '2026-01-05',
          purpose: content.purpose,
        },
      ],
    },
  ),
)

export const NewContractStep = component(
  'NewAbstinenceContractStep',
  strictObject(
    {
      step: OneOf(recordedSteps),
      effectiveOn: CalendarDate(
        'The day it counts from, not in the future; that it starts or restarts may be up to 90 days ahead.',
        '2026-01-06',
      ),
      plannedDays: Type.Optional(PlannedDays),
      lapseId: Type.Optional(Id('For `broken`: the lapse that broke it.', exampleIds.lapse)),
      reason: Type.Optional(Reason(1_000, { description: 'Why; kept in the history.' })),
    },
    {
      description:
        'What happened to a contract. `plannedDays` belongs to `extended`; `reviewed` says that it was looked at together.',
      examples: [{ step: 'agreed', effectiveOn: '2026-01-06' }],
    },
  ),
)

export const ContractParams = paramsOf('contractId', 'The contract.', exampleIds.contract)
export const ContractQuery = documentQuery(contractStatuses)
export const ContractPage = listOf('AbstinenceContractPage', AbstinenceContract)

export type AbstinenceContract = Static<typeof AbstinenceContract>
export type NewAbstinenceContract = Static<typeof NewAbstinenceContract>
export type NewContractStep = Static<typeof NewContractStep>
export type ContractQuery = Static<typeof ContractQuery>
