import { Type } from 'typebox'
import { component, OneOf, strictObject } from '../../../lib/schemas.ts'
import { frameworkKeys, frameworks } from '../criteria/frameworks.ts'
import { KnownFellowship } from '../fellowships/fellowships.schemas.ts'
import { factsOf, knownFellowships } from '../fellowships/fellowships.ts'
import { safetyIndicators } from '../records/kinds/safety-indicators.ts'
import { thresholds } from '../thresholds.ts'
import { Words } from '../words.schemas.ts'
import { philosophies, wordsOf } from '../words.ts'

const Confidence = OneOf(['verified', 'general_knowledge'] as const, {
  description: '`verified`: seen in a published source. `general_knowledge`: check before relying on it.',
})

const Framework = component(
  'CriteriaFramework',
  strictObject(
    {
      key: OneOf(frameworkKeys),
      title: Type.String(),
      criteria: Type.Array(Type.String(), { description: 'Keys; a front-end has its own words for them.' }),
      indicativeCount: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description: 'From how many criteria the source speaks of an indication. Never a diagnosis.',
      }),
      source: Type.String(),
      confidence: Confidence,
    },
    { description: 'A list of criteria to rate by.', examples: [frameworks[1]] },
  ),
)

const Threshold = component(
  'RecoveryThreshold',
  strictObject(
    {
      key: Type.String(),
      value: Type.Number(),
      unit: OneOf(['points', 'days', 'points_rise', 'points_fall', 'sessions'] as const),
      explains: Type.String(),
      source: Type.String(),
      confidence: Confidence,
    },
    {
      description: 'Where a rule raises an alert or a curve is read, and on what ground.',
      examples: [{ key: 'urge', ...thresholds.urge }],
    },
  ),
)

const SafetyIndicator = component(
  'SafetyIndicator',
  strictObject(
    {
      key: Type.String(),
      explains: Type.String(),
      grave: Type.Boolean({ description: 'With a yes to it somebody looks at once.' }),
      source: Type.String(),
      confidence: Confidence,
    },
    {
      description: 'What may point to danger in a close relationship. There is no sum of them.',
      examples: [safetyIndicators[0]],
    },
  ),
)

const PhilosophyWords = component(
  'PhilosophyWords',
  strictObject(
    { philosophy: OneOf(philosophies), words: Words },
    {
      description: 'How things are called under a philosophy of treatment.',
      examples: [{ philosophy: 'integrated' as const, words: wordsOf.integrated }],
    },
  ),
)

export const reference = {
  philosophies: philosophies.map(philosophy => ({ philosophy, words: wordsOf[philosophy] })),
  frameworks: frameworks.map(framework => ({ ...framework, criteria: [...framework.criteria] })),
  thresholds: Object.entries(thresholds).map(([key, threshold]) => ({ key, ...threshold })),
  safetyIndicators: safetyIndicators.map(indicator => ({ ...indicator })),
  fellowships: knownFellowships.map(fellowship => ({
    ...factsOf(fellowship),
    addictionTypes: [...fellowship.addictionTypes],
    philosophies: [...fellowship.philosophies],
  })),
}

export const RecoveryReference = component(
  'RecoveryReference',
  strictObject(
    {
      philosophies: Type.Array(PhilosophyWords),
      frameworks: Type.Array(Framework),
      thresholds: Type.Array(Threshold),
      safetyIndicators: Type.Array(SafetyIndicator),
      fellowships: Type.Array(KnownFellowship),
    },
    {
      description: 'What recovery work refers to. It holds nothing of any client.',
      examples: [
        {
          philosophies: reference.philosophies.slice(0, 1),
          frameworks: reference.frameworks.slice(0, 1),
          thresholds: reference.thresholds.slice(0, 1),
          safetyIndicators: reference.safetyIndicators.slice(0, 1),
          fellowships: reference.fellowships.slice(0, 1),
        },
      ],
    },
  ),
)
