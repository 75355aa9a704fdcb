import { Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import { OneOf } from '../../../lib/schemas.ts'
import { content, figure, minutes, words } from './fields.ts'
import { missingFields, partKind } from './part.ts'

const means = ['in_person', 'phone', 'video', 'letter', 'secure_message'] as const

const CollateralContent = content({
  role: words('Who it was to the client.', 120),
  by: OneOf(means),
  clientPresent: Type.Boolean({ description: 'Whether the client was there too.' }),
  authorization: OneOf(['on_file', 'client_present', 'not_needed_only_listened', 'emergency'] as const, {
    description: 'What allowed it.',
  }),
  topics: words('What it was about.'),
  shared: words('What was told of the client.'),
  minutes: minutes('How long it took'),
})

export const collateralContact = partKind({
  kind: 'collateral_contact',
  version: 1,
  title: 'Collateral contact',
  about: 'A talk with somebody else about the client, and what allowed it.',
  source: 'Own structure; disclosure needs an authorization or another ground of 45 CFR 164.506 to 164.512.',
  charts: ['individual', 'couple'],
  content: CollateralContent,
  example: {
    role: 'Psychiatrist',
    by: 'phone',
    clientPresent: false,
    authorization: 'on_file',
    topics: 'Change of medication (fictional).',
    shared: 'Attendance and the present plan.',
    minutes: 12,
  },
  missing: part => missingFields(part, ['role', 'by', 'authorization', 'topics']),
  warnings: ({ authorization, shared }) =>
    authorization === 'not_needed_only_listened' && shared?.trim()
      ? [
          {
            code: 'told_without_authorization',
            pointer: '/shared',
            detail: 'Something was told of the client, and the ground given is that nothing was.',
          },
        ]
      : [],
  figures: ({ minutes: spent }) => figure('collateral_minutes', spent),
})

const needs = [
  'housing',
  'benefits',
  'legal',
  'medical',
  'employment',
  'transport',
  'referral',
  'coordination_of_care',
  'other',
] as const

const CaseManagementContent = content({
  needs: Type.Array(OneOf(needs), { maxItems: 9, uniqueItems: true, description: 'What it was about.' }),
  actions: words('What was done.'),
  outcome: words('What came of it.'),
  openItems: words('What is still to be done, and by whom.'),
  minutes: minutes('How long it took'),
})

export const caseManagement = partKind({
  kind: 'case_management',
  version: 1,
  title: 'Case management',
  about: 'Work for the client outside of sessions: referrals, calls, papers.',
  source: 'Own structure.',
  charts: ['individual', 'couple'],
  content: CaseManagementContent,
  example: {
    needs: ['referral', 'coordination_of_care'],
    actions: 'Called two clinics about a sleep study (fictional).',
    outcome: 'One has an opening in January.',
    openItems: 'The client sends the form.',
    minutes: 20,
  },
  missing: part => missingFields(part, ['needs', 'actions']),
  carry: ({ needs: known, openItems }) => (openItems === undefined ? {} : given({ needs: known, openItems })),
  warnings: () => [],
  figures: ({ minutes: spent }) => figure('case_management_minutes', spent),
})
