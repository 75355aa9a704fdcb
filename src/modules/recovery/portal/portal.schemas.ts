import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Instant, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { Crisis, exampleCrisis } from '../../assessments/index.ts'
import { contractScopes, contractStatuses } from '../abstinence/abstinence.rules.ts'
import { addictionTypes } from '../addictions/addictions.rules.ts'
import { ConsentSummary, consentSummaryExample } from '../consents/consents.schemas.ts'
import { circles } from '../days.rules.ts'
import { exampleIds, exampleInstant } from '../documents/documents.schemas.ts'
import { figuresHead, figuresHeadExample, Streak } from '../figures/figures.schemas.ts'
import { Milestone, milestoneExample } from '../figures/milestones.schemas.ts'

const definitionExample = {
  effectiveFrom: '2026-01-05',
  items: [{ itemId: exampleIds.item, circle: 'inner' as const, text: 'Private browsing at night' }],
}

const followedExample = {
  addictionId: exampleIds.addiction,
  type: 'internet' as const,
  ownWord: 'my evenings',
  streak: {
    startsOn: '2025-11-01',
    sobrietyDate: '2025-12-21',
    currentDays: 16,
    longestDays: 49,
    resetDays: 1,
    milestones: [milestoneExample],
  },
  eventsPerFourWeeks: { last28Days: 1, previous28Days: 3 },
  definition: definitionExample,
}

const days = (description: string) => Type.Integer({ minimum: 0, description })

const FollowedByClient = component(
  'PortalAddiction',
  strictObject(
    {
      addictionId: Id('To name it in a check-in, an urge or a lapse.', exampleIds.addiction),
      type: OneOf(addictionTypes),
      ownWord: Nullable(
        Type.String({ description: 'What the client calls it: show this where there is one.' }),
      ),
      streak: Nullable(Streak),
      eventsPerFourWeeks: strictObject(
        {
          last28Days: days('Days with an act of the inner circle, of the last 28.'),
          previous28Days: days('The same of the 28 days before.'),
        },
        { description: 'What a front-end shows first where `words.headline` says so; else `streak`.' },
      ),
      definition: Nullable(
        strictObject({
          effectiveFrom: CalendarDate('Since when it holds.', definitionExample.effectiveFrom),
          items: Type.Array(
            strictObject({
              itemId: Id('The item.', exampleIds.item),
              circle: OneOf(circles),
              text: Type.String(),
            }),
          ),
        }),
      ),
    },
    {
      description: 'What check-ins ask about, how it goes, and the definition of sobriety in force today.',
      examples: [followedExample],
    },
  ),
)

const contractExample = {
  contractId: exampleIds.contract,
  status: 'active' as const,
  scope: 'all_sexual' as const,
  specifics: null,
  purpose: 'To feel what is underneath (fictional).',
  exceptions: null,
  supportPlan: null,
  startsOn: '2025-12-21',
  endsOn: '2026-03-20',
  plannedDays: 90,
  dayNumber: 16,
  milestones: [milestoneExample],
  partnerConsents: [consentSummaryExample],
}

const OwnContract = component(
  'PortalAbstinenceContract',
  strictObject(
    {
      contractId: Id('The contract.', exampleIds.contract),
      status: OneOf(contractStatuses),
      scope: OneOf(contractScopes),
      specifics: Nullable(Type.String()),
      purpose: Nullable(Type.String()),
      exceptions: Nullable(Type.String()),
      supportPlan: Nullable(Type.String()),
      startsOn: Nullable(CalendarDate('Day 1.', contractExample.startsOn)),
      endsOn: Nullable(CalendarDate('The last planned day.', contractExample.endsOn)),
      plannedDays: Type.Integer({ minimum: 1 }),
      dayNumber: Type.Integer({ minimum: 0 }),
      milestones: Type.Array(Milestone),
      partnerConsents: Type.Array(ConsentSummary, {
        description: 'What their partner was asked, and answered.',
      }),
    },
    { description: 'A contract that was agreed and is not over.', examples: [contractExample] },
  ),
)

export const OwnRecovery = component(
  'PortalRecovery',
  strictObject(
    {
      ...figuresHead,
      addictions: Type.Array(FollowedByClient),
      contracts: Type.Array(OwnContract),
      triggers: Type.Array(
        strictObject({ triggerId: Id('The trigger.', exampleIds.trigger), label: Type.String() }),
      ),
      copingSkills: Type.Array(
        strictObject({ copingSkillId: Id('The skill.', exampleIds.skill), name: Type.String() }),
      ),
      cyclePhases: Type.Array(
        strictObject({
          cyclePhaseId: Id('To name it in an entry of the cycle, as `phaseId`.', exampleIds.cyclePhase),
          label: Type.String(),
        }),
        { description: 'The client’s own phases of the cycle, in their order.' },
      ),
    },
    {
      description: 'What a client needs to see how it goes and to send something: one screen, one request.',
      examples: [
        {
          ...figuresHeadExample,
          addictions: [followedExample],
          contracts: [contractExample],
          triggers: [{ triggerId: exampleIds.trigger, label: 'Sunday loneliness' }],
          copingSkills: [{ copingSkillId: exampleIds.skill, name: 'Cold water on the wrists' }],
          cyclePhases: [{ cyclePhaseId: exampleIds.cyclePhase, label: 'The long evening' }],
        },
      ],
    },
  ),
)

export const Receipt = component(
  'PortalReceipt',
  strictObject(
    { id: Id('What was recorded.', exampleIds.urge), createdAt: Instant('When.', exampleInstant) },
    {
      description: 'That something arrived.',
      examples: [{ id: exampleIds.urge, createdAt: exampleInstant }],
    },
  ),
)

export const LapseReceipt = component(
  'PortalLapseReceipt',
  strictObject(
    { ...Receipt.properties, crisis: Nullable(Crisis) },
    {
      description:
        'That a lapse arrived, and whom to reach at once where the client said that somebody may not be safe.',
      examples: [{ id: exampleIds.lapse, createdAt: exampleInstant, crisis: exampleCrisis }],
    },
  ),
)

const checkInId = Id('The check-in.', exampleIds.checkIn)
export const OwnCheckInParams = strictObject({ checkInId })

export type OwnRecovery = Static<typeof OwnRecovery>
export type LapseReceipt = Static<typeof LapseReceipt>
export type Receipt = Static<typeof Receipt>
