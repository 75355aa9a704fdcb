import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './messages.schemas.ts'
import * as service from './messages.service.ts'

export const messageRoutes = [
  operation({
    method: 'GET',
    path: '/v1/client-messages',
    operationId: 'listClientMessages',
    tag: 'Appointments',
    summary: 'List what clients were told of their times',
    description:
      'Reminders and changes, newest first, of clients whose contact data the caller may see; it needs `clients:read` besides. Messages of joint sessions show to those who see every appointment. `failed` and `uncertain` are those after which somebody may want to call.',
    permission: 'appointments:read',
    query: schemas.ClientMessageQuery,
    success: { status: 200, schema: schemas.ClientMessagePage, description: 'A page of messages.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listMessages(trx, query)),
  }),
]
