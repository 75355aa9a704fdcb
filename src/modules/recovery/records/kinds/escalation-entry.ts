import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Rating, Words } from '../kind.ts'

/** keys: frequency. measures: intensity, risk level, novelty, age. */
export const escalationEntry = defineKind({
  kind: 'escalation_entry',
  name: 'RecoveryEscalationEntry',
  title: 'Entry of the escalation timeline',
  about: 'How a behavior grew over time: intensity, frequency, risk and what it was for.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      ageYears: Type.Optional(Rating(0, 110, 'How old the client was, where the day is not known.')),
      intensity: Rating(1, 5, 'How intense.'),
      frequency: OneOf(['less_than_monthly', 'monthly', 'weekly', 'daily', 'several_daily'] as const),
      riskLevel: Rating(0, 4, 'How risky.'),
      novelty: Rating(0, 4, 'How new.'),
      withSubstances: Type.Optional(Flag('Whether substances were part of it.')),
      discordanceDistress: Type.Optional(
        Flag('Distress because it did not fit what the client is drawn to.'),
      ),
      function: Type.Optional(Words(500, 'What it was for, as the client sees it.')),
    },
    'An entry of the escalation timeline.',
    {
      ageYears: 24,
      intensity: 2,
      frequency: 'weekly',
      riskLevel: 1,
      novelty: 0,
      function: 'Not to feel alone (fictional).',
    },
  ),
  log: true,
  steps: { recorded: [] },
  subject: 'optional',
  indexed: ({ frequency, intensity, riskLevel, novelty, ageYears }) => ({
    keys: [frequency],
    measures: [intensity, riskLevel, novelty, ageYears ?? null],
  }),
})
