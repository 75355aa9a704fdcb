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
} from '../../../lib/schemas.ts'
import { MigrationPlan, MigrationPreview } from '../journeys.schemas.ts'
import { exampleIds as ids, when } from '../schema-examples.ts'
import { TemplateVersionParams } from '../templates.schemas.ts'
import { batchReasons, memberStatuses } from './batches.rules.ts'

const exampleBatch = '019c0000-0000-7000-8000-00000000120f'

const Count = (description: string) => Type.Integer({ minimum: 0, description })
const SmallCount = Nullable(Count('Null where so few would tell of somebody.'))

const Reason = OneOf(batchReasons, {
  description:
    'Why it needs a person. `undecided_keys`: work was begun in keys that nobody spoke of. `moved_on`: it followed another version by then, or had ended.',
})
const Undecided = Type.Array(Type.String(), { description: 'With `undecided_keys`: which.' })

const reasons = Object.fromEntries(batchReasons.map(reason => [reason, SmallCount])) as Record<
  (typeof batchReasons)[number],
  typeof SmallCount
>
const byReasonExample = {
  undecided_keys: 6,
  not_active: 0,
  chart_closed: 0,
  in_target_program: 0,
  audience: 0,
  moved_on: 0,
}

const ByReason = component(
  'JourneyBatchReasons',
  strictObject(reasons, {
    description: 'Of those that need a person, how many for each reason.',
    examples: [byReasonExample],
  }),
)

const neededExample = {
  journeyId: ids.journey,
  chartId: ids.chart,
  reason: 'undecided_keys' as const,
  undecidedKeys: ['daily_rhythm'],
}
const keysExample = { kept: [], dropped: [], added: ['brand_new'], unmapped: ['daily_rhythm'] }

export const BatchPreview = component(
  'JourneyBatchPreview',
  strictObject(
    {
      keys: MigrationPreview,
      total: Count('Journeys that follow this version and are not over.'),
      ready: Count('Those that would go on by themselves.'),
      needPerson: Count('Those that would be left for a person.'),
      byReason: ByReason,
      data: Type.Array(
        strictObject({
          journeyId: Id('The journey.', ids.journey),
          chartId: Id('Its chart.', ids.chart),
          reason: Reason,
          undecidedKeys: Undecided,
        }),
        { description: 'Those that need a person, of charts that are open to the caller.' },
      ),
      nextCursor: Nullable(
        Type.String({ description: 'Give it as `cursor` for the next page; null on the last.' }),
      ),
    },
    {
      description:
        'What a batch would do. Keys in `unmapped` are left behind by journeys that have not begun them. Nothing was changed.',
      examples: [
        {
          keys: keysExample,
          total: 40,
          ready: 34,
          needPerson: 6,
          byReason: byReasonExample,
          data: [neededExample],
          nextCursor: null,
        },
      ],
    },
  ),
)

const TemplateNumber = Type.Integer({ minimum: 1, description: 'The version.', examples: [1] })

export const JourneyBatch = component(
  'JourneyMigrationBatch',
  strictObject(
    {
      id: Id('The batch.', exampleBatch),
      fromTemplateId: Id('The template of those it is about.', ids.template),
      fromNumber: TemplateNumber,
      toTemplateId: Id('The template they go on with.', ids.template),
      toNumber: TemplateNumber,
      mapping: MigrationPlan.properties.mapping,
      status: OneOf(['running', 'finished'] as const),
      total: Count('Journeys in it.'),
      waiting: Count('Those that were not looked at yet.'),
      migrated: Count('Those that went on.'),
      left: Count('Those that were left for a person.'),
      leftByReason: ByReason,
      startedById: Id('Who started it.', ids.staff),
      startedAt: Instant('When.', when),
      finishedAt: Nullable(Instant('When all were looked at.', when)),
    },
    {
      description: 'Journeys of one version that go on under another, and how far that is.',
      examples: [
        {
          id: exampleBatch,
          fromTemplateId: ids.template,
          fromNumber: 1,
          toTemplateId: ids.template,
          toNumber: 2,
          mapping: [],
          status: 'finished',
          total: 40,
          waiting: 0,
          migrated: 34,
          left: 6,
          leftByReason: byReasonExample,
          startedById: ids.staff,
          startedAt: when,
          finishedAt: when,
        },
      ],
    },
  ),
)

export const BatchJourney = component(
  'JourneyBatchMember',
  strictObject(
    {
      journeyId: Id('The journey.', ids.journey),
      chartId: Id('Its chart.', ids.chart),
      status: OneOf(memberStatuses),
      reason: Nullable(Reason),
      undecidedKeys: Undecided,
      settledAt: Nullable(Instant('When it was looked at.', when)),
    },
    {
      description: 'What became of a journey of a batch.',
      examples: [{ ...neededExample, status: 'left', settledAt: when }],
    },
  ),
)

export const BatchParams = strictObject({ journeyBatchId: Id('The batch.', exampleBatch) })
export const BatchQuery = strictObject(PageQuery)
export const BatchJourneyQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(memberStatuses, { description: 'Only these.', examples: ['left'] })),
})
export const BatchPage = listOf('JourneyMigrationBatchPage', JourneyBatch)
export const BatchJourneyPage = listOf('JourneyBatchMemberPage', BatchJourney)
export { MigrationPlan as BatchPlan, TemplateVersionParams }

export type BatchPreview = Static<typeof BatchPreview>
export type JourneyBatch = Static<typeof JourneyBatch>
export type BatchJourney = Static<typeof BatchJourney>
