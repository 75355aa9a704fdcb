import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** Abbreviations the groups use themselves; `other` for what is not listed. What each is for: `fellowships/`. */
export const fellowships = [
  'sa',
  'saa',
  'slaa',
  'sca',
  'sra',
  's_anon',
  'cosa',
  'rca',
  'aa',
  'na',
  'ca',
  'ma',
  'nica',
  'ga',
  'oa',
  'da',
  'wa',
  'itaa',
  'cgaa',
  'al_anon',
  'nar_anon',
  'gam_anon',
  'smart',
  'recovery_dharma',
  'lifering',
  'moderation_management',
  'hams',
  'other',
] as const

export const fellowshipAudiences = ['recovering', 'partner', 'couple'] as const

/** In these the goal of meetings a week counts. */
export const attendingStatuses = ['trying', 'attending', 'home_group_and_sponsor', 'sponsoring'] as const

/** keys: fellowship, audience. measures: meetings a week. */
export const fellowshipParticipation = defineKind({
  kind: 'fellowship_participation',
  name: 'RecoveryFellowship',
  title: 'Fellowship',
  about: 'Part in a fellowship, as the client tells it: nobody verifies an anonymous meeting.',
  dataClass: 'clinical',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      fellowship: OneOf(fellowships),
      audience: OneOf(fellowshipAudiences),
      homeGroup: Type.Optional(Words(120, 'What the client calls it.')),
      meetingsPerWeek: Rating(0, 21, "The client's goal."),
      note: Type.Optional(Words(500, 'Hopes and hesitations, in short.')),
    },
    'Part in a fellowship.',
    {
      fellowship: 'saa',
      audience: 'recovering',
      homeGroup: 'Tuesday night (fictional)',
      meetingsPerWeek: 2,
      note: 'Hopes to hear how others began.',
    },
  ),
  steps: {
    suggested: ['trying', 'attending', 'stopped'],
    trying: ['attending', 'stopped'],
    attending: ['home_group_and_sponsor', 'stopped'],
    home_group_and_sponsor: ['attending', 'sponsoring', 'stopped'],
    sponsoring: ['home_group_and_sponsor', 'stopped'],
    stopped: ['trying', 'attending'],
  },
  over: ['stopped'],
  portal: 'read',
  indexed: ({ fellowship, audience, meetingsPerWeek }) => ({
    keys: [fellowship, audience],
    measures: [meetingsPerWeek],
  }),
})

/** keys: fellowship, format. */
export const meetingLog = defineKind({
  kind: 'meeting_log',
  name: 'RecoveryMeeting',
  title: 'Meeting',
  about: 'A meeting the client went to, as they tell it.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      fellowship: OneOf(fellowships),
      format: OneOf(['in_person', 'online', 'phone'] as const),
      shared: Type.Optional(Type.Boolean({ description: 'Whether the client spoke.' })),
    },
    'A meeting.',
    { fellowship: 'saa', format: 'in_person', shared: true },
  ),
  log: true,
  steps: { recorded: [] },
  related: { kinds: ['fellowship_participation'], required: false },
  portal: 'write',
  indexed: ({ fellowship, format }) => ({ keys: [fellowship, format] }),
})

/** measures: contacts a week. */
export const sponsor = defineKind({
  kind: 'sponsor',
  name: 'RecoverySponsor',
  title: 'Sponsor',
  about: 'A sponsor, by first name or initial only: they are anonymous. `occurredOn` is since when.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      firstName: Type.String({
        pattern: "^[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'-]{0,19}\\.?$",
        maxLength: 21,
        description: 'One first name, or an initial. A second word is refused.',
        examples: ['Sam'],
      }),
      fellowship: OneOf(fellowships),
      contactsPerWeek: Type.Optional(Rating(0, 21, 'What was agreed.')),
    },
    'A sponsor.',
    { firstName: 'Sam', fellowship: 'saa', contactsPerWeek: 3 },
  ),
  steps: { active: ['ended'], ended: ['active'] },
  over: ['ended'],
  portal: 'read',
  indexed: ({ fellowship, contactsPerWeek }) => ({ keys: [fellowship], measures: [contactsPerWeek ?? null] }),
})

/** keys: fellowship. measures: step. */
export const stepWork = defineKind({
  kind: 'step_work',
  name: 'RecoveryStepWork',
  title: 'Step work',
  about: 'One of the twelve steps: begun, done, shared with the sponsor.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      step: Rating(1, 12, 'Which step.'),
      fellowship: OneOf(fellowships),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'Work on a step.',
    { step: 1, fellowship: 'saa', note: 'Written out, not yet read to anybody (fictional).' },
  ),
  steps: { started: ['done'], done: ['started', 'shared_with_sponsor'], shared_with_sponsor: ['started'] },
  portal: 'write',
  clientSteps: {
    started: ['done'],
    done: ['started', 'shared_with_sponsor'],
    shared_with_sponsor: ['started'],
  },
  indexed: ({ fellowship, step }) => ({ keys: [fellowship], measures: [step] }),
})
