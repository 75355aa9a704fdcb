import { type Static, Type } from 'typebox'
import {
  component,
  dictionary,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import {
  alertClasses,
  alertStatuses,
  concerns,
  evidenceName,
  historySteps,
  outcomes,
  ruleNames,
  severities,
} from './rules.ts'

const alertId = '019c0000-0000-7000-8000-00000000a1e1'
const chartId = '019c0000-0000-7000-8000-0000000000c1'
const clientId = '019c0000-0000-7000-8000-0000000000b1'
const staffId = '019c0000-0000-7000-8000-0000000000e1'

const Evidence = dictionary(
  Type.String({ pattern: evidenceName.source }),
  Type.Union([Type.String({ maxLength: 80 }), Type.Number(), Type.Boolean()]),
  {
    maxProperties: 20,
    description:
      'What the rule found: ids, numbers, dates and key words, by name. Never what a person wrote.',
    examples: [{ concern: 'safety' }],
  },
)

const Severity = OneOf(severities, {
  description: 'One step higher once nobody acknowledged it in time.',
  examples: ['attention'],
})

const AlertClient = component(
  'AlertClient',
  strictObject(
    { clientId: Id('A member of the chart.', clientId), displayName: Type.String() },
    { description: 'Somebody whose chart it is.', examples: [{ clientId, displayName: 'Casey Example' }] },
  ),
)

const fields = {
  id: Id('The alert.', alertId),
  chartId: Id('The chart it is about.', chartId),
  clients: Type.Array(AlertClient, { description: 'Whose chart it is.' }),
  rule: OneOf(ruleNames, { description: 'Which rule found it.' }),
  explanation: Type.String({ description: 'The rule in plain words.' }),
  dataClass: OneOf(alertClasses, {
    description: 'What of the chart one must be allowed to read to be told of it.',
  }),
  severity: Severity,
  status: OneOf(alertStatuses),
  ownerId: Nullable(
    Id('The staff member who is to see to it; null where the chart has no primary clinician.', staffId),
  ),
  evidence: Evidence,
  raisedAt: Instant('When it was raised.'),
  respondBy: Nullable(Instant('Until when somebody has to acknowledge it.')),
  overdue: Type.Boolean({ description: 'Still open after `respondBy`.' }),
  escalatedToId: Nullable(
    Id('Who supervised the owner when it became overdue: they were told. Null of restricted ones.', staffId),
  ),
  acknowledgedAt: Nullable(Instant('When somebody said they see to it.')),
  acknowledgedById: Nullable(Id('Who did.', staffId)),
  resolvedAt: Nullable(Instant('When it was resolved.')),
  resolvedById: Nullable(
    Id('Who resolved it; null also where its cause ended without a member of staff.', staffId),
  ),
  outcome: Nullable(OneOf(outcomes)),
  version: Version,
}

const example = {
  id: alertId,
  chartId,
  clients: [{ clientId, displayName: 'Casey Example' }],
  rule: 'staff_concern' as const,
  explanation: 'A member of staff asked for attention.',
  dataClass: 'clinical' as const,
  severity: 'attention' as const,
  status: 'open' as const,
  ownerId: staffId,
  evidence: { concern: 'safety' },
  raisedAt: '2026-11-23T16:00:00.000Z',
  respondBy: '2026-11-23T20:00:00.000Z',
  overdue: false,
  escalatedToId: null,
  acknowledgedAt: null,
  acknowledgedById: null,
  resolvedAt: null,
  resolvedById: null,
  outcome: null,
  version: 1,
}

export const Alert = component(
  'Alert',
  strictObject(fields, {
    description: 'That a rule, or a colleague, found something in a chart that somebody should look at.',
    examples: [example],
  }),
)

const exampleChange = {
  step: 'raised' as const,
  severity: 'attention' as const,
  ownerId: staffId,
  outcome: null,
  comment: null,
  madeById: null,
  madeAt: '2026-11-23T16:00:00.000Z',
}

const Change = component(
  'AlertChange',
  strictObject(
    {
      step: OneOf(historySteps),
      severity: Severity,
      ownerId: Nullable(Id('Who was to see to it from then on.', staffId)),
      outcome: Nullable(OneOf(outcomes)),
      comment: Nullable(Text(2_000)),
      madeById: Nullable(Id('The staff member; null for a rule or the clock.', staffId)),
      madeAt: Instant('When.'),
    },
    {
      description: 'A step in the life of an alert.',
      examples: [exampleChange],
    },
  ),
)

export const AlertDetail = component(
  'AlertDetail',
  strictObject(
    { ...fields, history: Type.Array(Change, { description: 'Oldest first.' }) },
    {
      description: 'An alert with everything that was done about it.',
      examples: [{ ...example, history: [exampleChange] }],
    },
  ),
)

const comment = Type.Optional(
  Nullable(Text(2_000, { description: 'For the colleagues who may see the alert.' })),
)

export const NewAlert = component(
  'NewAlert',
  strictObject(
    {
      concern: OneOf(concerns, { description: 'One unresolved alert for each concern of a chart.' }),
      restricted: Type.Optional(
        Type.Boolean({ description: 'For the care team only, not for those who supervise it.' }),
      ),
      severity: OneOf(severities),
      ownerId: Type.Optional(
        Id("Who is to see to it; the chart's primary clinician when left out.", staffId),
      ),
      respondWithinMinutes: Type.Optional(
        Type.Integer({
          minimum: 5,
          maximum: 43_200,
          description: 'Until it becomes overdue.',
          examples: [240],
        }),
      ),
      comment,
    },
    {
      description: "A colleague's attention to ask for.",
      examples: [{ concern: 'safety', severity: 'attention', respondWithinMinutes: 240 }],
    },
  ),
)

export const AlertReassignment = component(
  'AlertReassignment',
  strictObject(
    {
      ownerId: Id(
        "Somebody of the chart's care team; of a clinical alert also who supervises them.",
        staffId,
      ),
      comment,
    },
    { description: 'Who is to see to the alert from now on.', examples: [{ ownerId: staffId }] },
  ),
)

export const AlertResolution = component(
  'AlertResolution',
  strictObject(
    { outcome: OneOf(outcomes), comment },
    { description: 'What came of the alert.', examples: [{ outcome: 'handled' }] },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', chartId) })
export const AlertParams = strictObject({
  chartId: Id('The chart.', chartId),
  alertId: Id('The alert.', alertId),
})

export const AlertQuery = strictObject({
  ...PageQuery,
  of: Type.Optional(
    OneOf(['mine', 'supervisees'] as const, {
      description:
        'Only those the caller, or a supervisee of the caller, is to see to. With supervisees also those that nobody is to see to, of charts a supervisee treats.',
      examples: ['mine'],
    }),
  ),
  status: Type.Optional(OneOf(alertStatuses, { description: 'Only these.', examples: ['open'] })),
  severity: Type.Optional(OneOf(severities, { description: 'Only these.', examples: ['attention'] })),
  chartId: Type.Optional(Id('Only of this chart.', chartId)),
  overdue: Type.Optional(
    Type.Boolean({
      description: 'Only those still open after their time, or only the others.',
      examples: [false],
    }),
  ),
})
export const AlertPage = listOf('AlertPage', Alert)

export type Alert = Static<typeof Alert>
export type AlertDetail = Static<typeof AlertDetail>
export type AlertQuery = Static<typeof AlertQuery>
export type NewAlert = Static<typeof NewAlert>
export type AlertReassignment = Static<typeof AlertReassignment>
export type AlertResolution = Static<typeof AlertResolution>
