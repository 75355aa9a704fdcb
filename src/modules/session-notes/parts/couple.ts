import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { component, Id, OneOf } from '../../../lib/schemas.ts'
import { content, figure, growing, rating, several, words } from './fields.ts'
import { figureAbout } from './numbers.ts'
import { listed, missingFields, type PartFigure, type PartWarning, partKind } from './part.ts'

const topics = [
  'communication',
  'conflict',
  'trust_and_repair',
  'disclosure',
  'boundaries',
  'sexuality',
  'intimacy',
  'parenting',
  'money',
  'technology',
  'recovery_of_one',
  'future_of_the_relationship',
  'other',
] as const

const cycles = [
  'pursue_withdraw',
  'attack_attack',
  'withdraw_withdraw',
  'reactive_escalation',
  'none_seen',
] as const

const approaches = [
  'eft',
  'gottman',
  'behavioral',
  'imago',
  'psychoeducation',
  'structured_disclosure',
  'other',
] as const

const stances = ['open', 'guarded', 'pursuing', 'withdrawing', 'attacking', 'defending', 'repairing'] as const

const exampleClients = [
  '019c0000-0000-7000-8000-0000000000c1',
  '019c0000-0000-7000-8000-0000000000c2',
] as const

/**
 * About one partner there are words of lists and numbers only. A free text would be the place in which something that was
 * said alone reaches the other: a joint chart is read, and released, for both.
 */
const Stance = component(
  'CoupleNoteStance',
  growing(
    {
      clientId: Id('The partner.', exampleClients[0]),
      stances: Type.Array(OneOf(stances), {
        maxItems: stances.length,
        uniqueItems: true,
        description: 'As both could see it in the session.',
      }),
      engagement: rating(0, 10, 'How engaged'),
    },
    'How one partner took part, as seen in the session.',
    { clientId: exampleClients[0], stances: ['open'], engagement: 7 },
  ),
)

const Agreement = component(
  'CoupleNoteAgreement',
  growing(
    {
      terms: words('What the two agreed on with each other.', 1_000),
      state: OneOf(['made', 'kept', 'broken', 'changed', 'ended'] as const, {
        description: 'Made in this session, or what the two say became of an earlier one.',
      }),
    },
    'An agreement that was talked about. What both accept formally is an agreement of the couple.',
    { terms: 'Half an hour of talk on Sundays.', state: 'made' },
  ),
)

const Cycle = component(
  'CoupleNoteCycle',
  growing(
    {
      pattern: OneOf(cycles),
      observed: words('What was seen between the two, in the session they were both in.'),
    },
    'The pattern between them.',
    { pattern: 'pursue_withdraw', observed: 'Questions and silence took turns (fictional).' },
  ),
)

const Work = component(
  'CoupleNoteWork',
  growing(
    { approach: OneOf(approaches), what: words('What was done with both.', 1_000) },
    'A piece of work.',
    { approach: 'eft', what: 'Slowed the turn and named it.' },
  ),
)

const fields = {
  present: OneOf(['both', 'one'] as const, { description: 'Whether both partners were there.' }),
  presentClientId: Id('Where one was there: which of them.', exampleClients[0]),
  reasonForOne: OneOf(['planned_individual', 'other_absent', 'other_left'] as const, {
    description: 'Why only one partner was there. What was said then belongs in that partner’s own chart.',
  }),
  topics: Type.Array(OneOf(topics), {
    maxItems: topics.length,
    uniqueItems: true,
    description: 'What it was about.',
  }),
  cycle: Cycle,
  interventions: several(Work, 'What was done.', 20),
  stances: several(Stance, 'Each partner, once.', 2),
  agreements: several(Agreement, 'Agreements between the two.', 20),
}

const CoupleContent = content(fields)

type Couple = Static<typeof CoupleContent>

/** Who was there, and why when it was one; what it was about, what was done, and of whom each stance is. */
const missing = ({
  present,
  presentClientId,
  reasonForOne,
  topics: about,
  interventions,
  stances: seen = [],
}: Couple): FieldError[] => [
  ...missingFields({ present, presentClientId, reasonForOne, topics: about, interventions }, [
    'present',
    'topics',
    'interventions',
    ...(present === 'one' ? ['presentClientId', 'reasonForOne'] : []),
  ]),
  ...seen.flatMap((stance, at) =>
    missingFields(stance, ['clientId']).map(error => ({
      ...error,
      pointer: `/stances/${at}${error.pointer}`,
    })),
  ),
]

