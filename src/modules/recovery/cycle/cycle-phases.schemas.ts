import { type Static, Type } from 'typebox'
import { component, listOf, Nullable, strictObject, Text } from '../../../lib/schemas.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  statusFields,
} from '../documents/documents.schemas.ts'
import { toolStatuses } from '../triggers/triggers.rules.ts'

const fields = {
  label: Text(80, { description: 'As the client calls it; shown to them.' }),
  description: Nullable(Text(500, { description: 'How it shows.' })),
  position: Type.Integer({
    minimum: 1,
    maximum: 50,
    description: 'Its place in the client’s own drawing of the cycle.',
  }),
}

const newExample = { label: 'The long evening', description: 'Nobody writes (fictional).', position: 2 }

export const CyclePhase = component(
  'RecoveryCyclePhase',
  strictObject(
    { ...headFields('The phase.', exampleIds.cyclePhase, toolStatuses), ...fields },
    {
      description: 'A phase of the cycle that this client has a word of their own for.',
      examples: [{ ...headExample(exampleIds.cyclePhase, 'active'), ...newExample }],
    },
  ),
)

export const NewCyclePhase = component(
  'NewRecoveryCyclePhase',
  strictObject(
    {
      label: fields.label,
      position: fields.position,
      description: Type.Optional(fields.description),
    },
    { description: 'A phase to add.', examples: [newExample] },
  ),
)

export const CyclePhaseChange = component(
  'RecoveryCyclePhaseChange',
  Type.Partial(strictObject({ ...fields, ...statusFields(toolStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ status: 'retired', reason: 'It is not like that any more (fictional).' }],
  }),
)

export const CyclePhaseParams = paramsOf('cyclePhaseId', 'The phase.', exampleIds.cyclePhase)
export const CyclePhaseQuery = documentQuery(toolStatuses)
export const CyclePhasePage = listOf('RecoveryCyclePhasePage', CyclePhase)

export type CyclePhase = Static<typeof CyclePhase>
export type NewCyclePhase = Static<typeof NewCyclePhase>
export type CyclePhaseContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
