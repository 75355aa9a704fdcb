import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { component, Id, listOf, OneOf, PageQuery, strictObject, Text, Version } from '../../../lib/schemas.ts'
import { ClockTime } from '../../practice/index.ts'
import { blockMinutes, kind, participants } from './blocks.schemas.ts'
import { example } from './examples.ts'

const { together } = limits.scheduling

export const TemplateBlock = component(
  'IntensiveTemplateBlock',
  strictObject(
    {
      day: Type.Integer({ minimum: 1, maximum: 10, description: 'On which day.', examples: [1] }),
      startsAt: ClockTime('When, on the wall clock of the location.'),
      durationMinutes: blockMinutes,
      kind,
      participants,
      clinicians: Type.Array(Type.Integer({ minimum: 1, maximum: together }), {
        maxItems: together,
        uniqueItems: true,
        description: 'Who gives it, by their place in the list that a fitting names.',
        examples: [[1]],
      }),
      needsRoom: Type.Boolean({ description: 'Whether it takes a room.', examples: [true] }),
    },
    {
      description: 'A block of an itinerary, without names and dates.',
      examples: [
        {
          day: 1,
          startsAt: '09:00',
          durationMinutes: 90,
          kind: 'individual',
          participants: ['a'],
          clinicians: [1],
          needsRoom: true,
        },
      ],
    },
  ),
)

const fields = {
  name: Text(120, { description: 'What the practice calls it.' }),
  audience: OneOf(['individual', 'couple'] as const, {
    description: 'For one client or for a couple.',
    examples: ['individual'],
  }),
  days: Type.Integer({ minimum: 1, maximum: 10, description: 'How many days.', examples: [2] }),
  blocks: Type.Array(TemplateBlock, { minItems: 1, maxItems: limits.scheduling.intensiveBlocks }),
}

const templateExample = {
  name: 'Two quiet days (fictional)',
  audience: 'individual',
  days: 2,
  blocks: [1, 2].map(day => ({
    day,
    startsAt: '09:00',
    durationMinutes: 90,
    kind: 'individual',
    participants: ['a'],
    clinicians: [1],
    needsRoom: true,
  })),
}

export const IntensiveTemplate = component(
  'IntensiveTemplate',
  strictObject(
    {
      id: Id('The template.', example.template),
      ...fields,
      isShipped: Type.Boolean({ description: 'Whether it came with the service; then it does not change.' }),
      status: OneOf(['active', 'retired'] as const),
      version: Version,
    },
    {
      description: 'An itinerary to fit to what is free.',
      examples: [
        { id: example.template, ...templateExample, isShipped: false, status: 'active', version: 1 },
      ],
    },
  ),
)

export const NewIntensiveTemplate = component(
  'NewIntensiveTemplate',
  strictObject(fields, { description: 'An itinerary of the practice.', examples: [templateExample] }),
)

export const IntensiveTemplateChange = component(
  'IntensiveTemplateChange',
  Type.Partial(
    strictObject({ ...fields, status: OneOf(['active', 'retired'] as const, { examples: ['active'] }) }),
    {
      additionalProperties: false,
      minProperties: 1,
      description:
        'What is to change; what is left out stays. Intensives that were planned by it stay as they are.',
      examples: [{ name: 'Two very quiet days (fictional)' }],
    },
  ),
)

export const TemplateParams = strictObject({
  intensiveTemplateId: Id('The template.', example.template),
})

export const TemplateQuery = strictObject(PageQuery)
export const IntensiveTemplatePage = listOf('IntensiveTemplatePage', IntensiveTemplate)

export type TemplateBlock = Static<typeof TemplateBlock>
export type IntensiveTemplate = Static<typeof IntensiveTemplate>
export type NewIntensiveTemplate = Static<typeof NewIntensiveTemplate>
export type IntensiveTemplateChange = Static<typeof IntensiveTemplateChange>
export type TemplateQuery = Static<typeof TemplateQuery>
