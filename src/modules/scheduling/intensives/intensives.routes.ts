import { CalendarDocument, PdfDocument } from '../../../lib/schemas.ts'
import { created, file, ok, operation } from '../../../plugins/operations/index.ts'
import * as aftercareSchemas from './aftercare.schemas.ts'
import * as aftercare from './aftercare.service.ts'
import { NewPlan } from './blocks.schemas.ts'
import * as booking from './booking.service.ts'
import { Fittings, NewFitting } from './fitting.schemas.ts'
import { fitTemplate } from './fitting.service.ts'
import * as gateSchemas from './gates.schemas.ts'
import { markGate } from './gates.service.ts'
import * as historySchemas from './history.schemas.ts'
import * as schemas from './intensives.schemas.ts'
import * as service from './intensives.service.ts'
import * as itinerarySchemas from './itinerary.schemas.ts'
import * as itinerary from './itinerary.service.ts'
import * as moneySchemas from './money.schemas.ts'
import { recordMoney } from './money.service.ts'
import { planBlocks } from './planning.service.ts'
import * as status from './status.service.ts'
import * as stepSchemas from './steps.schemas.ts'

const one = '/v1/intensives/{intensiveId}'
const tag = 'Intensives'
const reads = { tag, method: 'GET', permission: 'appointments:read' } as const
const writes = { tag, permission: 'appointments:write' } as const

