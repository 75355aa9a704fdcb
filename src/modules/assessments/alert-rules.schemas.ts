import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
} from '../../lib/schemas.ts'
import { InstrumentKey, ItemKey } from './definitions.schemas.ts'

const alertRuleId = '019c0000-0000-7000-8000-0000000000a8'
const staffId = '019c0000-0000-7000-8000-0000000000f1'

const Limit = (description: string) => Type.Number({ minimum: -100_000, maximum: 100_000, description })

/** Of the first two one is said, and of the last two one. */
const condition = {
  scale: { ...ItemKey, description: 'A scale of the instrument.', examples: ['total'] },
  item: { ...ItemKey, description: 'A single item: its answer as it was given.', examples: ['9'] },
  atLeast: Limit('From this number on somebody looks.'),
  atMost: Limit('Up to this number somebody looks: where low is bad.'),
}

const nullable = {
  scale: Nullable(condition.scale),
  item: Nullable(condition.item),
  atLeast: Nullable(condition.atLeast),
  atMost: Nullable(condition.atMost),
}

const fields = {
  instrumentKey: InstrumentKey,
  severity: OneOf(['info', 'attention', 'urgent'] as const),
}

const Minutes = Nullable(
  Type.Integer({
    minimum: 1,
    maximum: 43_200,
    description: 'How soon somebody is to respond; null for what the practice’s policies say.',
  }),
)

const example = { instrumentKey: 'phq-9', scale: 'total', atLeast: 20, severity: 'attention' as const }

export const AlertRule = component(
  'AssessmentAlertRule',
  strictObject(
    {
      id: Id('The rule.', alertRuleId),
      ...fields,
      ...nullable,
      respondWithinMinutes: Minutes,
      createdById: Id('The staff member who made it.', staffId),
      createdAt: Instant('When it was made.'),
      endedAt: Nullable(Instant('When it ended; null while it is in force.')),
    },
    {
      description: 'At which score or answer an alert is raised, beyond what the instruments say themselves.',
      examples: [
        {
          id: alertRuleId,
          ...example,
          item: null,
          atMost: null,
          respondWithinMinutes: null,
          createdById: staffId,
          createdAt: '2026-11-23T16:00:00.000Z',
          endedAt: null,
        },
      ],
    },
  ),
)

export const NewAlertRule = component(
  'NewAssessmentAlertRule',
  strictObject(
    {
      ...fields,
      ...Type.Partial(strictObject(condition)).properties,
      respondWithinMinutes: Type.Optional(Minutes),
    },
    {
      description:
        'A rule of the practice, with either `scale` or `item` and either `atLeast` or `atMost`. It never changes: another number is another rule.',
      examples: [example],
    },
  ),
)

export const AlertRuleParams = strictObject({ alertRuleId: Id('The rule.', alertRuleId) })
export const AlertRuleQuery = strictObject({ ...PageQuery })
export const AlertRulePage = listOf('AssessmentAlertRulePage', AlertRule)

export type AlertRule = Static<typeof AlertRule>
export type NewAlertRule = Static<typeof NewAlertRule>
export type AlertRuleQuery = Static<typeof AlertRuleQuery>
