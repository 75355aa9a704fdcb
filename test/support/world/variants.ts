import type { World } from '../world.ts'
import { courseVariants } from './courses.ts'
import { emdrVariants } from './emdr.ts'
import { groupSessionVariants } from './group-sessions.ts'
import { groupVariants } from './groups.ts'
import { intensiveVariants } from './intensives.ts'
import { followUpVariants } from './note-followups.ts'
import { noteVariants } from './notes.ts'
import { recoveryVariants } from './recovery.ts'
import { recordVariants } from './recovery-records.ts'
import type { Request } from './requests.ts'

type Vary = (request: Request, world: World) => Request

const inBody =
  (change: (world: World) => Record<string, unknown>): Vary =>
  (request, world) => {
    const body = { ...(request.body as object), ...change(world) }
    return {
      ...request,
      body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    }
  }

/** Filters are crossed one by one: together they may find nothing for another reason. */
const onlyFilter =
  (name: string): Vary =>
  request => {
    const needed = request.operation.parameters.filter(
      ({ in: place, required }) => place === 'query' && required,
    )
    const kept = [...needed.map(parameter => parameter.name), name]
    return { ...request, query: Object.fromEntries(kept.map(one => [one, request.query[one]])) }
  }

/** By operation and place: what else has to change for an id to be valid at that place. */
export const variants: Readonly<Record<string, Vary>> = {
  'bookAppointment body coupleId': inBody(({ serviceIds, ids }) => ({
    clientId: undefined,
    coupleId: ids.coupleId,
    serviceId: serviceIds.couple,
  })),
  'getCalendar query clinicianIds/[]': onlyFilter('clinicianIds'),
  'getCalendar query roomIds/[]': onlyFilter('roomIds'),
  'openIntensive body coupleId': inBody(({ ids }) => ({ clientId: undefined, coupleId: ids.coupleId })),
  'createCalendarFeed body staffId': inBody(({ ids }) => ({ clientId: undefined, staffId: ids.staffId })),
  'createCouple body partnerRelatedPersonId': inBody(({ ids }) => ({
    partnerClientId: undefined,
    partnerRelatedPersonId: ids.partnerRelatedPersonId,
  })),
  ...Object.fromEntries(
    [
      'searchSlots',
      'searchWeeklySlots',
      'searchConsecutiveDays',
      'holdSlot',
      'previewAppointmentSeries',
      'bookAppointmentSeries',
    ].map(id => [
      `${id} body coupleId`,
      inBody(({ serviceIds, ids }) => ({
        clientId: undefined,
        coupleId: ids.coupleId,
        serviceId: serviceIds.couple,
      })),
    ]),
  ),
  'addCalendarException body locationId': inBody(({ ids }) => ({
    kind: 'extra_hours',
    locationId: ids.locationId,
  })),
  ...recoveryVariants,
  ...recordVariants,
  ...noteVariants,
  ...emdrVariants,
  ...courseVariants,
  ...groupSessionVariants,
  ...followUpVariants,
  ...groupVariants,
  ...intensiveVariants,
  ...Object.fromEntries(
    Object.entries({
      listCalendarFeeds: ['staffId'],
      listCaseload: ['programTemplateId'],
      listCharts: ['clientId', 'staffId'],
      listCouples: ['clientId'],
      listEmergencyAccess: ['chartId'],
      listAppointments: ['clinicianId', 'chartId', 'clientId', 'coupleId', 'locationId'],
      listAppointmentSeries: ['clinicianId', 'chartId'],
      listIntensives: ['chartId'],
      listAlerts: ['chartId'],
      listGroupMeetings: ['groupId', 'clinicianId', 'locationId'],
      listSeparationRules: ['clientId'],
      listWaitlist: ['serviceId', 'groupId'],
      listWaitlistOffers: ['openingId', 'waitlistEntryId'],
      listChartSessionNotes: ['authorId'],
      listPsychotherapyNotes: ['chartId'],
      listPsychotherapyAuthorizations: ['chartId'],
      listCalendarExceptions: ['staffId'],
      listSobrietyDefinitions: ['addictionId'],
      listRecoveryRecords: ['addictionId', 'behaviorId', 'relatedRecordId'],
      listAudit: ['actorId', 'staffId', 'clientId', 'chartId'],
    }).flatMap(([id, names]) => names.map(name => [`${id} query ${name}`, onlyFilter(name)])),
  ),
}
