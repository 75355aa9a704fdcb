import { CalendarDocument, PdfDocument } from '../../../lib/schemas.ts'
import { file, ok, operation } from '../../../plugins/operations/index.ts'
import { IntensiveParams } from './intensives.schemas.ts'
import * as schemas from './itinerary.schemas.ts'
import * as service from './itinerary.service.ts'

const common = { tag: 'Portal', permission: 'portal:use', method: 'GET' } as const
const base = '/v1/portal/intensives'
const own = { ...common, params: IntensiveParams } as const

export const intensivePortalRoutes = [
  operation({
    ...common,
    path: base,
    operationId: 'listOwnIntensives',
    summary: 'List my intensives',
    description: 'Those that are booked, or were, newest first, with the times of the client’s own blocks.',
    query: schemas.OwnIntensiveQuery,
    success: { status: 200, schema: schemas.OwnIntensivePage, description: 'A page of intensives.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnIntensives(trx, query)),
  }),
  operation({
    ...own,
    path: `${base}/{intensiveId}/itinerary`,
    operationId: 'getOwnItinerary',
    summary: 'Read my itinerary',
    description: 'Joint blocks and the client’s own, and nothing of their partner’s.',
    success: { status: 200, schema: schemas.Itinerary, description: 'The itinerary.' },
    handler: async (trx, { params }) =>
      ok(await service.showItinerary(trx, await service.openOwnItinerary(trx, params.intensiveId))),
  }),
  operation({
    ...own,
    path: `${base}/{intensiveId}/itinerary/document`,
    operationId: 'getOwnItineraryDocument',
    summary: 'Print my itinerary',
    description: 'The same blocks as in `getOwnItinerary`, on paper: joint ones and the own ones.',
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The itinerary as a PDF.',
    },
    handler: async (trx, { params }) => {
      const open = await service.openOwnItinerary(trx, params.intensiveId)
      const { version, bytes } = await service.printItinerary(trx, open)
      return file(version, { mediaType: 'application/pdf', name: 'itinerary.pdf', bytes })
    },
  }),
  operation({
    ...own,
    path: `${base}/{intensiveId}/itinerary/calendar`,
    operationId: 'getOwnItineraryCalendar',
    summary: 'Export my itinerary to a calendar',
    description: 'As an iCalendar file in neutral words.',
    success: {
      status: 200,
      schema: CalendarDocument,
      mediaType: 'text/calendar',
      description: 'The itinerary as a calendar.',
    },
    handler: async (trx, { params }) => {
      const open = await service.openOwnItinerary(trx, params.intensiveId)
      const { version, bytes } = await service.calendarOf(trx, open)
      return file(version, { mediaType: 'text/calendar', name: 'itinerary.ics', bytes })
    },
  }),
]
