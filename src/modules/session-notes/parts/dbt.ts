import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { CalendarDate, OneOf } from '../../../lib/schemas.ts'
import { content, figure, growing, mean, minutes, rating, several, words } from './fields.ts'
import { hasText } from './numbers.ts'
import { listed, missingFields, type PartFigure, type PartWarning, partKind } from './part.ts'
import { referenceValues } from './reference-values.ts'

/** Most pressing first. */
const targetLevels = ['life_threatening', 'therapy_interfering', 'quality_of_life', 'skills'] as const

export const skillModules = [
  'mindfulness',
  'distress_tolerance',
  'emotion_regulation',
  'interpersonal_effectiveness',
] as const

const linkTypes = ['thought', 'emotion', 'sensation', 'action', 'event'] as const

const CardReview = growing(
  {
    reviewed: Type.Boolean({ description: 'Whether it was gone through together.' }),
    daysDue: rating(0, 31, 'Days since the last session for which a card was agreed'),
    daysFilled: rating(0, 31, 'Of these, the days that were filled in'),
    highestSuicideUrge: rating(0, 5, 'The strongest urge to suicide on the cards'),
    highestSelfHarmUrge: rating(0, 5, 'The strongest urge to self-harm on the cards'),
    discussion: words('What stood out.'),
  },
  'Going through the diary cards.',
)

const Target = growing(
  {
    level: OneOf(targetLevels, { description: 'Its place in the hierarchy, the most pressing first.' }),
    target: words('What it is about.', 500),
    addressed: Type.Boolean({ description: 'Whether this session worked on it.' }),
  },
  'A target of the session.',
)

const Link = growing(
  {
    type: OneOf(linkTypes),
    text: words('What came then.', 1_000),
    skillPossible: words('A skill that would have fitted here.', 500),
    solution: words('What to do at this link another time.', 1_000),
  },
  'A link of the chain.',
)

const Consequences = growing(
  {
    shortTermSelf: words('Soon, for oneself.', 1_000),
    shortTermOthers: words('Soon, for others.', 1_000),
    longTermSelf: words('Later, for oneself.', 1_000),
    longTermOthers: words('Later, for others.', 1_000),
  },
  'What followed.',
)

const Chain = growing(
  {
    targetBehavior: words('What happened, exactly.', 1_000),
    occurredOn: CalendarDate('The day of it.', '2026-01-05'),
    vulnerabilities: several(words('One of them.', 500), 'What made that day harder.', 20),
    promptingEvent: words('What set it off.', 1_000),
    links: several(Link, 'What led there, in the order of time.', 60),
    consequences: Consequences,
    prevention: words('How to make it less likely.'),
    repair: words('What is put right, and how.'),
  },
  'A chain analysis of one behavior.',
)

const Skill = growing(
  {
    module: OneOf(skillModules),
    skill: words('Which.', 200),
    work: OneOf(['taught', 'practiced', 'reviewed', 'assigned'] as const),
    rating: rating(0, 7, 'Use since the last session, from not thought of to by itself and helpful'),
  },
  'A skill that was worked on.',
)

const CoachingCall = growing(
  {
    on: CalendarDate('The day of the call.', '2026-01-04'),
    minutes: minutes('Length', 600),
    about: words('Which skill, and what for.', 1_000),
  },
  'A call for coaching between sessions.',
)

const Commitment = growing(
  { strength: rating(0, 10, 'How firm'), text: words('To what.', 1_000) },
  'What the client commits to.',
)

const DbtContent = content({
  diaryCard: CardReview,
  targets: several(Target, 'Targets of the session.', 20),
  chains: several(Chain, 'Chain analyses.', 5),
  skills: several(Skill, 'Skills that were worked on.', 30),
  coachingCalls: several(CoachingCall, 'Calls since the last session.', 50),
  commitment: Commitment,
})

type Dbt = Static<typeof DbtContent>

/** Something was done: targets, a chain or skills; and a chain has a behavior, what set it off, and links. */
function missing({ targets = [], chains = [], skills = [] }: Dbt): FieldError[] {
  if (targets.length + chains.length + skills.length === 0)
    return [{ pointer: '/targets', code: 'required', detail: 'Needs targets, a chain analysis or skills.' }]
  return chains.flatMap((chain, at) =>
    missingFields(chain, ['targetBehavior', 'promptingEvent', 'links']).map(error => ({
      ...error,
      pointer: `/chains/${at}${error.pointer}`,
    })),
  )
}

/** What threatens life comes before what disturbs therapy, and that before the rest. */
function warningsOfOrder({ targets = [] }: Dbt): PartWarning[] {
  const ranks = targets.map(({ level }) => (level === undefined ? undefined : targetLevels.indexOf(level)))
  const last = Math.max(
    -1,
    ...ranks.filter((_, at) => targets[at]?.addressed === true).map(rank => rank ?? -1),
  )
  return ranks.flatMap((rank, at) =>
    rank === undefined || rank >= last || targets[at]?.addressed === true
      ? []
      : [
          {
            code: 'target_order',
            pointer: `/targets/${at}`,
            detail: 'A less pressing target was worked on, and this one was not.',
          },
        ],
  )
}

