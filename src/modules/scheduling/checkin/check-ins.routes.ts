import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { AppointmentParams } from '../appointments.schemas.ts'
import * as schemas from './check-ins.schemas.ts'
import * as service from './check-ins.service.ts'

const common = { tag: 'Appointments', params: AppointmentParams } as const

export const checkInRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/appointments/{appointmentId}/telehealth',
    operationId: 'getTelehealth',
    summary: 'Read what a telehealth session needs',
    description:
      'The link, where the client was expected to be, where the clinician is licensed on the day, and the check-ins.',
    permission: 'appointments:read',
    success: { status: 200, schema: schemas.Telehealth, description: 'Link and check-ins.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.getTelehealth(trx, params.appointmentId)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/appointments/{appointmentId}/telehealth-link',
    operationId: 'setTelehealthLink',
    summary: 'Set the link of a telehealth session',
    description: 'Sets or takes away where a telehealth session is held.',
    permission: 'appointments:write',
    ifMatch: true,
    body: schemas.TelehealthLink,
    success: { status: 200, schema: schemas.Telehealth, description: 'Link and check-ins as they are now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.setLink(trx, params.appointmentId, version, body.link)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/check-ins',
    operationId: 'checkInForTelehealth',
    summary: 'Check a client in for a telehealth session',
    description:
      'Records where the client is, whom to reach there, and whether telehealth is private and appropriate (16 CCR 1815.5). The newest of each client counts; it may be made from 12 hours before the start on. Without one for each client who is there, in a state of which the clinician holds a license, the session does not start.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewCheckIn,
    success: { status: 201, schema: schemas.CheckIn, description: 'The check-in.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/appointments/${params.appointmentId}/telehealth`,
        await service.checkIn(trx, params.appointmentId, body),
      ),
  }),
  operation({
    tag: 'Appointments',
    params: schemas.CheckInParams,
    method: 'POST',
    path: '/v1/appointments/{appointmentId}/check-ins/{checkInId}/judgment',
    operationId: 'judgeCheckIn',
    summary: 'Judge a check-in that a client made',
    description:
      'Whether telehealth is appropriate is not for the client to say: a check-in from the portal counts for the start once somebody has judged it. Makes a check-in that repeats what the client said. `not-found` where a newer one counts, also the one that was made of it; `invalid-state` for one that staff recorded.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.CheckInJudgment,
    success: { status: 201, schema: schemas.CheckIn, description: 'The check-in that counts.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/appointments/${params.appointmentId}/telehealth`,
        await service.judgeCheckIn(trx, params.appointmentId, params.checkInId, body),
      ),
  }),
]
