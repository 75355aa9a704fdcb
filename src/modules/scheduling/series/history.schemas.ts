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
  Version,
} from '../../../lib/schemas.ts'
import { by, durationMinutes, note, place, reasonCode } from '../session-fields.schemas.ts'
import { example } from './examples.ts'
import { agreed } from './series.schemas.ts'

export const seriesChangeKinds = [
  'booked',
  'changed',
  'canceled',
  'paused',
  'resumed',
  'zone_changed',
] as const

export const SeriesStep = component(
  'SeriesStep',
  strictObject(
    {
      id: Id('This step.', example.change),
      seriesVersion: Version,
      kind: OneOf(seriesChangeKinds, {
        description: '`zone_changed`: the rules of the time zone changed, and dates to come were moved.',
        examples: ['changed'],
      }),
      from: CalendarDate('The first date that it was about.', '2027-02-02'),
      recordedById: Nullable(
        Id('The staff member who did it; null for an API client or a job.', example.clinician),
      ),
      ...place,
      ...agreed,
      durationMinutes,
      booked: Type.Integer({ minimum: 0, description: 'Appointments that it booked.', examples: [0] }),
      moved: Type.Integer({ minimum: 0, description: 'Appointments that it moved.', examples: [44] }),
      canceled: Type.Integer({ minimum: 0, description: 'Appointments that it canceled.', examples: [0] }),
      leftOut: Type.Integer({ minimum: 0, description: 'Dates that it left out.', examples: [1] }),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of a series, with what held for the dates to come after it.',
      examples: [
        {
          id: example.change,
          seriesVersion: 2,
          kind: 'changed',
          from: '2027-02-02',
          recordedById: example.clinician,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          rule: 'FREQ=WEEKLY;BYDAY=TU',
          firstOn: '2026-12-01',
          time: '17:00',
          durationMinutes: 50,
          booked: 0,
          moved: 44,
          canceled: 0,
          leftOut: 1,
          reasonCode: 'schedule_conflict',
          by: 'client',
          note: null,
          createdAt: '2026-11-21T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const SeriesStepQuery = strictObject(PageQuery)

export const SeriesStepPage = listOf('SeriesStepPage', SeriesStep)

export type SeriesStep = Static<typeof SeriesStep>
export type SeriesStepQuery = Static<typeof SeriesStepQuery>
export type SeriesChangeKind = (typeof seriesChangeKinds)[number]
