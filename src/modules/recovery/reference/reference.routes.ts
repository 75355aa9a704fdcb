import { ok, operation } from '../../../plugins/operations/index.ts'
import { RecoveryReference, reference } from './reference.schemas.ts'

export const referenceRoutes = [
  operation({
    method: 'GET',
    path: '/v1/recovery-reference',
    operationId: 'getRecoveryReference',
    tag: 'Recovery',
    summary: 'Read words, frameworks and thresholds',
    description:
      'The words that go with each philosophy of treatment, the criteria frameworks with their sources, and the thresholds of alert rules and curves, what is asked about safety in a relationship, and the fellowships that there are.',
    permission: 'library:read',
    success: { status: 200, schema: RecoveryReference, description: 'The reference.' },
    handler: async trx => {
      trx.audit({ resourceType: 'recovery-reference' })
      return ok(reference)
    },
  }),
]
