import { Type } from 'typebox'
import { strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Rating, WordList, Words } from '../kind.ts'

/** measures: steps in all, steps done, alignment, satisfaction. */
export const sexualityPlan = defineKind({
  kind: 'sexuality_plan',
  name: 'RecoverySexualityPlan',
  title: 'Healthy-sexuality plan',
  about:
    'What is wanted, arousing, intimate and in line with values: a staged return, with steps of its own.',
  dataClass: 'restricted',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      values: WordList(20, 200, 'What matters.'),
      wanted: WordList(30, 200, 'What is wanted.'),
      safetySignals: Type.Optional(WordList(20, 200, 'What tells that it is safe to go on.')),
      boundaries: Type.Optional(WordList(30, 200, 'What is not.')),
      consentPractices: Type.Optional(WordList(20, 200, 'How both say yes, and no.')),
      steps: Type.Array(
        strictObject({
          name: Words(200, 'The step.'),
          readyWhen: Type.Optional(Words(300, 'How it is known to be time for it.')),
          done: Flag('Whether it is done.'),
        }),
        { maxItems: 30, description: 'In order.' },
      ),
      alignment: Type.Optional(
        Rating(0, 10, "How far life is in line with the plan, in the client's own view."),
      ),
      satisfaction: Type.Optional(Rating(0, 10, "In the client's own view.")),
      sharedWithPartner: Type.Optional(Flag('Whether the partner knows a version of it.')),
    },
    'A healthy-sexuality plan.',
    {
      values: ['Honesty'],
      wanted: ['Unhurried time together (fictional)'],
      safetySignals: ['Both can laugh'],
      boundaries: ['Nothing after a quarrel'],
      consentPractices: ['Asking first'],
      steps: [{ name: 'Talk about what feels safe', readyWhen: 'Two weeks without a quarrel', done: true }],
      alignment: 6,
    },
  ),
  steps: {
    draft: ['discussed'],
    discussed: ['draft', 'active'],
    active: ['practicing', 'paused'],
    practicing: ['maintained', 'paused'],
    maintained: ['practicing', 'paused'],
    paused: ['active', 'practicing'],
  },
  reasons: { paused: ['after_lapse', 'client_request', 'partner_request', 'clinical_judgment'] },
  reviewOn: 'When the plan is looked at together.',
  portal: 'read',
  indexed: ({ steps, alignment, satisfaction }) => ({
    measures: [
      steps.length,
      steps.filter(({ done }) => done).length,
      alignment ?? null,
      satisfaction ?? null,
    ],
  }),
})
