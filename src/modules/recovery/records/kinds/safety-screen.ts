import { Type } from 'typebox'
import { invalidField } from '../../../../lib/problems.ts'
import { OneOf, strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Words } from '../kind.ts'
import { graveIndicators, indicatorKeys } from './safety-indicators.ts'

const findings = ['none', 'historical', 'current_concern'] as const
const severities = ['none', 'low', 'moderate', 'high'] as const
const jointWork = ['no_concern', 'with_care', 'paused', 'not_now'] as const

const Answers = Type.Array(
  strictObject({
    indicator: OneOf(indicatorKeys, {
      description: 'What was asked: `safetyIndicators` of the reference says more.',
    }),
    answer: OneOf(['yes', 'no', 'unclear'] as const),
  }),
  {
    maxItems: indicatorKeys.length,
    description: 'Each indicator at most once; those left out were not asked.',
  },
)

/**
 * keys: finding, severity, joint work. measures: indicators with a yes, grave ones among them, unclear ones.
 *
 * It stands in the chart of the person who was asked and nowhere else: a joint chart is read, and released, for both, and
 * that somebody was asked at all is dangerous to know for the other.
 */
export const safetyScreen = defineKind({
  kind: 'safety_screen',
  name: 'RecoverySafetyScreen',
  title: 'Safety in the relationship',
  about:
    'What one person said alone about safety in a close relationship. It is kept in their own chart only; nothing of it, not even that it was asked, stands in a joint one.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      alone: Flag('That nobody else could hear. Without that nothing is kept: ask again alone.'),
      finding: OneOf(findings),
      severity: OneOf(severities, { description: 'How grave, as the clinician sees it.' }),
      indicators: Answers,
      jointWork: OneOf(jointWork, {
        description:
          'What it means for work with both. Anything but `no_concern` is told to those who treat both and may read this chart.',
      }),
      summary: Type.Optional(Words(5_000, 'What was said, and why it was judged so.')),
      steps: Type.Optional(Words(2_000, 'What was agreed to do.')),
    },
    'A screen of safety in the relationship.',
    {
      alone: true,
      finding: 'historical',
      severity: 'low',
      indicators: [{ indicator: 'control', answer: 'unclear' }],
      jointWork: 'with_care',
      summary: 'Years ago, with somebody else (fictional).',
      steps: 'A code word for calls was agreed (fictional).',
    },
  ),
  steps: { open: ['open', 'closed'], closed: ['open'] },
  over: ['closed'],
  reviewOn: 'When it is asked about again.',
  noLinks: true,
  check: ({ alone, finding, severity, indicators }) => {
    if (!alone)
      throw invalidField('/content/alone', 'not-alone', 'Ask again when nobody else can hear, and keep that.')
    if ((finding === 'none') !== (severity === 'none'))
      throw invalidField(
        '/content/severity',
        'finding',
        '`none` goes with the finding `none`, and only with it.',
      )
    if (new Set(indicators.map(({ indicator }) => indicator)).size < indicators.length)
      throw invalidField('/content/indicators', 'repeated', 'Name each indicator once.')
  },
  alarm: {
    rule: 'relationship_safety',
    find: ({ finding, severity, indicators }) => {
      const grave = graveYes(indicators)
      if (finding !== 'current_concern' && grave === 0) return null
      const urgent = finding === 'current_concern' && (severity === 'high' || grave > 0)
      return { severity: urgent ? 'urgent' : 'attention', evidence: { finding, severity, grave } }
    },
  },
  indexed: ({ finding, severity, jointWork, indicators }) => ({
    keys: [finding, severity, jointWork],
    measures: [withAnswer(indicators, 'yes'), graveYes(indicators), withAnswer(indicators, 'unclear')],
  }),
})

interface Answered {
  indicator: string
  answer: string
}

const graveYes = (answers: readonly Answered[]) =>
  answers.filter(({ indicator, answer }) => answer === 'yes' && graveIndicators.has(indicator)).length

const withAnswer = (answers: readonly Answered[], wanted: string) =>
  answers.filter(({ answer }) => answer === wanted).length
