import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './calendar.schemas.ts'
import { getCalendar } from './calendar.service.ts'

export const calendarRoutes = [
  operation({
    tag: 'Appointments',
    method: 'GET',
    path: '/v1/calendar',
    operationId: 'getCalendar',
    summary: 'Read a calendar',
    description:
      'A day, a week or a month of clinicians and rooms in one answer: what is booked, as far as the caller may see it (as in the list of appointments), and when the rest of their time is taken. Blocks of intensives and sessions of groups are seen by who gives them and by who sees every appointment. Billers see no rooms.',
    permission: 'appointments:read',
    query: schemas.CalendarQuery,
    success: { status: 200, schema: schemas.Calendar, description: 'The calendar.' },
    handler: async (trx, { query }) => ok(await getCalendar(trx, query)),
  }),
]
