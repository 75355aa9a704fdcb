import { created, ok, operation } from '../../../plugins/operations/index.ts'
import {
  CheckInCorrection,
  CheckInPage,
  CheckInQuery,
  NewCheckIn,
  SentCheckIn,
} from '../check-ins/check-ins.schemas.ts'
import { ToldLapse } from '../lapses/lapses.schemas.ts'
import { NewCopingSkill } from '../triggers/coping-skills.schemas.ts'
import { NewTrigger } from '../triggers/triggers.schemas.ts'
import { NewUrge } from '../urges/urges.schemas.ts'
import * as schemas from './portal.schemas.ts'
import * as service from './portal.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const received = { status: 201, schema: schemas.Receipt, description: 'It was recorded.' } as const

export const recoveryPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/portal/recovery',
    operationId: 'getOwnRecovery',
    summary: 'See how my recovery goes',
    description:
      'The client’s own streaks and milestones, or how often within four weeks, whichever their philosophy puts first (`words.headline`); the definition of sobriety in force, the contract that runs, and what to choose from when something is sent.',
    success: { status: 200, schema: schemas.OwnRecovery, description: 'Their own recovery work.' },
    problems: ['not-found'],
    handler: async trx => ok(await service.getOwnRecovery(trx)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/portal/check-ins',
    operationId: 'listOwnCheckIns',
    summary: 'List my check-ins',
    description:
      'The client’s own check-ins, the newest day first; those they corrected only when asked for.',
    query: CheckInQuery,
    success: { status: 200, schema: CheckInPage, description: 'A page of check-ins.' },
    problems: ['not-found', 'invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listOwnCheckIns(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/check-ins',
    operationId: 'sendOwnCheckIn',
    summary: 'Send a check-in',
    description:
      'One for each day and kind. One that is late keeps both days. An answer that needs somebody soon alerts the clinician; it is no emergency call, and `crisis` holds whom to reach, for a front-end to show at once.',
    idempotency: 'required',
    body: NewCheckIn,
    success: { status: 201, schema: SentCheckIn, description: 'The check-in.' },
    problems: ['not-found', 'unknown-reference', 'already-exists'],
    handler: async (trx, { body }) => created('/v1/portal/check-ins', await service.sendCheckIn(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/check-ins/{checkInId}/corrections',
    operationId: 'correctOwnCheckIn',
    summary: 'Correct my check-in',
    description: 'The whole form anew, for the same day, of a check-in the client sent. Both are kept.',
    idempotency: 'required',
    params: schemas.OwnCheckInParams,
    body: CheckInCorrection,
    success: { status: 201, schema: SentCheckIn, description: 'The check-in in force now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) =>
      created('/v1/portal/check-ins', await service.correctOwnCheckIn(trx, params.checkInId, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/urges',
    operationId: 'sendOwnUrge',
    summary: 'Log an urge',
    description: 'When it came, how far it had gone when it was noticed, and what helped.',
    idempotency: 'required',
    body: NewUrge,
    success: received,
    problems: ['not-found', 'unknown-reference'],
    handler: async (trx, { body }) => created('/v1/portal/recovery', await service.sendUrge(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/lapses',
    operationId: 'sendOwnLapse',
    summary: 'Tell of a lapse',
    description:
      'What happened, on the day it happened. It is told to the clinician, to learn from it together. Where somebody may not be safe, `crisis` holds whom to reach, for a front-end to show at once.',
    idempotency: 'required',
    body: ToldLapse,
    success: { ...received, schema: schemas.LapseReceipt },
    problems: ['not-found', 'unknown-reference'],
    handler: async (trx, { body }) => created('/v1/portal/recovery', await service.sendLapse(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/coping-skills',
    operationId: 'sendOwnCopingSkill',
    summary: 'Add a coping skill',
    description: 'Something the client found that helps. From then on an urge can name it.',
    idempotency: 'required',
    body: NewCopingSkill,
    success: received,
    problems: ['not-found'],
    handler: async (trx, { body }) =>
      created('/v1/portal/recovery', await service.sendCopingSkill(trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/triggers',
    operationId: 'sendOwnTrigger',
    summary: 'Add a trigger',
    description: 'Something the client found that sets urges off, and which of their skills help against it.',
    idempotency: 'required',
    body: NewTrigger,
    success: received,
    problems: ['not-found', 'unknown-reference'],
    handler: async (trx, { body }) => created('/v1/portal/recovery', await service.sendTrigger(trx, body)),
  }),
]
