import { Type } from 'typebox'
import { Money, OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

export const consequenceDomains = [
  'financial',
  'physical',
  'medical',
  'relationship',
  'family',
  'work',
  'legal',
  'emotional',
  'hiding',
] as const

/** keys: domain, currency. measures: severity, cost in minor units. */
export const consequence = defineKind({
  kind: 'consequence',
  name: 'RecoveryConsequence',
  title: 'Consequence',
  about: 'What the behavior has cost, from `occurredOn` to `endsOn`, and how it is being repaired.',
  dataClass: 'clinical',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      domain: OneOf(consequenceDomains),
      description: Words(2_000, 'What happened, in short.'),
      severity: Rating(0, 4, '0 none to 4 very severe.'),
      cost: Type.Optional(Money),
      repairAction: Type.Optional(Words(2_000, 'What is done to repair it.')),
      visibility: OneOf(['client', 'clinician', 'disclosure'] as const, {
        description: '`disclosure`: kept for a formal disclosure, seen by the care team alone.',
      }),
    },
    'A consequence.',
    {
      domain: 'financial',
      description: 'Savings spent (fictional).',
      severity: 3,
      cost: { amount: 120000, currency: 'USD' },
      repairAction: 'A hundred dollars are put back each month.',
      visibility: 'client',
    },
  ),
  steps: {
    active: ['being_repaired', 'resolved'],
    being_repaired: ['active', 'resolved'],
    resolved: ['active'],
  },
  over: ['resolved'],
  subject: 'optional',
  endsOn: 'The last day it happened.',
  portal: 'read',
  // That somebody has a matter before a court is itself restricted.
  restrictedWhen: ({ visibility, domain }) => visibility === 'disclosure' || domain === 'legal',
  indexed: ({ domain, severity, cost }) => ({
    keys: [domain, cost?.currency ?? null],
    measures: [severity, cost?.amount ?? null],
  }),
})
