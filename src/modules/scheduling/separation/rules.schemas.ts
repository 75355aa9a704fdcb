import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../../lib/schemas.ts'

export const separationReasons = [
  'partners',
  'former_partners',
  'family',
  'safety',
  'court_order',
  'couple_work',
  'other',
] as const

const example = {
  rule: '019c0000-0000-7000-8000-0000000000d8',
  first: '019c0000-0000-7000-8000-0000000000b1',
  second: '019c0000-0000-7000-8000-0000000000b2',
  staff: '019c0000-0000-7000-8000-0000000000e1',
}

const fields = {
  clientIds: Type.Array(Id('A client.', example.first), {
    minItems: 2,
    maxItems: 2,
    uniqueItems: true,
    description: 'The two.',
    examples: [[example.first, example.second]],
  }),
  apartInGroups: Type.Boolean({ description: 'They take no seats in one group.' }),
  apartMinutes: Type.Integer({
    minimum: 0,
    maximum: 240,
    description:
      'They neither come nor go at one location within so many minutes of each other, but together; 0 when it does not matter.',
    examples: [30],
  }),
  reasonCode: OneOf(separationReasons, {
    description:
      'Why, in a word; the rest is said in the charts. `couple_work` eases what holds for partners.',
  }),
}

const shown = {
  id: example.rule,
  clientIds: [example.first, example.second],
  apartInGroups: true,
  apartMinutes: 30,
  reasonCode: 'former_partners',
  createdById: example.staff,
  createdAt: '2026-11-20T17:00:00.000Z',
  endedAt: null,
  version: 1,
}

export const SeparationRule = component(
  'SeparationRule',
  strictObject(
    {
      id: Id('The rule.', example.rule),
      ...fields,
      createdById: Id('Who made it.', example.staff),
      createdAt: Instant('Since when it holds.', '2026-11-20T17:00:00.000Z'),
      endedAt: Nullable(Instant('Since when it does not.')),
      version: Version,
    },
    { description: 'Two clients who are kept apart, or need not be.', examples: [shown] },
  ),
)

export const NewSeparationRule = component(
  'NewSeparationRule',
  strictObject(fields, {
    description: 'A rule for two clients, both of whom the caller may change.',
    examples: [
      {
        clientIds: [example.first, example.second],
        apartInGroups: true,
        apartMinutes: 30,
        reasonCode: 'former_partners',
      },
    ],
  }),
)

export const SeparationRuleParams = strictObject({ separationRuleId: Id('The rule.', example.rule) })
export const SeparationRuleQuery = strictObject({
  ...PageQuery,
  clientId: Type.Optional(Id('Only of this client.', example.first)),
})
export const SeparationRulePage = listOf('SeparationRulePage', SeparationRule)

export type SeparationRule = Static<typeof SeparationRule>
export type NewSeparationRule = Static<typeof NewSeparationRule>
export type SeparationRuleQuery = Static<typeof SeparationRuleQuery>
