import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './slots.schemas.ts'
import * as service from './slots.service.ts'

const common = {
  tag: 'Availability',
  method: 'POST',
  // Whom it is for stands in the body, so that it is in no address.
  readsOnly: true,
  permission: 'appointments:write',
  problems: ['unknown-reference', 'invalid-state'],
} as const

export const slotRoutes = [
  operation({
    ...common,
    path: '/v1/slots/search',
    operationId: 'searchSlots',
    summary: 'Find free slots',
    description:
      'Times at which a service can be booked: within the working hours of the clinicians and the opening hours of a room, with the buffers of the service, the way from other locations, most sessions per day and minimum notice kept, and outside of whatever takes the time of clinician, room or client. What is not free is not offered, and never why. A slot is not kept: hold it, or book it and be told if somebody was faster. Clinicians search their own calendar.',
    body: schemas.SlotSearch,
    success: { status: 200, schema: schemas.SlotList, description: 'Free slots.' },
    handler: async (trx, { body }) => ok(await service.searchSlots(trx, body)),
  }),
  operation({
    ...common,
    path: '/v1/slots/weekly-search',
    operationId: 'searchWeeklySlots',
    summary: 'Ask for one time of the week',
    description:
      'For instance every Tuesday at 18:00 for twelve weeks: who could give it where, and on which of the dates it fits. The time stays the same on the wall clock; a time that does not exist on a date is moved forward by the gap, and of one that comes twice the first counts. The room is the same on as many dates as can be.',
    body: schemas.WeeklySearch,
    success: { status: 200, schema: schemas.WeeklyOptions, description: 'Who could, and when not.' },
    handler: async (trx, { body }) => ok(await service.searchWeekly(trx, body)),
  }),
  operation({
    ...common,
    path: '/v1/slots/consecutive-days-search',
    operationId: 'searchConsecutiveDays',
    summary: 'Ask for days in a row',
    description:
      'For instance three days in a row for an intensive: every first day from which each day has a slot with the same clinicians at the same place.',
    body: schemas.DaysSearch,
    success: { status: 200, schema: schemas.DaysOptions, description: 'Days in a row.' },
    handler: async (trx, { body }) => ok(await service.searchConsecutiveDays(trx, body)),
  }),
]
