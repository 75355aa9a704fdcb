import { given } from '../../../lib/given.ts'
import { Id } from '../../../lib/schemas.ts'
import { content, figure, rating, words } from './fields.ts'
import { missingFields, partKind } from './part.ts'

const exampleSession = '019c0000-0000-7000-8000-0000000000b7'

const GroupMemberContent = content({
  groupSessionId: Id('The session of the group that this client was at.', exampleSession),
  participation: rating(0, 4, 'How much the client took part'),
  presentation: words('How the client was: mood, engagement, what was observed of them.'),
  response: words('How the client took up the theme and the interventions.'),
  objectiveProgress: words('What it did for the client’s own objectives; the header names which.'),
  plan: words('What follows for this client.'),
})

export const groupMember = partKind({
  kind: 'group_member',
  version: 1,
  title: 'Member of a group session',
  about:
    'One client’s share of a group session, in their own chart. Nobody else of the group is named in it.',
  source: 'Elements of an individual group note as commonly kept; own words.',
  charts: ['individual'],
  content: GroupMemberContent,
  example: {
    groupSessionId: exampleSession,
    participation: 3,
    presentation: 'Calm, attentive (fictional).',
    response: 'Named two early warning signs of their own.',
    objectiveProgress: 'A first step toward the urge plan.',
    plan: 'Bring the list to the next individual session.',
  },
  missing: part =>
    missingFields(part, ['groupSessionId', 'participation', 'presentation', 'response', 'plan']),
  carry: ({ plan }) => given({ plan }),
  warnings: () => [],
  figures: ({ participation }) => figure('participation', participation),
})
