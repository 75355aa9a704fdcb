import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  PageQuery,
  strictObject,
} from '../../../lib/schemas.ts'
import { ClockEnd, ClockTime, Weekday } from '../../practice/index.ts'

const example = {
  hours: '019c0000-0000-7000-8000-0000000000f6',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  location: '019c0000-0000-7000-8000-0000000000a1',
}

const WorkingSpan = component(
  'WorkingSpan',
  strictObject(
    {
      weekday: Weekday,
      startsAt: ClockTime('From when, on the clock of the location; of the practice where there is none.'),
      endsAt: ClockEnd('Until when; after `startsAt`.'),
      locationId: Nullable(
        Id('Where the clinician is; null for telehealth from anywhere.', example.location),
      ),
      telehealth: Type.Boolean({
        description: 'Whether telehealth may be offered too. True without a location.',
      }),
    },
    {
      description: 'A time of every week in which a clinician gives sessions.',
      examples: [
        { weekday: 2, startsAt: '09:00', endsAt: '17:00', locationId: example.location, telehealth: true },
      ],
    },
  ),
)

const fields = {
  effectiveFrom: CalendarDate(
    'First day on which it holds; it holds until another version begins.',
    '2026-12-01',
  ),
  hours: Type.Array(WorkingSpan, {
    maxItems: 100,
    description: 'The week. Times of one day do not overlap; empty for somebody who gives no sessions.',
  }),
  mostSessionsPerDay: Nullable(
    Type.Integer({ minimum: 1, maximum: 48, description: 'On a day with so many no more slot is offered.' }),
  ),
  minimumNoticeMinutes: Type.Integer({
    minimum: 0,
    maximum: limits.scheduling.noticeMinutes,
    description: 'Slots are offered from so many minutes ahead.',
  }),
}

const week = {
  effectiveFrom: '2026-12-01',
  hours: [{ weekday: 2, startsAt: '09:00', endsAt: '17:00', locationId: example.location, telehealth: true }],
  mostSessionsPerDay: 7,
  minimumNoticeMinutes: 1440,
}

export const WorkingHours = component(
  'WorkingHours',
  strictObject(
    {
      id: Id('This version.', example.hours),
      staffId: Id('Whose week it is.', example.staff),
      ...fields,
      recordedById: Nullable(Id('Who entered it; null for an API client.', example.staff)),
      createdAt: Instant('When it was entered.'),
    },
    {
      description: 'A version of the week of a clinician. Versions are added and never changed.',
      examples: [
        {
          id: example.hours,
          staffId: example.staff,
          ...week,
          recordedById: example.staff,
          createdAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewWorkingHours = component(
  'NewWorkingHours',
  strictObject(
    {
      effectiveFrom: fields.effectiveFrom,
      hours: fields.hours,
      mostSessionsPerDay: Type.Optional(fields.mostSessionsPerDay),
      minimumNoticeMinutes: Type.Optional(fields.minimumNoticeMinutes),
    },
    {
      description: 'The week from a day on; without a limit or notice when nothing is said.',
      examples: [week],
    },
  ),
)

export const WorkingHoursParams = strictObject({ staffId: Id('The member of staff.', example.staff) })
export const WorkingHoursQuery = strictObject(PageQuery)
export const WorkingHoursPage = listOf('WorkingHoursPage', WorkingHours)

export type WorkingHours = Static<typeof WorkingHours>
export type NewWorkingHours = Static<typeof NewWorkingHours>
export type WorkingHoursQuery = Static<typeof WorkingHoursQuery>
