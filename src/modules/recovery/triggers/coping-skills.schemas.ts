import { type Static, Type } from 'typebox'
import { component, listOf, Nullable, OneOf, strictObject, Text } from '../../../lib/schemas.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  statusFields,
} from '../documents/documents.schemas.ts'
import { skillFamilies, skillLevels, toolStatuses } from './triggers.rules.ts'

const fields = {
  name: Text(120, { description: 'As the client calls it; shown to them.' }),
  family: OneOf(skillFamilies),
  level: OneOf(skillLevels, { description: 'How well it is learned.' }),
  note: Nullable(Text(2_000)),
}

const newExample = {
  name: 'Cold water on the wrists',
  family: 'grounding' as const,
  level: 'learned' as const,
}

export const CopingSkill = component(
  'CopingSkill',
  strictObject(
    { ...headFields('The skill.', exampleIds.skill, toolStatuses), ...fields },
    {
      description: 'Something the client can do when an urge comes.',
      examples: [{ ...headExample(exampleIds.skill, 'active'), ...newExample, note: null }],
    },
  ),
)

export const NewCopingSkill = component(
  'NewCopingSkill',
  strictObject(
    { ...fields, note: Type.Optional(fields.note) },
    { description: 'A coping skill to add.', examples: [newExample] },
  ),
)

export const CopingSkillChange = component(
  'CopingSkillChange',
  Type.Partial(strictObject({ ...fields, ...statusFields(toolStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [{ level: 'practiced' }],
  }),
)

export const CopingSkillParams = paramsOf('copingSkillId', 'The coping skill.', exampleIds.skill)
export const CopingSkillQuery = documentQuery(toolStatuses)
export const CopingSkillPage = listOf('CopingSkillPage', CopingSkill)

export type CopingSkill = Static<typeof CopingSkill>
export type NewCopingSkill = Static<typeof NewCopingSkill>
export type CopingSkillQuery = Static<typeof CopingSkillQuery>
export type CopingSkillContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
