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
import { clientStatuses, reachableStatuses, statusReasons } from './clients.rules.ts'
import { exampleClientId } from './clients.schemas.ts'

export const ClientStatusChange = component(
  'ClientStatusChange',
  strictObject(
    {
      id: Id('The change.', '019c0000-0000-7000-8000-0000000000e1'),
      clientId: Id('The client.', exampleClientId),
      from: Nullable(OneOf(clientStatuses, { description: 'Null for the first status.' })),
      to: OneOf(clientStatuses),
      reason: Type.String({ maxLength: 40, description: 'A reason code.' }),
      effectiveOn: CalendarDate('From which day.', '2026-11-02'),
      recordedById: Nullable(Id('The staff member who recorded it; null for an API client.')),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the history of a client.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000e1',
          clientId: exampleClientId,
          from: 'active',
          to: 'discharged',
          reason: 'treatment_completed',
          effectiveOn: '2026-11-02',
          recordedById: '019c0000-0000-7000-8000-0000000000a9',
          createdAt: '2026-11-02T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewClientStatusChange = component(
  'NewClientStatusChange',
  strictObject(
    {
      to: OneOf(reachableStatuses),
      reason: OneOf(statusReasons),
      effectiveOn: Type.Optional(CalendarDate('Not in the future; today when left out.', '2026-11-02')),
    },
    {
      description: 'The step to take.',
      examples: [{ to: 'discharged', reason: 'treatment_completed' }],
    },
  ),
)

export const StatusChangeQuery = strictObject({ ...PageQuery })
export const ClientStatusChangePage = listOf('ClientStatusChangePage', ClientStatusChange)

export type ClientStatusChange = Static<typeof ClientStatusChange>
export type NewClientStatusChange = Static<typeof NewClientStatusChange>
export type StatusChangeQuery = Static<typeof StatusChangeQuery>
