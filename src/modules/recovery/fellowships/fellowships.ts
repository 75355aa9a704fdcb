import type { AddictionType } from '../addictions/addictions.rules.ts'
import type { fellowshipAudiences, fellowships } from '../records/kinds/fellowship.ts'
import type { Philosophy } from '../words.ts'

export const fellowshipApproaches = ['twelve_step', 'peer_skills', 'meditation', 'moderation'] as const

/** Who says what sobriety is: the fellowship, each member, or nobody because nothing is asked for. */
export const sobrietyBases = ['set_by_fellowship', 'own_definition', 'none_asked'] as const

export interface Fellowship {
  key: Exclude<(typeof fellowships)[number], 'other'>
  title: string
  audience: (typeof fellowshipAudiences)[number]
  approach: (typeof fellowshipApproaches)[number]
  sobrietyBasis: (typeof sobrietyBases)[number]
  /** What its members come for: their own, or that of the person they are close to. */
  addictionTypes: readonly AddictionType[]
  /** The philosophies of treatment that its own idea of sobriety does not speak against. */
  philosophies: readonly Philosophy[]
  source: string
  confidence: 'verified' | 'general_knowledge'
}

const sexual = ['sex', 'pornography'] as const
const substances = [
  'alcohol',
  'cocaine',
  'stimulants',
  'opioids',
  'cannabis',
  'sedatives',
  'other_substance',
] as const
const everything = [
  ...substances,
  'nicotine',
  'sex',
  'love',
  'pornography',
  'gaming',
  'internet',
  'phone_social_media',
  'gambling',
  'eating',
  'spending',
  'work',
  'other_process',
] as const

const toAbstain = ['abstinence', 'integrated'] as const
const anyWay = ['abstinence', 'harm_reduction', 'integrated'] as const

const steps = { audience: 'recovering', approach: 'twelve_step' } as const
const fixed = { ...steps, sobrietyBasis: 'set_by_fellowship', philosophies: toAbstain } as const
const own = { ...steps, sobrietyBasis: 'own_definition', philosophies: anyWay } as const
const close = {
  audience: 'partner',
  approach: 'twelve_step',
  sobrietyBasis: 'none_asked',
  philosophies: anyWay,
} as const

const ownWords = { source: 'the fellowship’s own website', confidence: 'verified' } as const
const known = {
  source: 'general knowledge of the fellowship’s own literature',
  confidence: 'general_knowledge',
} as const

/**
 * Groups people meet in, in the order in which they are shown. That one stands here recommends nothing: what helps whom is
 * not settled, and meetings differ more than fellowships do.
 */
export const knownFellowships: readonly Fellowship[] = [
  { key: 'sa', title: 'Sexaholics Anonymous', addictionTypes: sexual, ...fixed, ...ownWords },
  { key: 'saa', title: 'Sex Addicts Anonymous', addictionTypes: sexual, ...own, ...ownWords },
  {
    key: 'slaa',
    title: 'Sex and Love Addicts Anonymous',
    addictionTypes: [...sexual, 'love'],
    ...own,
    ...ownWords,
  },
  { key: 'sca', title: 'Sexual Compulsives Anonymous', addictionTypes: sexual, ...own, ...known },
  { key: 'sra', title: 'Sexual Recovery Anonymous', addictionTypes: sexual, ...fixed, ...known },
  { key: 'aa', title: 'Alcoholics Anonymous', addictionTypes: ['alcohol'], ...fixed, ...known },
  { key: 'na', title: 'Narcotics Anonymous', addictionTypes: substances, ...fixed, ...known },
  { key: 'ca', title: 'Cocaine Anonymous', addictionTypes: ['cocaine', 'stimulants'], ...fixed, ...known },
  { key: 'ma', title: 'Marijuana Anonymous', addictionTypes: ['cannabis'], ...fixed, ...known },
  { key: 'nica', title: 'Nicotine Anonymous', addictionTypes: ['nicotine'], ...fixed, ...known },
  { key: 'ga', title: 'Gamblers Anonymous', addictionTypes: ['gambling'], ...fixed, ...known },
  { key: 'oa', title: 'Overeaters Anonymous', addictionTypes: ['eating'], ...own, ...known },
  { key: 'da', title: 'Debtors Anonymous', addictionTypes: ['spending'], ...fixed, ...known },
  { key: 'wa', title: 'Workaholics Anonymous', addictionTypes: ['work'], ...own, ...known },
  {
    key: 'itaa',
    title: 'Internet and Technology Addicts Anonymous',
    addictionTypes: ['internet', 'phone_social_media', 'gaming'],
    ...own,
    ...known,
  },
  { key: 'cgaa', title: 'Computer Gaming Addicts Anonymous', addictionTypes: ['gaming'], ...fixed, ...known },
  {
    key: 'smart',
    title: 'SMART Recovery',
    audience: 'recovering',
    approach: 'peer_skills',
    sobrietyBasis: 'own_definition',
    addictionTypes: everything,
    philosophies: anyWay,
    ...known,
  },
  {
    key: 'recovery_dharma',
    title: 'Recovery Dharma',
    audience: 'recovering',
    approach: 'meditation',
    sobrietyBasis: 'own_definition',
    addictionTypes: everything,
    philosophies: anyWay,
    ...known,
  },
  {
    key: 'lifering',
    title: 'LifeRing Secular Recovery',
    audience: 'recovering',
    approach: 'peer_skills',
    sobrietyBasis: 'set_by_fellowship',
    addictionTypes: substances,
    philosophies: toAbstain,
    ...known,
  },
  {
    key: 'moderation_management',
    title: 'Moderation Management',
    audience: 'recovering',
    approach: 'moderation',
    sobrietyBasis: 'own_definition',
    addictionTypes: ['alcohol'],
    philosophies: ['harm_reduction', 'integrated'],
    ...known,
  },
  {
    key: 'hams',
    title: 'HAMS: Harm Reduction, Abstinence and Moderation Support',
    audience: 'recovering',
    approach: 'moderation',
    sobrietyBasis: 'own_definition',
    addictionTypes: ['alcohol'],
    philosophies: ['harm_reduction', 'integrated'],
    ...known,
  },
  { key: 's_anon', title: 'S-Anon', addictionTypes: sexual, ...close, ...ownWords },
  { key: 'cosa', title: 'COSA', addictionTypes: sexual, ...close, ...ownWords },
  { key: 'al_anon', title: 'Al-Anon', addictionTypes: ['alcohol'], ...close, ...known },
  { key: 'nar_anon', title: 'Nar-Anon', addictionTypes: substances, ...close, ...known },
  { key: 'gam_anon', title: 'Gam-Anon', addictionTypes: ['gambling'], ...close, ...known },
  {
    key: 'rca',
    title: 'Recovering Couples Anonymous',
    audience: 'couple',
    approach: 'twelve_step',
    sobrietyBasis: 'none_asked',
    addictionTypes: everything,
    philosophies: anyWay,
    ...known,
  },
]

/** What is said of a fellowship wherever it is shown. */
export const factsOf = ({
  key,
  title,
  audience,
  approach,
  sobrietyBasis,
  source,
  confidence,
}: Fellowship) => ({
  fellowship: key,
  title,
  audience,
  approach,
  sobrietyBasis,
  source,
  confidence,
})
