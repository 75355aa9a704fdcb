import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** keys: how. measures: which of several. */
export const discoveryEvent = defineKind({
  kind: 'discovery_event',
  name: 'RecoveryDiscoveryEvent',
  title: 'Discovery',
  about:
    'That a partner found out, all at once or in pieces. It belongs to the chart it is written in, and to no other.',
  dataClass: 'restricted',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      how: OneOf(['found_out', 'was_told', 'third_person', 'legal', 'health', 'other'] as const),
      staggeredCount: Rating(1, 99, 'Which of several partial truths this was.'),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'A discovery.',
    { how: 'was_told', staggeredCount: 1, note: 'At home, in the evening (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  indexed: ({ how, staggeredCount }) => ({ keys: [how], measures: [staggeredCount] }),
})

/** keys: none. */
export const partnerCare = defineKind({
  kind: 'partner_care',
  name: 'RecoveryPartnerCare',
  title: 'Care of the partner',
  about: 'How far the partner has support of their own. What they say there stays there.',
  dataClass: 'clinical',
  charts: ['couple'],
  content: contentOf(
    { note: Type.Optional(Words(500, 'What was offered, in short.')) },
    'Care of the partner.',
    { note: 'A list of therapists was given (fictional).' },
  ),
  steps: {
    not_engaged: ['offered', 'engaged', 'own_therapist', 'group'],
    offered: ['not_engaged', 'engaged', 'own_therapist', 'group'],
    engaged: ['not_engaged', 'own_therapist', 'group'],
    own_therapist: ['not_engaged', 'engaged', 'group'],
    group: ['not_engaged', 'engaged', 'own_therapist'],
  },
  reviewOn: 'When it is asked about again.',
})
