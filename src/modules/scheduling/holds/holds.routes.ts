import { created, done, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './holds.schemas.ts'
import * as service from './holds.service.ts'

const common = { tag: 'Availability' } as const
const one = { ...common, path: '/v1/slot-holds/{slotHoldId}', params: schemas.SlotHoldParams } as const

export const holdRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/slot-holds',
    operationId: 'holdSlot',
    summary: 'Keep a slot for some minutes',
    description:
      'Takes the time of clinicians, room and clients while somebody makes up their mind; it ends by itself. Book with `slotHoldId` to turn it into an appointment. When the slot is taken, the answer is `resource-busy`.',
    permission: 'appointments:write',
    idempotency: 'required',
    body: schemas.NewSlotHold,
    success: { status: 201, schema: schemas.SlotHold, description: 'The hold.' },
    problems: ['unknown-reference', 'resource-busy', 'invalid-state', 'conflict'],
    handler: async (trx, { body }) => {
      const hold = await service.holdSlot(trx, body)
      return created(`/v1/slot-holds/${hold.id}`, hold)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getSlotHold',
    summary: 'Read a hold',
    description: 'A hold of the caller; the front desk reads all of them.',
    permission: 'appointments:read',
    success: { status: 200, schema: schemas.SlotHold, description: 'The hold.' },
    handler: async (trx, { params }) => ok(await service.getHold(trx, params.slotHoldId)),
  }),
  operation({
    ...one,
    method: 'DELETE',
    operationId: 'releaseSlotHold',
    summary: 'Release a hold',
    description: 'Gives the slot back at once.',
    permission: 'appointments:write',
    success: { status: 204, description: 'The slot is free again.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      await service.releaseHold(trx, params.slotHoldId)
      return done()
    },
  }),
]
