import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  listOf,
  Nullable,
  OneOf,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  statusFields,
} from '../documents/documents.schemas.ts'
import { addictionStatuses, interactionModes, interactionStatuses } from './addictions.rules.ts'

const fields = {
  fromAddictionId: Id('The addiction that acts on the other.', exampleIds.addiction),
  toAddictionId: Id('The one it acts on; another one.', exampleIds.otherAddiction),
  mode: OneOf(interactionModes, { description: 'How.' }),
  direction: OneOf(['one_way', 'both_ways'] as const),
  since: Nullable(CalendarDate('Since when, not in the future.', '2026-01-05')),
  evidence: Nullable(Text(4_000, { description: 'What was seen or told.' })),
}

const newExample = {
  fromAddictionId: exampleIds.addiction,
  toAddictionId: exampleIds.otherAddiction,
  mode: 'replacement' as const,
  direction: 'one_way' as const,
}
const content = { ...newExample, since: '2026-01-05', evidence: 'Evenings got longer (fictional).' }

export const Interaction = component(
  'AddictionInteraction',
  strictObject(
    { ...headFields('The interaction.', exampleIds.interaction, interactionStatuses), ...fields },
    {
      description: 'How one addiction acts on another.',
      examples: [{ ...headExample(exampleIds.interaction, 'observed'), ...content }],
    },
  ),
)

export const NewInteraction = component(
  'NewAddictionInteraction',
  strictObject(
    {
      ...fields,
      since: Type.Optional(fields.since),
      evidence: Type.Optional(fields.evidence),
    },
    { description: 'An interaction that was observed.', examples: [newExample] },
  ),
)

const { fromAddictionId: _from, toAddictionId: _to, ...changeable } = fields

export const InteractionChange = component(
  'AddictionInteractionChange',
  Type.Partial(strictObject({ ...changeable, ...statusFields(interactionStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ status: 'ended', statusOn: '2026-01-08' }],
  }),
)

const mapExample = {
  from: '2025-12-01',
  to: '2026-01-05',
  nodes: [{ addictionId: exampleIds.addiction, status: 'active' as const, isPrimary: true }],
  edges: [{ interactionId: exampleIds.interaction, ...newExample }],
  sameDay: [
    { firstAddictionId: exampleIds.addiction, secondAddictionId: exampleIds.otherAddiction, days: 4 },
  ],
}

export const AddictionMap = component(
  'AddictionMap',
  strictObject(
    {
      from: CalendarDate('The first day that same days were looked for in.', mapExample.from),
      to: CalendarDate('The last one.', mapExample.to),
      nodes: Type.Array(
        strictObject({
          addictionId: Id('The addiction.', exampleIds.addiction),
          status: OneOf(addictionStatuses),
          isPrimary: Type.Boolean(),
        }),
      ),
      edges: Type.Array(
        strictObject({
          interactionId: Id('The interaction.', exampleIds.interaction),
          fromAddictionId: fields.fromAddictionId,
          toAddictionId: fields.toAddictionId,
          mode: fields.mode,
          direction: fields.direction,
        }),
        { description: 'Interactions that are observed now.' },
      ),
      sameDay: Type.Array(
        strictObject({
          firstAddictionId: Id('One addiction.', exampleIds.addiction),
          secondAddictionId: Id('Another one.', exampleIds.otherAddiction),
          days: Type.Integer({ minimum: 1 }),
        }),
        {
          description:
            'On how many days both were there: an act of the inner circle, a lapse, or an urge of 5 or more. Daily check-ins, urge log and lapses count; most days first.',
        },
      ),
    },
    { description: 'Several addictions and how they hang together.', examples: [mapExample] },
  ),
)

export const InteractionParams = paramsOf('interactionId', 'The interaction.', exampleIds.interaction)
export const InteractionQuery = documentQuery(interactionStatuses)
export const InteractionPage = listOf('AddictionInteractionPage', Interaction)
export const MapQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; 90 days back when left out.', '2025-12-01')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-01-05')),
})

export type Interaction = Static<typeof Interaction>
export type NewInteraction = Static<typeof NewInteraction>
export type InteractionChange = Static<typeof InteractionChange>
export type InteractionQuery = Static<typeof InteractionQuery>
export type AddictionMap = Static<typeof AddictionMap>
export type MapQuery = Static<typeof MapQuery>
export type InteractionContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
