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
  Version,
} from '../../lib/schemas.ts'
import { JourneyStep } from './history.schemas.ts'
import { journeyStatuses } from './journeys.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { JourneyStage, stageExample } from './stages.schemas.ts'
import { JourneyTask, taskExample } from './tasks.schemas.ts'
import { templateKinds } from './templates.rules.ts'

export const templateExample = {
  id: ids.template,
  number: 1,
  key: 'our-own-steps',
  title: 'Our own steps (fictional)',
  kind: 'task_program' as const,
}

export const TemplateUsed = component(
  'JourneyTemplate',
  strictObject(
    {
      id: Id('The template.', ids.template),
      number: Type.Integer({ minimum: 1, description: 'The version that is followed.' }),
      key: Type.String(),
      title: Type.String(),
      kind: OneOf(templateKinds),
    },
    { description: 'What is followed.', examples: [templateExample] },
  ),
)

const Percent = Nullable(
  Type.Integer({ minimum: 0, maximum: 100, description: 'Rounded down; null where nothing applies.' }),
)
const Count = (description: string) => Type.Integer({ minimum: 0, description })

const progress = {
  applicable: Count('Tasks that apply; deferred ones do.'),
  done: Count('Signed off or maintained.'),
  inWork: Count('Started and neither done nor deferred.'),
  percent: Percent,
}

const head = {
  id: Id('The journey.', ids.journey),
  chartId: Id('The chart it belongs to.', ids.chart),
  clientId: Nullable(Id('In a couple’s chart the partner it is about; null for both.', ids.client)),
  template: TemplateUsed,
  status: OneOf(journeyStatuses),
  releasedToClient: Type.Boolean({ description: 'Whether the client sees it in the portal.' }),
  startedOn: CalendarDate('The first day.', '2026-11-02'),
  endedOn: Nullable(CalendarDate('The day it was completed or transferred.', '2027-11-02')),
  enrolledById: Id('The member of staff who enrolled them.', ids.staff),
  version: Version,
  createdAt: Instant('When it was recorded.'),
  updatedAt: Instant('When it last changed.'),
}

const headExample = {
  id: ids.journey,
  chartId: ids.chart,
  clientId: null,
  template: templateExample,
  status: 'active' as const,
  releasedToClient: true,
  startedOn: '2026-11-02',
  endedOn: null,
  enrolledById: ids.staff,
  version: 1,
  createdAt: when,
  updatedAt: when,
}

export const JourneySummary = component(
  'JourneySummary',
  strictObject(
    {
      ...head,
      progress: strictObject({ applicable: progress.applicable, done: progress.done, percent: Percent }),
    },
    {
      description: 'A journey without its parts.',
      examples: [{ ...headExample, progress: { applicable: 4, done: 1, percent: 25 } }],
    },
  ),
)

export const Journey = component(
  'Journey',
  strictObject(
    {
      ...head,
      progress: strictObject({
        ...progress,
        performables: strictObject({
          total: Count('Performables of tasks that apply.'),
          accepted: Count('Of these, accepted.'),
          percent: Percent,
        }),
      }),
      sections: Type.Array(strictObject({ key: Type.String(), label: Type.String(), ...progress }), {
        description: 'Progress by section, in the order of the template.',
      }),
      velocity: strictObject(
        {
          last30Days: Count('Tasks that are done and were signed off in the last 30 days, today included.'),
          last90Days: Count('The same of the last 90 days.'),
          perMonth: Nullable(
            Type.Number({
              minimum: 0,
              description: 'Over at most the last 180 days; null in the first 30 days.',
            }),
          ),
        },
        { description: 'How tasks were signed off lately. Slow is not worse than fast.' },
      ),
      stuckAfterDays: Type.Integer({ minimum: 1, description: 'As asked for.' }),
      tasks: Type.Array(JourneyTask, { description: 'In the order of the template.' }),
      droppedTasks: Type.Array(JourneyTask, {
        description: 'What a migration left behind, as the version before called it.',
      }),
      stages: Type.Array(JourneyStage, { description: 'In the order they were entered.' }),
      changes: strictObject(
        {
          basis: OneOf(['last_session', 'given', 'start'] as const, {
            description: 'Since when: the last attended session of the chart, as asked, or the beginning.',
          }),
          since: Instant('From then on.'),
          steps: Type.Array(JourneyStep, { description: 'The newest first, 100 at most.' }),
        },
        { description: 'What happened since.' },
      ),
      history: Type.Array(JourneyStep, { description: 'Steps of the journey itself, oldest first.' }),
    },
    {
      description: 'A journey with everything on it: one screen, one request.',
      examples: [
        {
          ...headExample,
          progress: {
            applicable: 1,
            done: 0,
            inWork: 1,
            percent: 0,
            performables: { total: 1, accepted: 0, percent: 0 },
          },
          sections: [{ key: 'arriving', label: 'Arriving', applicable: 1, done: 0, inWork: 1, percent: 0 }],
          velocity: { last30Days: 0, last90Days: 0, perMonth: null },
          stuckAfterDays: 30,
          tasks: [taskExample],
          droppedTasks: [],
          stages: [stageExample],
          changes: { basis: 'start', since: when, steps: [] },
          history: [],
        },
      ],
    },
  ),
)

