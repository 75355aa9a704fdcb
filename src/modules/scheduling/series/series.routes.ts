import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { CalendarExceptionParams } from '../supply/calendar-exceptions.schemas.ts'
import { bookSeries, previewSeries } from './booking.service.ts'
import * as changeSchemas from './change.schemas.ts'
import { changeSeries, previewChange } from './change.service.ts'
import * as dateSchemas from './dates.schemas.ts'
import { cancelSeries, pauseSeries, resumeSeries } from './ending.service.ts'
import * as historySchemas from './history.schemas.ts'
import * as leave from './leave.schemas.ts'
import { listDisplaced } from './leave.service.ts'
import * as schemas from './series.schemas.ts'
import * as service from './series.service.ts'

const common = { tag: 'Appointment series' } as const
const reads = { ...common, method: 'GET', permission: 'appointments:read' } as const
const one = { path: '/v1/appointment-series/{seriesId}', params: schemas.SeriesParams } as const
const writes = { ...common, permission: 'appointments:write', ifMatch: true } as const
const plan = (description: string) => ({ status: 200, schema: schemas.SeriesPlan, description }) as const

export const seriesRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointment-series/preview',
    operationId: 'previewAppointmentSeries',
    summary: 'Preview a series',
    description:
      'What would become of each date of a year ahead, as booking answers: free, busy and by what (as far as the caller may see it), or on a closed day. Nothing is written and nothing is kept.',
    permission: 'appointments:write',
    readsOnly: true,
    body: schemas.NewAppointmentSeries,
    success: { status: 200, schema: schemas.SeriesPreview, description: 'The dates.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { body }) => ok(await previewSeries(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointment-series',
    operationId: 'bookAppointmentSeries',
    summary: 'Book a series',
    description:
      'Books the dates of a year ahead by a recurrence rule, each as an appointment of its own; a job books on as time passes. The hour stays the same on the wall clock of the place across daylight-saving time. When something is taken on one of the dates, either nothing is booked (`resource-busy`, with every date in `clashes`) or those dates are left out and answered, as `onClash` says. What is refused for an appointment is refused here.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewAppointmentSeries,
    success: { status: 201, schema: schemas.SeriesPlan, description: 'The series with its dates.' },
    problems: ['unknown-reference', 'resource-busy', 'invalid-state', 'not-found'],
    handler: async (trx, { body }) => {
      const made = await bookSeries(trx, body)
      return created(`/v1/appointment-series/${made.series.id}`, made)
    },
  }),
  operation({
    ...reads,
    path: '/v1/appointment-series',
    operationId: 'listAppointmentSeries',
    summary: 'List series',
    description:
      'In the order in which they were booked. Who sees which is as for appointments: by the clinician of the series, or through its chart.',
    query: schemas.SeriesQuery,
    success: { status: 200, schema: schemas.SeriesPage, description: 'A page of series.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listSeries(trx, query)),
  }),
  operation({
    ...reads,
    ...one,
    operationId: 'getAppointmentSeries',
    summary: 'Read a series',
    description: 'What is agreed for its dates to come, with the ETag to change it.',
    success: { status: 200, schema: schemas.AppointmentSeries, description: 'The series.' },
    handler: async (trx, { params }) => ok(await service.getSeries(trx, params.seriesId)),
  }),
  operation({
    ...reads,
    path: `${one.path}/dates`,
    params: one.params,
    operationId: 'listSeriesDates',
    summary: 'List the dates of a series',
    description:
      'Every date that the rule gave so far, with its appointment, or with the reason why there is none.',
    query: dateSchemas.SeriesDateQuery,
    success: { status: 200, schema: dateSchemas.SeriesDatePage, description: 'A page of dates.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listDates(trx, params.seriesId, query)),
  }),
  operation({
    ...reads,
    path: `${one.path}/changes`,
    params: one.params,
    operationId: 'listSeriesChanges',
    summary: 'List the changes of a series',
    description:
      'Every step of a series with what held after it and how many dates it touched, oldest first. What became of a single date is told by the changes of its appointment.',
    query: historySchemas.SeriesStepQuery,
    success: { status: 200, schema: historySchemas.SeriesStepPage, description: 'A page of changes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listSteps(trx, params.seriesId, query)),
  }),
  operation({
    ...common,
    permission: 'appointments:write',
    method: 'POST',
    path: `${one.path}/change-preview`,
    params: one.params,
    operationId: 'previewSeriesChange',
    summary: 'Preview a change of a series',
    description:
      'What a change would do to each date of the series as it stands. Nothing is written; the change itself names the `version` that is answered here.',
    readsOnly: true,
    body: changeSchemas.SeriesChange,
    success: plan('The dates from the first that is changed on.'),
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => ok(await previewChange(trx, params.seriesId, body)),
  }),
  operation({
    ...writes,
    ...one,
    method: 'PATCH',
    operationId: 'changeAppointmentSeries',
    summary: 'Change a series',
    description:
      'Changes this date and the following (`from`), or all to come. One single date is changed with its appointment: it then is an exception that later changes leave alone. Each date of the old rule becomes one of the new: the same date, otherwise the one in order within the same week of a weekly rule (month, year). Its appointment is moved and keeps id, notes and history. Dates that the new rule does not give are canceled, new ones are booked. What took place, was canceled or was moved by itself stays. Where something is taken either nothing is done or, with `onClash` `leave_out`, what cannot be moved stays where it is, on its own.',
    body: changeSchemas.SeriesChange,
    success: plan('The series with the dates from the first that was changed on.'),
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await changeSeries(trx, params.seriesId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one.path}/cancellation`,
    params: one.params,
    operationId: 'cancelAppointmentSeries',
    summary: 'Cancel a series',
    description:
      'Cancels this date and the following (`from`), or all to come: then the series has ended. What took place stays. Where a client asks for it, what falls into the window of the cancellation policy is canceled late. A clinician cancels the own sessions only.',
    body: changeSchemas.SeriesCancellation,
    success: plan('The series with the dates from the first that was canceled on.'),
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await cancelSeries(trx, params.seriesId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one.path}/pauses`,
    params: one.params,
    operationId: 'pauseAppointmentSeries',
    summary: 'Pause a series',
    description:
      'Cancels the appointments that fall into some days, for instance of a journey. The series goes on after them, and dates that the job comes to are left out.',
    body: changeSchemas.NewSeriesPause,
    success: plan('The series with the dates of the pause.'),
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await pauseSeries(trx, params.seriesId, version, body)),
  }),
  operation({
    ...writes,
    method: 'DELETE',
    path: `${one.path}/pauses/{pauseId}`,
    params: schemas.PauseParams,
    operationId: 'resumeAppointmentSeries',
    summary: 'Withdraw a pause',
    description:
      'Books the dates of the pause that are to come anew where they are free, and says which are not. What the pause canceled stays canceled.',
    success: plan('The series with the dates of the pause.'),
    problems: ['unknown-reference', 'resource-busy', 'invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await resumeSeries(trx, params.seriesId, version, params.pauseId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/calendar-exceptions/{exceptionId}/appointments',
    params: CalendarExceptionParams,
    operationId: 'listDisplacedAppointments',
    summary: 'List what time off or a holiday hits',
    description:
      'Appointments to come, of series and single ones, that fall into time off or a holiday and that the caller may see, by start, each with some times to which it could be moved. Move them one by one, or change or pause their series. A page may hold fewer than `limit`, and more may follow.',
    permission: 'appointments:write',
    query: leave.DisplacedQuery,
    success: { status: 200, schema: leave.DisplacedPage, description: 'A page of appointments.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await listDisplaced(trx, params.exceptionId, query)),
  }),
]
