import { Type } from 'typebox'
import { OneOf, strictObject } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Words } from '../kind.ts'
import { personRoles } from './shared.ts'

/** In these the client's devices are covered. */
export const coveredStatuses = ['active'] as const

/** keys: block level. */
export const techPlan = defineKind({
  kind: 'tech_plan',
  name: 'RecoveryTechPlan',
  title: 'Technology plan',
  about:
    'Which device is guarded by which tool, and who receives what it reports. Pictures, addresses and what was looked at are never kept.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      device: OneOf(['phone', 'tablet', 'computer', 'television', 'console', 'other'] as const),
      tool: Words(80, 'What the tool is called.'),
      roles: Type.Array(
        strictObject({
          role: OneOf(['ally', 'account_admin', 'filter_guardian'] as const),
          person: OneOf(personRoles, {
            description: 'A therapist or a partner as ally is answered with a warning: talk about it first.',
          }),
        }),
        { maxItems: 10 },
      ),
      blockLevel: OneOf(['none', 'low', 'medium', 'high'] as const),
      timeLimits: Type.Optional(Words(300, 'In short.')),
      consentOn: Type.Optional(
        Type.String({ format: 'date', description: 'When the client agreed.', examples: ['2026-11-20'] }),
      ),
    },
    'A technology plan.',
    {
      device: 'phone',
      tool: 'Example Guard',
      roles: [{ role: 'ally', person: 'friend' }],
      blockLevel: 'medium',
      timeLimits: 'Off from ten at night (fictional).',
      consentOn: '2026-01-05',
    },
  ),
  steps: {
    planned: ['installed', 'removed'],
    installed: ['active', 'removed'],
    active: ['lapsed_coverage', 'removed'],
    lapsed_coverage: ['active', 'removed'],
    removed: ['planned'],
  },
  over: ['removed'],
  reviewOn: 'When the plan is looked at together.',
  portal: 'read',
  noLinks: true,
  notices: ({ roles }) => {
    const allies = roles.filter(({ role }) => role === 'ally').map(({ person }) => person)
    return [
      ...(allies.includes('therapist') ? (['therapist_as_ally'] as const) : []),
      ...(allies.includes('partner') ? (['partner_as_ally'] as const) : []),
    ]
  },
  indexed: ({ blockLevel }) => ({ keys: [blockLevel] }),
})

/** keys: event. */
export const accountabilityEvent = defineKind({
  kind: 'accountability_event',
  name: 'RecoveryAccountabilityEvent',
  title: 'Event of an accountability tool',
  about: 'That a tool gave an alert, went silent or was removed. Never what it saw.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      event: OneOf(['alert', 'uninstall', 'bypass', 'missing_data', 'all_clear'] as const),
      summary: Type.Optional(Words(300, 'In short; addresses are refused.')),
      discussedInSession: Flag('Whether it was talked about.'),
    },
    'An event of an accountability tool.',
    { event: 'missing_data', summary: 'No report for two days (fictional).', discussedInSession: false },
  ),
  log: true,
  steps: { recorded: [] },
  related: { kinds: ['tech_plan'], required: true },
  noLinks: true,
  indexed: ({ event }) => ({ keys: [event] }),
})