export const NewJourney = component(
  'NewJourney',
  strictObject(
    {
      programTemplateId: Id('The template.', ids.template),
      templateNumber: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Its published version.' }),
      clientId: Type.Optional(
        Nullable(Id('In a couple’s chart: the partner it is about; left out for both together.', ids.client)),
      ),
      startedOn: Type.Optional(CalendarDate('The first day; today when left out.', '2026-11-02')),
      releasedToClient: Type.Optional(
        Type.Boolean({ description: 'Shows it to the client in the portal; not unless said.' }),
      ),
    },
    {
      description: 'Whom to enroll in what.',
      examples: [{ programTemplateId: ids.template, templateNumber: 1, releasedToClient: true }],
    },
  ),
)

export const JourneyChange = component(
  'JourneyChange',
  Type.Partial(
    strictObject({
      releasedToClient: head.releasedToClient,
      startedOn: CalendarDate('The first day.', '2026-11-02'),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; what is left out stays.',
      examples: [{ releasedToClient: true }],
    },
  ),
)

export const JourneyStatusChange = component(
  'JourneyStatusChange',
  strictObject(
    {
      to: OneOf(journeyStatuses, { description: 'What ended can become active again.' }),
      note: Type.Optional(Nullable(Text(2_000, { description: 'Why.' }))),
    },
    {
      description: 'A step of a journey.',
      examples: [{ to: 'paused', note: 'A break over the holidays (fictional).' }],
    },
  ),
)

const KeyMapping = component(
  'JourneyKeyMapping',
  strictObject(
    {
      fromKey: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,59}$',
        description: 'A task or stage followed now.',
      }),
      toKey: Nullable(
        Type.String({
          pattern: '^[a-z][a-z0-9_]{0,59}$',
          description: 'What it is called there; null to leave it behind.',
        }),
      ),
    },
    {
      description: 'What becomes of a key.',
      examples: [{ fromKey: 'early_signs', toKey: 'warning_signs' }],
    },
  ),
)

const mapping = Type.Array(KeyMapping, {
  maxItems: 240,
  description: 'Keys that are the same in both need no entry.',
})

export const MigrationPlan = component(
  'JourneyMigrationPlan',
  strictObject(
    {
      programTemplateId: Id('The template to go on with.', ids.template),
      templateNumber: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Its published version.' }),
      mapping,
    },
    {
      description: 'Under which version a journey goes on, and what becomes of each key.',
      examples: [
        {
          programTemplateId: ids.template,
          templateNumber: 2,
          mapping: [{ fromKey: 'early_signs', toKey: 'warning_signs' }],
        },
      ],
    },
  ),
)

export const MigrationPreview = component(
  'JourneyMigrationPreview',
  strictObject(
    {
      kept: Type.Array(strictObject({ fromKey: Type.String(), toKey: Type.String() }), {
        description: 'What goes on, with its status and history.',
      }),
      dropped: Type.Array(Type.String(), { description: 'Keys left behind; their history stays.' }),
      added: Type.Array(Type.String(), { description: 'Keys that begin anew.' }),
      unmapped: Type.Array(Type.String(), {
        description: 'Keys that need an entry before the journey can be migrated.',
      }),
    },
    {
      description: 'What a migration would do. Nothing was changed.',
      examples: [
        {
          kept: [{ fromKey: 'early_signs', toKey: 'warning_signs' }],
          dropped: [],
          added: ['giving_back'],
          unmapped: [],
        },
      ],
    },
  ),
)

export const ChartOfJourneys = strictObject({ chartId: Id('The chart.', ids.chart) })
export const JourneyParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
})
export const JourneyListQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(journeyStatuses, { description: 'Only these.', examples: ['active'] })),
})
export const JourneyQuery = strictObject({
  stuckAfterDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_650,
      default: 30,
      description: 'A task in work that has not moved for longer than this is shown as stuck.',
      examples: [30],
    }),
  ),
  since: Type.Optional(
    Instant('What changed from then on; since the last attended session when left out.', when),
  ),
})
export const JourneySummaryPage = listOf('JourneySummaryPage', JourneySummary)

export type JourneySummary = Static<typeof JourneySummary>
export type Journey = Static<typeof Journey>
export type NewJourney = Static<typeof NewJourney>
export type JourneyChange = Static<typeof JourneyChange>
export type JourneyStatusChange = Static<typeof JourneyStatusChange>
export type JourneyListQuery = Static<typeof JourneyListQuery>
export type JourneyQuery = Static<typeof JourneyQuery>
export type MigrationPlan = Static<typeof MigrationPlan>
export type MigrationPreview = Static<typeof MigrationPreview>
