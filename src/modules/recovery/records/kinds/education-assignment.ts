import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Words } from '../kind.ts'

/** keys: topic, audience. */
export const educationAssignment = defineKind({
  kind: 'education_assignment',
  name: 'RecoveryEducationAssignment',
  title: 'Education assignment',
  about: 'Something to read, watch or listen to, and to talk about. `reviewOn` is when it is due.',
  dataClass: 'clinical',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      topic: OneOf([
        'brain_and_reward',
        'bonding',
        'habit',
        'cycle',
        'withdrawal',
        'healthy_sexuality',
        'trauma',
        'partner_effects',
        'attachment',
        'other',
      ] as const),
      audience: OneOf(['client', 'partner', 'parent', 'group'] as const),
      title: Words(200, 'What it is called.'),
      instructions: Type.Optional(Words(1_000, 'What to do with it.')),
    },
    'An education assignment.',
    {
      topic: 'habit',
      audience: 'client',
      title: 'How habits unlearn (fictional)',
      instructions: 'Read the first chapter and mark one sentence.',
    },
  ),
  steps: {
    assigned: ['opened', 'completed'],
    opened: ['completed'],
    completed: ['discussed', 'assigned'],
    discussed: ['assigned'],
  },
  over: ['completed', 'discussed'],
  reviewOn: 'When it is due.',
  portal: 'read',
  clientSteps: { assigned: ['opened', 'completed'], opened: ['completed'] },
  indexed: ({ topic, audience }) => ({ keys: [topic, audience] }),
})
