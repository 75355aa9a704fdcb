import { Type } from 'typebox'
import { OneOf } from '../../../lib/schemas.ts'
import { content, words } from './fields.ts'
import { missingFields, partKind } from './part.ts'

const IntakeContent = content({
  presentingProblem: words('What the client comes for, in their words.'),
  history: words('How it came about, and what was tried before.'),
  family: words('Family, relationships and how they grew up.'),
  substances: words('Substances and other addictive behavior, now and before.'),
  medical: words('Health, medication, allergies, doctors.'),
  work: words('Work, school, money, law.'),
  culture: words('What of culture, faith and community matters for treatment.'),
  strengths: words('What the client brings.'),
  mentalStatus: words('How the client appeared.'),
  impression: words('First clinical impression.'),
  recommendation: OneOf([
    'outpatient',
    'higher_level_of_care',
    'couple_work',
    'group',
    'referral',
    'further_assessment',
  ] as const),
  consentsReviewed: Type.Boolean({
    description: 'Consent to treatment and privacy notice were gone through.',
  }),
})

export const intake = partKind({
  kind: 'intake',
  version: 1,
  title: 'Intake',
  about: 'The first session: why now, history, first impression and what is recommended.',
  source: 'Headings of a diagnostic evaluation as commonly taught; own words.',
  charts: ['individual', 'couple'],
  content: IntakeContent,
  example: {
    presentingProblem: 'Evenings that get out of hand (fictional).',
    history: 'Two years, worse since the move; a course of counseling in 2024.',
    family: 'Lives with a partner; a sister nearby.',
    substances: 'No alcohol; screens until late.',
    medical: 'None known.',
    work: 'Teaches; no legal matters.',
    culture: 'Nothing named.',
    strengths: 'Keeps appointments, has friends.',
    mentalStatus: 'Calm, oriented, engaged.',
    impression: 'To be looked at further.',
    recommendation: 'outpatient',
    consentsReviewed: true,
  },
  missing: part => missingFields(part, ['presentingProblem', 'mentalStatus', 'impression', 'recommendation']),
  warnings: ({ consentsReviewed }) =>
    consentsReviewed === true
      ? []
      : [
          {
            code: 'consents_not_reviewed',
            pointer: '/consentsReviewed',
            detail: 'Consent to treatment and the privacy notice were not gone through.',
          },
        ],
  figures: () => [],
})
