import { type Static, Type } from 'typebox'
import { component, Id, listOf, Nullable, OneOf, strictObject, Text } from '../../../lib/schemas.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  Rating,
  statusFields,
} from '../documents/documents.schemas.ts'
import { toolStatuses, triggerKinds } from './triggers.rules.ts'

const fields = {
  kind: OneOf(triggerKinds),
  label: Text(200, { description: 'As the client calls it; shown to them.' }),
  intensity: Nullable(Rating('How strongly it works.')),
  copingSkillIds: Type.Array(Id('A coping skill of this chart.', exampleIds.skill), {
    maxItems: 20,
    uniqueItems: true,
    description: 'What helps against it.',
  }),
  note: Nullable(Text(2_000)),
}

const newExample = { kind: 'emotional' as const, label: 'Sunday loneliness', intensity: 7 }

export const Trigger = component(
  'Trigger',
  strictObject(
    { ...headFields('The trigger.', exampleIds.trigger, toolStatuses), ...fields },
    {
      description: 'Something that sets urges off.',
      examples: [
        {
          ...headExample(exampleIds.trigger, 'active'),
          ...newExample,
          copingSkillIds: [exampleIds.skill],
          note: null,
        },
      ],
    },
  ),
)

export const NewTrigger = component(
  'NewTrigger',
  strictObject(
    {
      kind: fields.kind,
      label: fields.label,
      intensity: Type.Optional(fields.intensity),
      copingSkillIds: Type.Optional(fields.copingSkillIds),
      note: Type.Optional(fields.note),
    },
    { description: 'A trigger to add.', examples: [newExample] },
  ),
)

export const TriggerChange = component(
  'TriggerChange',
  Type.Partial(strictObject({ ...fields, ...statusFields(toolStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays. Lists are replaced whole.',
    examples: [{ intensity: 5, copingSkillIds: [exampleIds.skill] }],
  }),
)

export const TriggerParams = paramsOf('triggerId', 'The trigger.', exampleIds.trigger)
export const TriggerQuery = documentQuery(toolStatuses)
export const TriggerPage = listOf('TriggerPage', Trigger)

export type Trigger = Static<typeof Trigger>
export type NewTrigger = Static<typeof NewTrigger>
export type TriggerQuery = Static<typeof TriggerQuery>
export type TriggerContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
