import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** keys: modality, direction, then contraindications. */
export const modalityFit = defineKind({
  kind: 'modality_fit',
  name: 'RecoveryModalityFit',
  title: 'Fit of a modality',
  about:
    'Whether a way of working suits this client: through thought (top-down), through the body (bottom-up), or both. What each session of it did is logged in `modality_response`.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      modality: OneOf([
        'cbt',
        'dbt',
        'emdr',
        'somatic',
        'neurofeedback',
        'group',
        'psychodynamic',
        'mindfulness',
        'other',
      ] as const),
      direction: OneOf(['top_down', 'bottom_up', 'mixed'] as const),
      rationale: Words(2_000, 'Why it is thought to fit, or not.'),
      contraindications: Type.Optional(
        Type.Array(
          OneOf([
            'high_dissociation',
            'seizure_history',
            'unstable_safety',
            'acute_psychosis',
            'acute_intoxication',
            'medical',
            'other',
          ] as const),
          {
            uniqueItems: true,
            maxItems: 7,
            description: 'What speaks against it. Any of them is answered with a warning, never refused.',
          },
        ),
      ),
    },
    'The fit of a modality.',
    {
      modality: 'somatic',
      direction: 'bottom_up',
      rationale: 'Few words for what is felt (fictional).',
      contraindications: ['unstable_safety'],
    },
  ),
  steps: {
    considered: ['active', 'set_aside'],
    active: ['paused', 'ended'],
    paused: ['active', 'ended'],
    set_aside: ['considered'],
    ended: ['active'],
  },
  over: ['set_aside', 'ended'],
  reviewOn: 'When the fit is looked at again.',
  notices: ({ contraindications = [] }) => (contraindications.length > 0 ? ['contraindicated'] : []),
  indexed: ({ modality, direction, contraindications = [] }) => ({
    keys: [modality, direction, ...contraindications],
  }),
})

/** measures: response. */
export const modalityResponse = defineKind({
  kind: 'modality_response',
  name: 'RecoveryModalityResponse',
  title: 'Response to a modality',
  about: 'How the client responded to a modality in one session.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      response: Rating(-2, 2, 'From −2, clearly worse, to 2, clearly better.'),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'A response.',
    { response: 1, note: 'Slept better afterwards (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  session: true,
  related: { kinds: ['modality_fit'], required: true },
  indexed: ({ response }) => ({ measures: [response] }),
})
