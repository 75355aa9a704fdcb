import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  listOf,
  Money,
  Nullable,
  OneOf,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import { circles } from '../days.rules.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  statusFields,
} from '../documents/documents.schemas.ts'
import { behaviorCodes, behaviorStatuses, legalRisks } from './behaviors.rules.ts'

const few = (description: string) => Type.Array(Text(200), { maxItems: 20, description })

const fields = {
  code: OneOf(behaviorCodes, { description: 'Which kind of behavior.' }),
  clientWording: Nullable(Text(200, { description: 'What the client calls it.' })),
  addictionId: Nullable(Id('The addiction it belongs to.', exampleIds.addiction)),
  circle: Nullable(
    OneOf(circles, { description: 'A hint. Which circle it counts for, the sobriety definition says.' }),
  ),
  legalRisk: OneOf(legalRisks),
  consentConcern: Type.Boolean({ description: 'Whether somebody else’s consent is in doubt.' }),
  frequency: Nullable(
    OneOf(['daily', 'several_a_week', 'weekly', 'monthly', 'rarely', 'in_episodes'] as const),
  ),
  firstOn: Nullable(CalendarDate('When it began, as far as is known.', '2019-06-01')),
  lastOn: Nullable(CalendarDate('The last time that is not recorded as a lapse.', '2025-12-20')),
  ritual: Type.Array(Text(500), { maxItems: 30, description: 'The steps that lead there, in order.' }),
  settings: few('Where.'),
  devices: few('With which devices.'),
  substances: few('With which substances.'),
  monthlyCost: Nullable(Money),
}

const content = {
  code: 'webcam_or_chat' as const,
  clientWording: 'late chats',
  addictionId: null,
  circle: 'inner' as const,
  legalRisk: 'none' as const,
  consentConcern: false,
  frequency: 'weekly' as const,
  firstOn: '2019-06-01',
  lastOn: '2025-12-20',
  ritual: ['alone in the office', 'one quick look (fictional)'],
  settings: ['office'],
  devices: ['laptop'],
  substances: ['alcohol'],
  monthlyCost: { amount: 6000, currency: 'USD' },
}

export const Behavior = component(
  'Behavior',
  strictObject(
    {
      ...headFields('The behavior.', exampleIds.behavior, behaviorStatuses),
      ...fields,
      daysSinceLast: Nullable(
        Type.Integer({
          minimum: 0,
          description: 'Days since the last lapse that names it, or since `lastOn`; 0 is today.',
        }),
      ),
      checklist: Nullable(
        OneOf(['mandated_report_review'] as const, {
          description:
            'What is to be gone through: with a legal risk, whether there is a duty to report. The duty is the clinician’s own.',
        }),
      ),
    },
    {
      description:
        'One behavior and its ritual. Restricted: only the care team of the chart learns that there is any.',
      examples: [
        { ...headExample(exampleIds.behavior, 'active'), ...content, daysSinceLast: 16, checklist: null },
      ],
    },
  ),
)

export const NewBehavior = component(
  'NewBehavior',
  strictObject(
    {
      ...Type.Partial(strictObject(fields)).properties,
      code: fields.code,
      legalRisk: fields.legalRisk,
      consentConcern: fields.consentConcern,
    },
    {
      description: 'A behavior to add to the inventory.',
      examples: [
        {
          code: 'webcam_or_chat',
          legalRisk: 'none',
          consentConcern: false,
          clientWording: 'late chats',
          ritual: content.ritual,
          settings: content.settings,
          devices: content.devices,
          substances: content.substances,
        },
      ],
    },
  ),
)

export const BehaviorChange = component(
  'BehaviorChange',
  Type.Partial(strictObject({ ...fields, ...statusFields(behaviorStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays. Lists are replaced whole.',
    examples: [
      {
        status: 'in_remission',
        statusOn: '2026-01-08',
        ritual: ['one quick look (fictional)'],
        settings: ['office', 'hotel'],
        devices: ['laptop'],
        substances: ['alcohol'],
      },
    ],
  }),
)

export const BehaviorParams = paramsOf('behaviorId', 'The behavior.', exampleIds.behavior)
export const BehaviorQuery = documentQuery(behaviorStatuses)
export const BehaviorPage = listOf('BehaviorPage', Behavior)

export type Behavior = Static<typeof Behavior>
export type NewBehavior = Static<typeof NewBehavior>
export type BehaviorChange = Static<typeof BehaviorChange>
export type BehaviorQuery = Static<typeof BehaviorQuery>
export type BehaviorContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
