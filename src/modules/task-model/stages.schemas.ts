import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { bandPositions } from './stages.rules.ts'
import { confidences } from './templates.rules.ts'

export const stageExample = {
  id: ids.stage,
  key: 'shock',
  label: 'Shock',
  enteredOn: '2026-11-02',
  leftOn: null,
  elapsedDays: 190,
  typical: {
    fromDays: 183,
    toDays: 244,
    measuredFrom: 'stage_entry' as const,
    source: 'Ranges given by several treatment programs.',
    confidence: 'published' as const,
    position: 'within_typical' as const,
  },
  note: null,
  recordedById: ids.staff,
  version: 1,
  createdAt: when,
}

export const JourneyStage = component(
  'JourneyStage',
  strictObject(
    {
      id: Id('The stage of this journey.', ids.stage),
      key: Type.String({ description: 'As the template calls it.' }),
      label: Type.String(),
      enteredOn: CalendarDate('The day it began.', '2026-11-02'),
      leftOn: Nullable(CalendarDate('The day it ended; null while it lasts.', '2027-05-01')),
      elapsedDays: Type.Integer({ minimum: 0, description: 'The day it began is day 0.' }),
      typical: Nullable(
        strictObject(
          {
            fromDays: Type.Integer({ minimum: 0 }),
            toDays: Nullable(Type.Integer({ minimum: 0, description: 'Null when it is open.' })),
            measuredFrom: OneOf(['stage_entry', 'journey_start'] as const),
            source: Type.String(),
            confidence: OneOf(confidences),
            position: OneOf(bandPositions, { description: 'Where the days stand; both ends are within.' }),
          },
          { description: 'Beside what somebody published as typical. It is no judgment.' },
        ),
      ),
      note: Nullable(Type.String({ description: 'What it was seen by.' })),
      recordedById: Id('The member of staff who recorded it.', ids.staff),
      version: Version,
      createdAt: Instant('When it was recorded, which may be later.'),
    },
    { description: 'A stage somebody is or was in. Stages overlap.', examples: [stageExample] },
  ),
)

/** A stage as it is told outside the record. */
export const StageSpan = component(
  'JourneyStageSpan',
  strictObject(
    {
      label: Type.String(),
      enteredOn: CalendarDate('The day it began.', '2026-11-02'),
      leftOn: Nullable(CalendarDate('The day it ended.', '2027-05-01')),
    },
    {
      description: 'From when to when somebody was in a stage.',
      examples: [{ label: 'Shock', enteredOn: '2026-11-02', leftOn: null }],
    },
  ),
)

export const NewStage = component(
  'NewJourneyStage',
  strictObject(
    {
      stageKey: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,59}$',
        description: 'A stage of the template.',
        examples: ['shock'],
      }),
      enteredOn: CalendarDate('The day it began; not in the future.', '2026-11-02'),
      note: Type.Optional(Nullable(Text(5_000, { description: 'What it was seen by.' }))),
    },
    {
      description: 'That a stage began. Others may last beside it.',
      examples: [{ stageKey: 'shock', enteredOn: '2026-11-02', note: 'As told in session (fictional).' }],
    },
  ),
)

export const StageDeparture = component(
  'JourneyStageDeparture',
  strictObject(
    { leftOn: CalendarDate('The day it ended; not in the future.', '2026-11-20') },
    { description: 'That a stage ended.', examples: [{ leftOn: '2026-11-20' }] },
  ),
)

export const StageParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
  stageId: Id('The stage.', ids.stage),
})

export type JourneyStage = Static<typeof JourneyStage>
export type NewStage = Static<typeof NewStage>
