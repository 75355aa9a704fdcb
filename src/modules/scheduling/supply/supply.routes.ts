import { created, done, ok, operation } from '../../../plugins/operations/index.ts'
import * as exceptions from './calendar-exceptions.schemas.ts'
import * as exceptionService from './calendar-exceptions.service.ts'
import * as travel from './travel-times.schemas.ts'
import * as travelService from './travel-times.service.ts'
import * as hours from './working-hours.schemas.ts'
import * as hoursService from './working-hours.service.ts'

const common = { tag: 'Availability' } as const
const ofStaff = '/v1/staff-members/{staffId}/working-hours'

export const supplyRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: ofStaff,
    operationId: 'listWorkingHours',
    summary: 'List the working hours of a clinician',
    description:
      'Every version of the week, the one that begins last first. On a day the version counts that begins last of those that have begun; of several that begin on one day the one entered last.',
    permission: 'staff:read',
    params: hours.WorkingHoursParams,
    query: hours.WorkingHoursQuery,
    success: { status: 200, schema: hours.WorkingHoursPage, description: 'A page of versions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await hoursService.listWorkingHours(trx, params.staffId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: ofStaff,
    operationId: 'addWorkingHours',
    summary: 'Set the working hours of a clinician',
    description:
      'Adds a version of the week that holds from a day on: new hours follow the old ones, which are kept. Appointments that were booked stay. Clinicians set their own.',
    permission: 'appointments:write',
    params: hours.WorkingHoursParams,
    body: hours.NewWorkingHours,
    success: { status: 201, schema: hours.WorkingHours, description: 'The version.' },
    problems: ['unknown-reference'],
    handler: async (trx, { params, body }) => {
      const made = await hoursService.addWorkingHours(trx, params.staffId, body)
      return created(`/v1/staff-members/${params.staffId}/working-hours`, made)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/calendar-exceptions',
    operationId: 'listCalendarExceptions',
    summary: 'List time off, extra hours and holidays',
    description: 'What differs from the weekly hours and touches the given dates, by its last day.',
    permission: 'staff:read',
    query: exceptions.CalendarExceptionQuery,
    success: { status: 200, schema: exceptions.CalendarExceptionPage, description: 'A page of exceptions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await exceptionService.listExceptions(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/calendar-exceptions/{exceptionId}',
    operationId: 'getCalendarException',
    summary: 'Read time off, extra hours or a holiday',
    description: 'One of the list. What was withdrawn is not found.',
    permission: 'staff:read',
    params: exceptions.CalendarExceptionParams,
    success: { status: 200, schema: exceptions.CalendarException, description: 'The exception.' },
    handler: async (trx, { params }) => ok(await exceptionService.getException(trx, params.exceptionId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/calendar-exceptions',
    operationId: 'addCalendarException',
    summary: 'Enter time off or extra hours',
    description:
      'What differs from the week of a clinician. No reason is kept. Appointments that were booked stay. Clinicians enter their own.',
    permission: 'appointments:write',
    body: exceptions.NewCalendarException,
    success: { status: 201, schema: exceptions.CalendarException, description: 'The exception.' },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => {
      const made = await exceptionService.addException(trx, body)
      return created(`/v1/calendar-exceptions/${made.id}`, made)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/holidays',
    operationId: 'addHoliday',
    summary: 'Enter a holiday',
    description:
      'Closes the practice, or one location: nothing new is offered then. Appointments that were booked stay. It is listed with the calendar exceptions, and withdrawn there.',
    permission: 'practice:write',
    body: exceptions.NewHoliday,
    success: { status: 201, schema: exceptions.CalendarException, description: 'The holiday.' },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => {
      const made = await exceptionService.addHoliday(trx, body)
      return created(`/v1/calendar-exceptions/${made.id}`, made)
    },
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/calendar-exceptions/{exceptionId}',
    operationId: 'withdrawCalendarException',
    summary: 'Withdraw time off, extra hours or a holiday',
    description:
      'It counts no more and is listed no more. That it was entered stays on record. A holiday needs `practice:write`.',
    permission: 'appointments:write',
    params: exceptions.CalendarExceptionParams,
    success: { status: 204, description: 'It counts no more.' },
    handler: async (trx, { params }) => {
      await exceptionService.withdrawException(trx, params.exceptionId)
      return done()
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/travel-times',
    operationId: 'listTravelTimes',
    summary: 'List the ways between locations',
    description: 'How long it takes from one location to another, for pairs for which that was said.',
    permission: 'practice:read',
    query: travel.TravelTimeQuery,
    success: { status: 200, schema: travel.TravelTimePage, description: 'A page of pairs.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await travelService.listTravelTimes(trx, query)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/travel-times',
    operationId: 'setTravelTime',
    summary: 'Set the way between two locations',
    description:
      'How long it takes, in both directions. A clinician is offered at a location only when the way from the session before and to the one after is left free.',
    permission: 'practice:write',
    body: travel.TravelTime,
    success: { status: 200, schema: travel.TravelTime, description: 'The pair.' },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => ok(await travelService.setTravelTime(trx, body)),
  }),
]
