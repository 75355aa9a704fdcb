import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** keys: means. measures: vulnerability. */
export const contactLog = defineKind({
  kind: 'contact_log',
  name: 'RecoveryContact',
  title: 'Contact with a support person',
  about: 'That the client was in touch with a support person or sponsor on a day.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      means: OneOf(['in_person', 'call', 'video', 'text', 'letter'] as const),
      vulnerability: Rating(0, 10, 'How open it was, as the client felt it.'),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'A contact.',
    { means: 'call', vulnerability: 6, note: 'Said that the weekend will be hard (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  related: { kinds: ['support_person', 'sponsor'], required: false },
  portal: 'write',
  indexed: ({ means, vulnerability }) => ({ keys: [means], measures: [vulnerability] }),
})