function warningsOfCards({ diaryCard = {}, targets = [], chains = [] }: Dbt): PartWarning[] {
  const { reviewed, daysDue, daysFilled, highestSuicideUrge = 0 } = diaryCard
  const { value, source } = referenceValues.suicide_urge
  const found: PartWarning[] = []
  // Skills training goes without the card; individual work begins with it.
  if (targets.length + chains.length > 0 && reviewed !== true)
    found.push({
      code: 'diary_card_not_reviewed',
      pointer: '/diaryCard',
      detail: 'No diary card was reviewed.',
    })
  if (daysDue !== undefined && daysFilled !== undefined && daysFilled > daysDue)
    found.push({
      code: 'more_days_filled_than_due',
      pointer: '/diaryCard/daysFilled',
      detail: 'More days were filled in than cards were agreed for.',
    })
  if (highestSuicideUrge >= value)
    found.push({
      code: 'suicide_urge',
      pointer: '/diaryCard/highestSuicideUrge',
      detail: `An urge to suicide of ${value} or more (${source}): say how risk was looked at.`,
    })
  return found
}

const warningsOfChains = ({ chains = [] }: Dbt): PartWarning[] =>
  chains.flatMap(({ links = [] }, at) =>
    links.length === 0 || links.some(({ solution }) => hasText(solution))
      ? []
      : [
          {
            code: 'chain_without_solution',
            pointer: `/chains/${at}/links`,
            detail: 'No link of this chain has a solution.',
          },
        ],
  )

/** Counts are of this session; `skill_use_mean` is over the skills that were rated, 0 to 7. */
function figures({ diaryCard = {}, chains, skills, coachingCalls, commitment = {} }: Dbt): PartFigure[] {
  const links = chains?.flatMap(chain => chain.links ?? [])
  return [
    ...figure('diary_days_due', diaryCard.daysDue),
    ...figure('diary_days_filled', diaryCard.daysFilled),
    ...figure('suicide_urge_max', diaryCard.highestSuicideUrge),
    ...figure('self_harm_urge_max', diaryCard.highestSelfHarmUrge),
    ...figure('chains', chains?.length),
    ...figure('chain_links', links?.length),
    ...figure('chain_links_solved', links?.filter(({ solution }) => hasText(solution)).length),
    ...figure('skills_worked_on', skills?.length),
    ...figure('skill_use_mean', mean((skills ?? []).flatMap(skill => skill.rating ?? []))),
    ...figure('coaching_calls', coachingCalls?.length),
    ...figure('commitment_strength', commitment.strength),
  ]
}

export const dbt = partKind({
  kind: 'dbt',
  version: 1,
  title: 'Dialectical behavior therapy',
  about: 'Diary card review, targets in their order, chain analysis, skills, and coaching between sessions.',
  source:
    'Structure of standard DBT (Linehan 1993, 2015) in our own words: urges 0 to 5, use of skills 0 to 7.',
  charts: ['individual'],
  content: DbtContent,
  example: {
    diaryCard: { reviewed: true, daysDue: 7, daysFilled: 5, highestSuicideUrge: 1, highestSelfHarmUrge: 2 },
    targets: [
      { level: 'therapy_interfering', target: 'Two sessions missed (fictional).', addressed: true },
      { level: 'quality_of_life', target: 'Evenings alone online.', addressed: true },
    ],
    chains: [
      {
        targetBehavior: 'Three hours online instead of the agreed call (fictional).',
        occurredOn: '2026-01-05',
        vulnerabilities: ['Slept four hours.'],
        promptingEvent: 'A canceled visit.',
        links: [
          { type: 'thought', text: 'Nobody wants me around.', solution: 'Check the facts.' },
          { type: 'emotion', text: 'Sadness.', skillPossible: 'Call somebody.' },
        ],
        consequences: { shortTermSelf: 'Relief.', longTermSelf: 'Tired and ashamed.' },
        prevention: 'Call at six, before the evening begins.',
        repair: 'Tell the friend.',
      },
    ],
    skills: [{ module: 'emotion_regulation', skill: 'Checking the facts', work: 'practiced', rating: 4 }],
    coachingCalls: [{ on: '2026-01-04', minutes: 8, about: 'Getting through an evening (fictional).' }],
    commitment: { strength: 8, text: 'One call each evening.' },
  },
  missing,
  // The hierarchy stands, skills in training are asked about again, and a commitment is rated anew.
  carry: ({ targets = [], skills = [], commitment: { text } = {} }) =>
    given({
      targets: listed(targets.map(({ addressed: _addressed, ...target }) => target)),
      skills: listed(skills.map(({ module, skill }) => given({ module, skill }))),
      commitment: text === undefined ? undefined : { text },
    }),
  warnings: part => [...warningsOfOrder(part), ...warningsOfCards(part), ...warningsOfChains(part)],
  figures,
})