const readingRoutes = [
  operation({
    ...reads,
    path: '/v1/intensives',
    operationId: 'listIntensives',
    summary: 'List intensives',
    description:
      'Newest first: all of them for the front desk and for billers, for clinicians those of the charts they are on the care team of, for supervisors those of their supervisees.',
    query: schemas.IntensiveQuery,
    success: { status: 200, schema: schemas.IntensivePage, description: 'A page of intensives.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listIntensives(trx, query)),
  }),
  operation({
    ...reads,
    path: one,
    operationId: 'getIntensive',
    summary: 'Read an intensive',
    description:
      'With its checklist, blocks, money and aftercare, and the ETag to change it. Billers see its days and money. Who is not on the care team of a couple’s joint chart does not see its intensive.',
    params: schemas.IntensiveParams,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive.' },
    handler: async (trx, { params }) => ok(await service.getIntensive(trx, params.intensiveId)),
  }),
  operation({
    ...reads,
    path: `${one}/changes`,
    operationId: 'listIntensiveChanges',
    summary: 'List the changes of an intensive',
    description: 'Every step, oldest first, with what held after it of the blocks that it changed.',
    params: schemas.IntensiveParams,
    query: historySchemas.ChangeQuery,
    success: { status: 200, schema: historySchemas.IntensiveChangePage, description: 'A page of changes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listChanges(trx, params.intensiveId, query)),
  }),
]

const planningRoutes = [
  operation({
    ...writes,
    method: 'POST',
    path: '/v1/intensives',
    operationId: 'openIntensive',
    summary: 'Open an intensive',
    description:
      'Begins as an inquiry, for a client or a couple. Then it is screened, contracted, waits for its deposit, is scheduled by booking its blocks, in progress, completed, and in aftercare. In a couple `a` is who is named first in its joint chart.',
    idempotency: 'required',
    body: schemas.NewIntensive,
    success: { status: 201, schema: schemas.Intensive, description: 'The intensive.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { body }) => {
      const intensive = await service.openInquiry(trx, body)
      return created(`/v1/intensives/${intensive.id}`, intensive)
    },
  }),
  operation({
    ...writes,
    method: 'PATCH',
    path: one,
    operationId: 'changeIntensiveTerms',
    summary: 'Change the terms',
    description:
      'Who leads and where, before anything is booked; what it costs and what goes back, before the contract.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: schemas.IntensiveTerms,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.changeTerms(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/gate-marks`,
    operationId: 'markIntensiveGate',
    summary: 'Mark a gate',
    description:
      'A line of the checklist is met, passed on purpose with a reason, or open again. Stability, medical and risk are judged by clinicians of the care team. Every mark stays.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: gateSchemas.NewGateMark,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await markGate(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/status-changes`,
    operationId: 'changeIntensiveStatus',
    summary: 'Take the next step',
    description:
      'Gates that are due and open refuse the step as `gates-open` unless it says why it is taken all the same, which is recorded for each: stability, medical and risk at `screened`, contract at `contracted`, estimate at `deposit_due`, all of them at `in_progress`. `deposit_due` says until when. `completed` works out what was earned, and what of the payments goes back.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: stepSchemas.NewStatus,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['gates-open', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await status.changeStatus(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/fittings`,
    operationId: 'fitIntensiveTemplate',
    summary: 'Fit an itinerary to what is free',
    description:
      'For each first day on which it fits, the blocks of a template with rooms and times at which clinicians, rooms and participants are free: within working and opening hours, with ways, notice and credentials, as in slot search. What does not fit is not offered, and never why. Clinicians fit their own calendar.',
    readsOnly: true,
    params: schemas.IntensiveParams,
    body: NewFitting,
    success: { status: 200, schema: Fittings, description: 'Itineraries that fit.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => ok(await fitTemplate(trx, params.intensiveId, body)),
  }),
  operation({
    ...writes,
    method: 'PUT',
    path: `${one}/plan`,
    operationId: 'planIntensive',
    summary: 'Plan blocks',
    description:
      'Replaces what is planned and not booked; what is booked stays. It takes nobody’s time. Nobody and no room may be in two blocks at a time.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: NewPlan,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await planBlocks(trx, params.intensiveId, version, body)),
  }),
]

const bookingRoutes = [
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/booking`,
    operationId: 'bookIntensive',
    summary: 'Book an intensive',
    description:
      'Takes clinicians, rooms and participants for all that is planned, or for some blocks: all of it or nothing. When somebody is taken, the answer is `resource-busy` with `clashes`, which names each block that clashes and, where the caller may see it, by what. The first booking makes it `scheduled`, for which the gate `deposit` is due. Clinicians book their own calendar.',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.IntensiveParams,
    body: stepSchemas.NewBooking,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['gates-open', 'resource-busy', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await booking.bookBlocks(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/moves`,
    operationId: 'moveIntensive',
    summary: 'Move an intensive',
    description:
      'All that is booked to another first day, at the same times of the wall clock, or single blocks to other times, clinicians or rooms: all of it or nothing, refused as a booking is. Blocks may change places with each other. The old times stay in the history.',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.IntensiveParams,
    body: stepSchemas.IntensiveMove,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['resource-busy', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await booking.moveBlocks(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/cancellation`,
    operationId: 'cancelIntensive',
    summary: 'Cancel an intensive',
    description:
      'The whole, before it begins: everybody’s time is free again, and what goes back of what was paid is recorded by `refunds`, all of it when the practice cancels. Or some blocks, which are sold no longer.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: stepSchemas.NewIntensiveCancellation,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await booking.cancelBlocks(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/deliveries`,
    operationId: 'recordIntensiveDeliveries',
    summary: 'Record what was given',
    description:
      'How many minutes of some blocks were given, while it is in progress; it may be repeated to correct it. The time of what was not given is free again.',
    ifMatch: true,
    params: schemas.IntensiveParams,
    body: stepSchemas.NewDeliveries,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await status.recordDeliveries(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/money-steps`,
    operationId: 'recordIntensiveMoney',
    summary: 'Record a payment',
    description:
      'Of a deposit that came in, up to the price, or of a refund that was paid, up to what is due. When the deposit is reached, its gate is met. Nothing is charged or paid by it.',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.IntensiveParams,
    body: moneySchemas.NewMoneyStep,
    success: { status: 200, schema: schemas.Intensive, description: 'The intensive as it is now.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, version, body }) =>
      ok(await recordMoney(trx, params.intensiveId, version, body)),
  }),
  operation({
    ...writes,
    method: 'POST',
    path: `${one}/aftercare-tasks`,
    operationId: 'planAftercareTask',
    summary: 'Plan aftercare',
    description: 'Something to do after an intensive that is booked, for one participant or for all.',
    idempotency: 'required',
    params: schemas.IntensiveParams,
    body: aftercareSchemas.NewAftercareTask,
    success: { status: 201, schema: aftercareSchemas.AftercareTask, description: 'The task.' },
    problems: ['unknown-reference', 'invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => {
      const task = await aftercare.planTask(trx, params.intensiveId, body)
      return created(`/v1/intensives/${params.intensiveId}`, task)
    },
  }),
  operation({
    ...writes,
    method: 'PATCH',
    path: `${one}/aftercare-tasks/{aftercareTaskId}`,
    operationId: 'changeAftercareTask',
    summary: 'Change an aftercare task',
    description:
      'Settles it, puts it off, or names the series that was booked as a follow-up. `If-Match` takes the version of the task.',
    ifMatch: true,
    params: aftercareSchemas.AftercareTaskParams,
    body: aftercareSchemas.AftercareTaskChange,
    success: { status: 200, schema: aftercareSchemas.AftercareTask, description: 'The task as it is now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await aftercare.changeTask(trx, params, version, body)),
  }),
]

const ofParticipant = `${one}/itineraries/{participant}`

const itineraryRoutes = [
  operation({
    ...reads,
    path: ofParticipant,
    operationId: 'getItinerary',
    summary: 'Read an itinerary',
    description:
      'The joint blocks and the own ones of one participant, and nothing of the other’s: what may be handed out.',
    params: itinerarySchemas.ItineraryParams,
    success: { status: 200, schema: itinerarySchemas.Itinerary, description: 'The itinerary.' },
    handler: async (trx, { params }) =>
      ok(
        await itinerary.showItinerary(
          trx,
          await itinerary.openItinerary(trx, params.intensiveId, params.participant),
        ),
      ),
  }),
  operation({
    ...reads,
    path: `${ofParticipant}/document`,
    operationId: 'getItineraryDocument',
    summary: 'Print an itinerary',
    description:
      'As a PDF to hand out, without what was canceled. The same version always gives the same bytes.',
    params: itinerarySchemas.ItineraryParams,
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The itinerary as a PDF.',
    },
    handler: async (trx, { params }) => {
      const open = await itinerary.openItinerary(trx, params.intensiveId, params.participant)
      const { version, bytes } = await itinerary.printItinerary(trx, open)
      return file(version, { mediaType: 'application/pdf', name: 'itinerary.pdf', bytes })
    },
  }),
  operation({
    ...reads,
    path: `${ofParticipant}/calendar`,
    operationId: 'getItineraryCalendar',
    summary: 'Export an itinerary to a calendar',
    description:
      'As an iCalendar file in neutral words. Entries have the UID and SEQUENCE that they have in a calendar feed; what was canceled has `STATUS:CANCELLED`.',
    params: itinerarySchemas.ItineraryParams,
    success: {
      status: 200,
      schema: CalendarDocument,
      mediaType: 'text/calendar',
      description: 'The itinerary as a calendar.',
    },
    handler: async (trx, { params }) => {
      const open = await itinerary.openItinerary(trx, params.intensiveId, params.participant)
      const { version, bytes } = await itinerary.calendarOf(trx, open)
      return file(version, { mediaType: 'text/calendar', name: 'itinerary.ics', bytes })
    },
  }),
]

export const intensiveRoutes = [...readingRoutes, ...planningRoutes, ...bookingRoutes, ...itineraryRoutes]
