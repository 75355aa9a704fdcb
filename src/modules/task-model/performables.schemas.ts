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
import { evidenceKinds, performableStatuses, presentationPlaces } from './performables.rules.ts'
import { exampleIds as ids, when } from './schema-examples.ts'
import { evidenceTypes } from './templates.rules.ts'

const fields = {
  id: Id('The performable of this journey.', ids.performable),
  key: Type.String({ description: 'As the template calls it.' }),
  label: Type.String(),
  evidenceType: OneOf(evidenceTypes, { description: 'What shows that it was done.' }),
  required: Type.Boolean({ description: 'Is to be accepted before the task is signed off.' }),
  restricted: Type.Boolean({ description: 'What is written of it is shown to the care team only.' }),
  status: OneOf(performableStatuses),
  statusSince: Instant('Since when it has this status.'),
  evidenceCount: Type.Integer({ minimum: 0, description: 'Entries that were not withdrawn.' }),
  lastEvidenceOn: Nullable(CalendarDate('The day of the latest of them.', '2026-11-20')),
  presentedIn: Type.Array(OneOf(presentationPlaces), { description: 'Where it was presented.' }),
  version: Version,
}

export const performableExample = {
  id: ids.performable,
  key: 'map',
  label: 'A map of safe places',
  evidenceType: 'text' as const,
  required: true,
  restricted: false,
  status: 'drafting' as const,
  statusSince: when,
  evidenceCount: 1,
  lastEvidenceOn: '2026-11-20',
  presentedIn: ['group' as const],
  version: 2,
}

export const JourneyPerformable = component(
  'JourneyPerformable',
  strictObject(fields, {
    description: 'What is to be done for a task.',
    examples: [performableExample],
  }),
)

const Evidence = component(
  'JourneyEvidence',
  strictObject(
    {
      id: Id('The entry.', ids.evidence),
      kind: OneOf(evidenceKinds),
      occurredOn: CalendarDate('The day it was done.', '2026-11-20'),
      note: Nullable(Type.String({ description: 'Of a restricted performable for the care team only.' })),
      quantity: Nullable(Type.Integer({ description: 'Of a count.' })),
      appointmentId: Nullable(Id('The session it was done in.', ids.appointment)),
      instrumentKey: Nullable(Type.String({ description: 'The instrument that was filled in.' })),
      presentedIn: Nullable(OneOf(presentationPlaces)),
      enteredBy: OneOf(['staff', 'client'] as const),
      recordedById: Nullable(Id('The member of staff; null for the client.', ids.staff)),
      createdAt: Instant('When it was recorded, which may be later.'),
      withdrawnAt: Nullable(Instant('When it was withdrawn; it does not count any more.')),
    },
    {
      description: 'What was brought for a performable, or where it was presented.',
      examples: [
        {
          id: ids.evidence,
          kind: 'text',
          occurredOn: '2026-11-20',
          note: 'Kitchen, library, the bench by the pond (fictional).',
          quantity: null,
          appointmentId: null,
          instrumentKey: null,
          presentedIn: null,
          enteredBy: 'client',
          recordedById: null,
          createdAt: when,
          withdrawnAt: null,
        },
      ],
    },
  ),
)

export const JourneyPerformableDetail = component(
  'JourneyPerformableDetail',
  strictObject(
    {
      journeyId: Id('The journey.', ids.journey),
      taskId: Id('The task.', ids.task),
      ...fields,
      evidence: Type.Array(Evidence, { description: 'Oldest first.' }),
    },
    {
      description: 'A performable with its evidence.',
      examples: [{ journeyId: ids.journey, taskId: ids.task, ...performableExample, evidence: [] }],
    },
  ),
)

export const PerformableStatusChange = component(
  'JourneyPerformableStatusChange',
  strictObject(
    {
      to: OneOf(performableStatuses),
      note: Type.Optional(
        Nullable(
          Text(5_000, {
            description: 'With `needs_work` it is shown to the client where the journey is released.',
          }),
        ),
      ),
    },
    { description: 'A step of a performable.', examples: [{ to: 'drafting' }] },
  ),
)

export const NewEvidence = component(
  'NewJourneyEvidence',
  strictObject(
    {
      kind: OneOf(evidenceKinds, {
        description: 'As the performable asks for, or `presentation`: that and where it was presented.',
      }),
      occurredOn: CalendarDate('The day it was done; not in the future.', '2026-11-20'),
      note: Type.Optional(Nullable(Text(20_000, { description: 'In words; needed for `text`.' }))),
      quantity: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 100_000, description: 'For `count` only.' }),
      ),
      appointmentId: Type.Optional(Id('For `session`: an appointment of this chart.', ids.appointment)),
      instrumentKey: Type.Optional(
        Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'For `instrument` only.' }),
      ),
      presentedIn: Type.Optional(OneOf(presentationPlaces, { description: 'For `presentation` only.' })),
    },
    {
      description:
        'What was done, in the least words that do. Files, pictures and addresses have no place here.',
      examples: [{ kind: 'text', occurredOn: '2026-11-20', note: 'Kitchen, library (fictional).' }],
    },
  ),
)

export const PerformableParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
  performableId: Id('The performable.', ids.performable),
})
export const EvidenceParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  journeyId: Id('The journey.', ids.journey),
  performableId: Id('The performable.', ids.performable),
  evidenceId: Id('The entry.', ids.evidence),
})

export type JourneyPerformable = Static<typeof JourneyPerformable>
export type JourneyPerformableDetail = Static<typeof JourneyPerformableDetail>
export type PerformableStatusChange = Static<typeof PerformableStatusChange>
export type NewEvidence = Static<typeof NewEvidence>
export type Evidence = Static<typeof Evidence>
