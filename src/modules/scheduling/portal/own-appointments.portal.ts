import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { AppointmentParams } from '../appointments.schemas.ts'
import { OwnCheckIn } from '../checkin/check-ins.schemas.ts'
import * as schemas from './own-appointments.schemas.ts'
import * as service from './own-appointments.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const base = '/v1/portal/appointments'

export const ownAppointmentRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnAppointments',
    summary: 'List my appointments',
    description:
      'The client’s own and the couple’s, by start, canceled ones too; in neutral words. Who acts for a client sees the client’s own only.',
    query: schemas.OwnAppointmentQuery,
    success: { status: 200, schema: schemas.OwnAppointmentPage, description: 'A page of appointments.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnAppointments(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{appointmentId}/check-ins`,
    operationId: 'checkInMyself',
    summary: 'Check in for a telehealth session',
    description:
      'The client says where they are, whom to reach near there, and whether they are alone; from 12 hours before the start on, and again when they move. It counts for the start once the clinician has judged it (`judgeCheckIn`).',
    params: AppointmentParams,
    idempotency: 'required',
    body: OwnCheckIn,
    success: { status: 201, schema: schemas.OwnAppointment, description: 'The appointment as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) =>
      created(base, await service.checkInMyself(trx, params.appointmentId, body)),
  }),
]
