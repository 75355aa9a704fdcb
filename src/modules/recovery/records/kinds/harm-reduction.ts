import { Type } from 'typebox'
import { component, OneOf, strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, WordList, Words } from '../kind.ts'

const level = component(
  'RecoveryHarmReductionLevel',
  strictObject(
    {
      eventsPerWeek: Type.Number({
        minimum: 0,
        maximum: 500,
        description: 'How often a week.',
        examples: [5],
      }),
      amountPerEvent: Type.Optional(
        Type.Number({ minimum: 0, maximum: 100_000, description: 'In the unit of the goal.', examples: [2] }),
      ),
      risk: Rating(0, 4, 'How risky an event is.'),
    },
    { description: 'How often, how much and how risky.', examples: [{ eventsPerWeek: 8, risk: 3 }] },
  ),
)

/** measures: baseline events a week and risk, target events a week and risk. */
export const harmReductionGoal = defineKind({
  kind: 'harm_reduction_goal',
  name: 'RecoveryHarmReductionGoal',
  title: 'Harm-reduction goal',
  about: 'From a baseline to a target that the client chose, for one behavior or addiction.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      goal: Words(500, 'In the words of the client.'),
      unit: Type.Optional(Words(40, 'What an amount counts.')),
      baseline: level,
      target: level,
      safetySteps: Type.Optional(WordList(20, 300, 'What makes an event safer.')),
    },
    'A harm-reduction goal.',
    {
      goal: 'Twice a week at most, never when alone (fictional).',
      unit: 'hours',
      baseline: { eventsPerWeek: 8, risk: 3 },
      target: { eventsPerWeek: 2, risk: 1 },
      safetySteps: ['A friend knows where I am'],
    },
  ),
  steps: {
    negotiated: ['active', 'ended'],
    active: ['met', 'tightened', 'loosened', 'converted_to_abstinence', 'ended'],
    met: ['active', 'tightened', 'loosened', 'converted_to_abstinence', 'ended'],
    tightened: ['active', 'met', 'loosened', 'converted_to_abstinence', 'ended'],
    loosened: ['active', 'met', 'tightened', 'converted_to_abstinence', 'ended'],
    converted_to_abstinence: [],
    ended: ['negotiated'],
  },
  over: ['converted_to_abstinence', 'ended'],
  subject: 'required',
  reviewOn: 'When the goal is looked at together.',
  portal: 'read',
  indexed: ({ baseline, target }) => ({
    measures: [baseline.eventsPerWeek, baseline.risk, target.eventsPerWeek, target.risk],
  }),
})

/** keys: none. measures: events, risk. */
export const harmReductionEntry = defineKind({
  kind: 'harm_reduction_entry',
  name: 'RecoveryHarmReductionEntry',
  title: 'Entry toward a harm-reduction goal',
  about:
    'How often it happened on a day, and how risky it was. A day without an event may be entered with 0.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      events: Rating(0, 99, 'How often that day.'),
      risk: Rating(0, 4, 'How risky at worst.'),
      safetyStepsUsed: Type.Optional(OneOf(['none', 'some', 'all'] as const)),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'An entry toward a harm-reduction goal.',
    { events: 1, risk: 1, safetyStepsUsed: 'all', note: 'Left after an hour (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  related: { kinds: ['harm_reduction_goal'], required: true },
  portal: 'write',
  indexed: ({ events, risk }) => ({ measures: [events, risk] }),
})
