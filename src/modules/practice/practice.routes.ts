import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './practice.schemas.ts'
import * as service from './practice.service.ts'

export const practiceRoutes = [
  operation({
    method: 'GET',
    path: '/v1/practice',
    operationId: 'getPractice',
    tag: 'Practice',
    summary: 'Read the practice',
    description: 'Settings and policies of the practice the token belongs to.',
    permission: 'practice:read',
    success: { status: 200, schema: schemas.Practice, description: 'The practice.' },
    handler: async trx => ok(await service.getPractice(trx)),
  }),
  operation({
    method: 'PATCH',
    path: '/v1/practice',
    operationId: 'changePractice',
    tag: 'Practice',
    summary: 'Change the practice',
    description: 'Changes the fields given. Policies are merged: those left out stay.',
    permission: 'practice:write',
    ifMatch: true,
    body: schemas.PracticeChange,
    success: { status: 200, schema: schemas.Practice, description: 'The practice as it is now.' },
    handler: async (trx, { body, version }) => ok(await service.changePractice(trx, version, body)),
  }),
]
