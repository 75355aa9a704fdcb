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
  Reason,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import { circles } from '../days.rules.ts'
import { exampleIds, headExample, headFields, paramsOf, Rating } from '../documents/documents.schemas.ts'
import { severities } from '../words.ts'
import { antecedents, lapseStatuses } from './lapses.rules.ts'

const lines = (description: string, maxItems = 20) => Type.Array(Text(500), { maxItems, description })

/** What a client may say from the portal, and staff too. */
const told = {
  addictionId: Id('The addiction it is about.', exampleIds.addiction),
  occurredOn: CalendarDate('The client’s day, not in the future.', '2026-01-05'),
  occurredAt: Nullable(Instant('The time of day, where it matters.', '2026-01-06T06:30:00.000Z')),
  severity: OneOf(severities, {
    description:
      'A slip, a single lapse, or a return to an earlier pattern (`relapse`). Answers have the words of the philosophy.',
  }),
  circle: Nullable(
    OneOf(circles, {
      description: 'As it is said. An item named in `itemIds` counts by the definition of that day.',
    }),
  ),
  itemIds: Type.Array(Id('An item of the sobriety definition.', exampleIds.item), {
    maxItems: 20,
    uniqueItems: true,
    description: 'What of the definition was touched.',
  }),
  durationMinutes: Nullable(Type.Integer({ minimum: 1, maximum: 20_160 })),
  antecedents: Type.Array(OneOf(antecedents), {
    maxItems: antecedents.length,
    uniqueItems: true,
    description: 'What went before.',
  }),
  whatHappened: Nullable(Text(4_000, { description: 'Only as much as helps. No more detail than that.' })),
  need: Nullable(Text(1_000, { description: 'What was really needed.' })),
  alternative: Nullable(Text(1_000, { description: 'What else could meet the need.' })),
  shame: Nullable(Rating('Shame.')),
  safetyConcern: Type.Boolean({ description: 'Somebody may not be safe: this alerts the clinician.' }),
}

const fields = {
  ...told,
  behaviorIds: Type.Array(Id('A behavior of the inventory.', exampleIds.behavior), {
    maxItems: 20,
    uniqueItems: true,
  }),
  chain: lines('The links that led there, in order.', 40),
  planChanges: lines('What changes because of it.'),
  disclosedTo: lines('Who was told, by role.', 10),
  substances: lines('What was taken.', 10),
  partnerDisclosureDueAt: Nullable(
    Instant(
      'Until when the partner is to be told, where the client agreed to that.',
      '2026-01-07T06:30:00.000Z',
    ),
  ),
  partnerToldOn: Nullable(
    CalendarDate('The day on which the partner was told; not in the future.', '2026-01-06'),
  ),
}
export type LapseContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }

const toldExample = {
  addictionId: exampleIds.addiction,
  occurredOn: '2026-01-05',
  severity: 'lapse' as const,
  circle: 'inner' as const,
  antecedents: ['lonely' as const, 'tired' as const],
}

const learnedExample = {
  chain: ['a quarrel at noon', 'an hour alone'],
  planChanges: ['Lunch is with somebody (fictional)'],
  disclosedTo: ['sponsor'],
  substances: ['alcohol'],
}

const shown = {
  ...fields,
  behaviorIds: Nullable(fields.behaviorIds),
  word: Type.String({ description: 'What it is called under the philosophy that was followed that day.' }),
  countsAs: Nullable(
    OneOf(circles, { description: 'By the sobriety definition in force that day, else as it was said.' }),
  ),
  partnerDisclosureOverdue: Type.Boolean({
    description: 'That time has passed, and the partner was not told.',
  }),
  reportedOn: CalendarDate('The client’s day on which it was told.', '2026-01-06'),
  daysUntilReported: Type.Integer({ minimum: 0 }),
}

export const Lapse = component(
  'Lapse',
  strictObject(
    {
      ...headFields(
        'The lapse.',
        exampleIds.lapse,
        lapseStatuses,
        'How far the learning has come. Withdrawn: it was recorded in error and counts no more.',
      ),
      ...shown,
    },
    {
      description:
        'Something that happened against what the client wants, to learn from. `behaviorIds` is null for those who may not see the inventory.',
      examples: [
        {
          ...headExample(exampleIds.lapse, 'reported'),
          ...toldExample,
          occurredAt: null,
          itemIds: [],
          durationMinutes: 40,
          whatHappened: null,
          need: null,
          alternative: null,
          shame: 6,
          safetyConcern: false,
          behaviorIds: [],
          ...learnedExample,
          partnerDisclosureDueAt: null,
          partnerToldOn: null,
          partnerDisclosureOverdue: false,
          word: 'lapse',
          countsAs: 'inner',
          reportedOn: '2026-01-06',
          daysUntilReported: 1,
        },
      ],
    },
  ),
)

const needed = {
  addictionId: fields.addictionId,
  occurredOn: fields.occurredOn,
  severity: fields.severity,
}

export const NewLapse = component(
  'NewLapse',
  strictObject(
    { ...Type.Partial(strictObject(fields)).properties, ...needed },
    { description: 'A lapse to report.', examples: [{ ...toldExample, ...learnedExample }] },
  ),
)

export const ToldLapse = component(
  'ToldLapse',
  strictObject(
    { ...Type.Partial(strictObject(told)).properties, ...needed },
    { description: 'A lapse as a client tells of it.', examples: [toldExample] },
  ),
)

const { addictionId: _, ...changeable } = fields

export const LapseChange = component(
  'LapseChange',
  Type.Partial(
    strictObject({ ...changeable, reason: Reason(1_000, { description: 'Why it is changed.' }) }),
    {
      additionalProperties: false,
      minProperties: 1,
      description:
        'The fields to change; what is left out stays, lists are replaced whole. A corrected day changes every figure.',
      examples: [{ ...learnedExample, need: 'To be seen (fictional).' }],
    },
  ),
)

export const LapseStep = component(
  'LapseStep',
  strictObject(
    {
      to: OneOf(lapseStatuses),
      reason: Type.Optional(Reason(1_000, { description: 'Needed to go back or to withdraw.' })),
    },
    { description: 'How far the learning has come.', examples: [{ to: 'explored' }] },
  ),
)

export const LapseParams = paramsOf('lapseId', 'The lapse.', exampleIds.lapse)
export const LapseQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(lapseStatuses, { description: 'Only these.', examples: ['reported'] })),
})
export const LapsePage = listOf('LapsePage', Lapse)

export type Lapse = Static<typeof Lapse>
export type NewLapse = Static<typeof NewLapse>
export type ToldLapse = Static<typeof ToldLapse>
export type LapseChange = Static<typeof LapseChange>
export type LapseStep = Static<typeof LapseStep>
export type LapseQuery = Static<typeof LapseQuery>
