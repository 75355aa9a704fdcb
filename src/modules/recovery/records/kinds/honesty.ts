import { type TInteger, Type } from 'typebox'
import { OneOf, strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'
import { lifeDomains, personRoles } from './shared.ts'

/** keys: area, told, to whom. */
export const honestyCheckIn = defineKind({
  kind: 'honesty_check_in',
  name: 'RecoveryHonestyCheckIn',
  title: 'Honesty check-in',
  about: 'That something was told, partly told or not yet told, in one area of life.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      area: OneOf(lifeDomains),
      told: OneOf(['told', 'partly', 'not_yet'] as const),
      toldTo: Type.Optional(OneOf(personRoles)),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'An honesty check-in.',
    { area: 'money', told: 'told', toldTo: 'sponsor', note: 'About the second card (fictional).' },
  ),
  log: true,
  steps: { recorded: [] },
  portal: 'write',
  indexed: ({ area, told, toldTo }) => ({ keys: [area, told, toldTo ?? null] }),
})

const ratingsByDomain = Object.fromEntries(
  lifeDomains.map(domain => [domain, Type.Optional(Rating(0, 10, '0 lived apart to 10 lived as one.'))]),
) as Record<(typeof lifeDomains)[number], ReturnType<typeof Type.Optional<TInteger>>>

/** measures: a rating of each domain of life, in their order. */
export const integrationRating = defineKind({
  kind: 'integration_rating',
  name: 'RecoveryIntegrationRating',
  title: 'Integration rating',
  about: 'How far the areas of life belong together, in the client’s own view.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      ratings: strictObject(ratingsByDomain, { minProperties: 1 }),
      note: Type.Optional(Words(500, 'In short.')),
    },
    'A rating of the areas of life.',
    {
      ratings: { partner: 4, work: 7, money: 6, technology: 3 },
      note: 'Work and home are still two lives (fictional).',
    },
  ),
  log: true,
  steps: { recorded: [] },
  portal: 'read',
  indexed: ({ ratings }) => ({ measures: lifeDomains.map(domain => ratings[domain] ?? null) }),
})

/** keys: area, plan. */
export const secret = defineKind({
  kind: 'secret',
  name: 'RecoverySecret',
  title: 'Secret',
  about:
    'A label for what is not told yet; it lives with the work of disclosure. The care team alone sees it.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      area: OneOf(lifeDomains),
      label: Words(120, 'A few words by which client and clinician know it.'),
      knownBy: Type.Optional(Type.Array(OneOf(personRoles), { maxItems: 9, uniqueItems: true })),
      plan: OneOf(['undecided', 'formal_disclosure', 'own_words', 'not_to_be_told'] as const),
    },
    'A secret.',
    { area: 'money', label: 'The second account (fictional)', plan: 'formal_disclosure' },
  ),
  steps: {
    held: ['preparing', 'disclosed', 'let_be'],
    preparing: ['held', 'disclosed', 'let_be'],
    disclosed: [],
    let_be: ['held'],
  },
  over: ['disclosed', 'let_be'],
  indexed: ({ area, plan }) => ({ keys: [area, plan] }),
})
