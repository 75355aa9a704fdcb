import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Rating, Words } from '../kind.ts'
import { personRoles } from './shared.ts'

/** keys: role. measures: what they know. */
export const supportPerson = defineKind({
  kind: 'support_person',
  name: 'RecoverySupportPerson',
  title: 'Support person',
  about: 'Somebody the client can turn to. Contacts are logged in `contact_log`.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      name: Words(60, 'What the client calls them.'),
      role: OneOf(personRoles),
      knows: Rating(0, 3, 'What they know of the recovery: 0 nothing to 3 all of it.'),
      reachable: Flag('Whether they can be reached when it matters.'),
      crisisOk: Flag('Whether they agreed to be called in a crisis.'),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'A support person.',
    {
      name: 'Alex',
      role: 'friend',
      knows: 2,
      reachable: true,
      crisisOk: true,
      note: 'After six in the evening (fictional).',
    },
  ),
  steps: { proposed: ['agreed', 'inactive'], agreed: ['inactive'], inactive: ['agreed'] },
  over: ['inactive'],
  portal: 'read',
  indexed: ({ role, knows }) => ({ keys: [role], measures: [knows] }),
})