const quotation = /["“”„«»]/

function warnings({ present, stances: seen = [], cycle = {}, agreements = [], interventions = [] }: Couple) {
  const texts: readonly (readonly [pointer: string, text: string | undefined])[] = [
    ['/cycle/observed', cycle.observed],
    ...interventions.map(({ what }, at) => [`/interventions/${at}/what`, what] as const),
    ...agreements.map(({ terms }, at) => [`/agreements/${at}/terms`, terms] as const),
  ]
  const quotes: PartWarning[] = texts
    .filter(([, text]) => text !== undefined && quotation.test(text))
    .map(([pointer]) => ({
      code: 'quotation',
      pointer,
      detail: 'There are quotation marks: a joint note takes no quotes of what one partner said alone.',
    }))
  const people = new Set(seen.map(({ clientId }) => clientId))
  const oneSided: PartWarning = {
    code: 'one_sided',
    pointer: '/stances',
    detail: 'Both were there, and only one partner is described.',
  }
  return present === 'both' && seen.length > 0 && people.size < 2 ? [...quotes, oneSided] : quotes
}

/** `engagement` is by partner; an agreement that was looked back on counts as reviewed, and as kept or not. */
function figures({ present, stances: seen = [], agreements }: Couple): PartFigure[] {
  const count = (...states: readonly string[]) =>
    agreements?.filter(({ state }) => state !== undefined && states.includes(state)).length
  return [
    ...figure('both_present', present === undefined ? undefined : Number(present === 'both')),
    ...seen.flatMap(({ clientId, engagement }) =>
      clientId === undefined ? [] : figureAbout(clientId, 'engagement', engagement),
    ),
    ...figure('agreements_made', count('made')),
    ...figure('agreements_reviewed', count('kept', 'broken')),
    ...figure('agreements_kept', count('kept')),
  ]
}

/**
 * Nothing here says that somebody was screened for safety, nor that it is due: both partners may read this. Screens stand in
 * the chart of the one who was asked, and nowhere else.
 */
export const couple = partKind({
  kind: 'couple',
  version: 2,
  title: 'Couple session',
  about: 'Joint work in a couple’s chart: who was there, topics, the cycle between them, and agreements.',
  source: 'Contents of a couple note as commonly kept; rules on secrets and safety screens of good practice.',
  charts: ['couple'],
  content: CoupleContent,
  example: {
    present: 'both',
    topics: ['trust_and_repair', 'communication'],
    cycle: { pattern: 'pursue_withdraw', observed: 'Questions and silence took turns (fictional).' },
    interventions: [{ approach: 'eft', what: 'Slowed the turn and named it.' }],
    stances: [
      { clientId: exampleClients[0], stances: ['pursuing', 'open'], engagement: 7 },
      { clientId: exampleClients[1], stances: ['withdrawing'], engagement: 5 },
    ],
    agreements: [{ terms: 'Half an hour of talk on Sundays.', state: 'made' }],
  },
  missing,
  // What became of an agreement is said anew.
  carry: ({ agreements = [], cycle: { pattern } = {} }) => {
    const standing = agreements.filter(({ state }) => state !== 'broken' && state !== 'ended')
    return given({
      agreements: listed(standing.map(({ state: _state, ...terms }) => terms)),
      cycle: pattern === undefined || pattern === 'none_seen' ? undefined : { pattern },
    })
  },
  warnings,
  figures,
})

/** As it was first written: it could tell of safety. Nothing new is written under it. */
export const firstCouple = partKind({
  ...couple,
  version: 1,
  content: content({
    ...fields,
    reasonForOne: OneOf(['planned_individual', 'other_absent', 'other_left', 'safety'] as const, {
      description: 'Why only one partner was there, in notes that were begun under this structure.',
    }),
    safetyScreen: OneOf(['in_individual_charts', 'not_due'] as const, {
      description: 'Of notes that were begun under this structure only; later ones say nothing of it.',
    }),
  }),
})
