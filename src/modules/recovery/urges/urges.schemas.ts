import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import {
  EnteredBy,
  exampleIds,
  exampleInstant,
  paramsOf,
  Rating,
  RecordedById,
} from '../documents/documents.schemas.ts'

export const stages = ['cue', 'thought', 'ritual', 'act'] as const
export const urgeOutcomes = ['passed', 'weakened', 'unchanged', 'acted_on'] as const

const fields = {
  occurredAt: Instant('When the urge came; not in the future.', '2026-01-05T05:30:00.000Z'),
  addictionId: Nullable(Id('The addiction it belongs to.', exampleIds.addiction)),
  triggerId: Nullable(Id('What set it off.', exampleIds.trigger)),
  stage: OneOf(stages, { description: 'How far it had gone when it was noticed. Earlier is progress.' }),
  urgeBefore: Rating('How strong it was.'),
  urgeAfter: Nullable(Rating('How strong it was afterwards.')),
  outcome: OneOf(urgeOutcomes),
  copingSkillIds: Type.Array(Id('A coping skill that was used.', exampleIds.skill), {
    maxItems: 10,
    uniqueItems: true,
  }),
  note: Nullable(Text(2_000)),
}

const newExample = {
  occurredAt: '2026-01-05T05:30:00.000Z',
  stage: 'thought' as const,
  urgeBefore: 7,
  urgeAfter: 3,
  outcome: 'weakened' as const,
}

export const Urge = component(
  'Urge',
  strictObject(
    {
      id: Id('The entry.', exampleIds.urge),
      ...fields,
      occurredOn: CalendarDate('The client’s day.', '2026-01-04'),
      localHour: Type.Integer({ minimum: 0, maximum: 23, description: 'The hour where the client was.' }),
      weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'The client’s weekday; 1 is Monday.' }),
      withdrawnAt: Nullable(Instant('When it was withdrawn, because it was entered in error.')),
      recordedById: RecordedById,
      enteredBy: EnteredBy,
      createdAt: Instant('When it was entered.', exampleInstant),
    },
    {
      description: 'An urge that was noticed, and what was done.',
      examples: [
        {
          id: exampleIds.urge,
          ...newExample,
          addictionId: exampleIds.addiction,
          triggerId: exampleIds.trigger,
          copingSkillIds: [exampleIds.skill],
          note: null,
          occurredOn: '2026-01-04',
          localHour: 21,
          weekday: 7,
          withdrawnAt: null,
          recordedById: null,
          enteredBy: 'client',
          createdAt: exampleInstant,
        },
      ],
    },
  ),
)

export const NewUrge = component(
  'NewUrge',
  strictObject(
    {
      ...Type.Partial(strictObject(fields)).properties,
      occurredAt: fields.occurredAt,
      stage: fields.stage,
      urgeBefore: fields.urgeBefore,
      outcome: fields.outcome,
    },
    { description: 'An urge to log.', examples: [newExample] },
  ),
)

const patternExample = {
  from: '2025-12-01',
  to: '2026-01-05',
  count: 2,
  meanStage: 2,
  interruptedRate: 1,
  triggers: [{ triggerId: exampleIds.trigger, count: 2, meanUrge: 7 }],
  hours: [{ weekday: 7, hour: 21, count: 2, meanUrge: 7 }],
  skills: [{ copingSkillId: exampleIds.skill, uses: 2, meanDrop: 4, hitRate: 1 }],
}

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

export const UrgePatterns = component(
  'UrgePatterns',
  strictObject(
    {
      from: CalendarDate('The first day.', patternExample.from),
      to: CalendarDate('The last day.', patternExample.to),
      count: Type.Integer({ minimum: 0, description: 'Urges that were logged.' }),
      meanStage: Nullable(
        Type.Number({
          minimum: 1,
          maximum: 4,
          description:
            'The mean stage at which urges were noticed: 1 cue, 2 thought, 3 ritual, 4 act. Lower is earlier.',
        }),
      ),
      interruptedRate: Nullable(share('The share that was not acted on.')),
      triggers: Type.Array(
        strictObject({
          triggerId: Id('The trigger.', exampleIds.trigger),
          count: Type.Integer({ minimum: 1 }),
          meanUrge: Type.Number(),
        }),
        { description: 'Most frequent first.' },
      ),
      hours: Type.Array(
        strictObject({
          weekday: Type.Integer({ minimum: 1, maximum: 7 }),
          hour: Type.Integer({ minimum: 0, maximum: 23 }),
          count: Type.Integer({ minimum: 1 }),
          meanUrge: Type.Number(),
        }),
        { description: 'By weekday and hour where the client was; hours without an urge are left out.' },
      ),
      skills: Type.Array(
        strictObject({
          copingSkillId: Id('The skill.', exampleIds.skill),
          uses: Type.Integer({ minimum: 1 }),
          meanDrop: Nullable(
            Type.Number({ description: 'Mean of urge before less urge after, where both are known.' }),
          ),
          hitRate: share('The share of its uses after which the urge had passed or weakened.'),
        }),
        { description: 'Most used first. A skill shares an urge with the others used then.' },
      ),
    },
    { description: 'What the urge log shows. Means have two decimals.', examples: [patternExample] },
  ),
)

export const UrgeParams = paramsOf('urgeId', 'The entry of the log.', exampleIds.urge)
export const UrgeQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(CalendarDate('Only from this day on.', '2026-01-01')),
  to: Type.Optional(CalendarDate('Only up to this day.', '2026-01-31')),
})
export const PatternQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; 90 days back when left out.', '2025-12-01')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-01-05')),
})
export const UrgePage = listOf('UrgePage', Urge)

export type Urge = Static<typeof Urge>
export type NewUrge = Static<typeof NewUrge>
export type UrgeQuery = Static<typeof UrgeQuery>
export type UrgePatterns = Static<typeof UrgePatterns>
export type PatternQuery = Static<typeof PatternQuery>
