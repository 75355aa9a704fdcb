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
} from '../../lib/schemas.ts'
import { journeyStatuses } from './journeys.rules.ts'
import { TemplateUsed, templateExample } from './journeys.schemas.ts'
import { exampleIds as ids, when } from './schema-examples.ts'

export const caseloadOrders = ['last_activity', 'started', 'progress', 'waiting', 'unmoved'] as const
export type CaseloadOrder = (typeof caseloadOrders)[number]

const Count = (description: string) => Type.Integer({ minimum: 0, description })

export const CaseloadEntry = component(
  'CaseloadEntry',
  strictObject(
    {
      journeyId: Id('The journey.', ids.journey),
      chartId: Id('The chart it belongs to.', ids.chart),
      clientId: Nullable(Id('In a couple’s chart the partner it is about; null for both.', ids.client)),
      members: Type.Array(
        strictObject({ clientId: Id('A client.', ids.client), displayName: Type.String() }),
        { description: 'Whose chart it is.' },
      ),
      primaryClinicianId: Nullable(Id('Who leads the care team today.', ids.staff)),
      template: TemplateUsed,
      status: OneOf(journeyStatuses),
      startedOn: CalendarDate('The first day.', '2026-11-02'),
      applicable: Count('Tasks that apply.'),
      done: Count('Signed off or maintained.'),
      waiting: Count('Tasks that wait for a clinician or a supervisor, or for an answer to the client.'),
      unmovedSince: Nullable(
        Instant('Since when the task in work has been as it is that has not moved the longest.', when),
      ),
      lastActivityAt: Instant('When something last happened in it.', when),
    },
    {
      description: 'A journey as a caseload shows it.',
      examples: [
        {
          journeyId: ids.journey,
          chartId: ids.chart,
          clientId: null,
          members: [{ clientId: ids.client, displayName: 'Casey Example' }],
          primaryClinicianId: ids.staff,
          template: templateExample,
          status: 'active',
          startedOn: '2026-11-02',
          applicable: 4,
          done: 1,
          waiting: 1,
          unmovedSince: when,
          lastActivityAt: when,
        },
      ],
    },
  ),
)

export const CaseloadQuery = strictObject({
  ...PageQuery,
  sort: Type.Optional(
    OneOf(caseloadOrders, {
      default: 'last_activity',
      description:
        'Last activity: the newest first. Started: the oldest first. Progress: the least first. Waiting: the most first. Unmoved: the longest first.',
      examples: ['last_activity'],
    }),
  ),
  status: Type.Optional(OneOf(journeyStatuses, { description: 'Only these.', examples: ['active'] })),
  programTemplateId: Type.Optional(Id('Only journeys through this template.', ids.template)),
  templateNumber: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'Only journeys that follow this version of it; only together with `programTemplateId`.',
      examples: [1],
    }),
  ),
})
export const CaseloadPage = listOf('CaseloadPage', CaseloadEntry)

export type CaseloadEntry = Static<typeof CaseloadEntry>
export type CaseloadQuery = Static<typeof CaseloadQuery>
