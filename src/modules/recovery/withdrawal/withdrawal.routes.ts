import { ok, operation } from '../../../plugins/operations/index.ts'
import { ContractParams } from '../abstinence/abstinence.schemas.ts'
import { WithdrawalCurve } from './withdrawal.schemas.ts'
import * as service from './withdrawal.service.ts'

export const withdrawalRoutes = [
  operation({
    method: 'GET',
    path: '/v1/charts/{chartId}/abstinence-contracts/{contractId}/withdrawal',
    operationId: 'getWithdrawalCurve',
    tag: 'Recovery',
    summary: 'See how withdrawal was felt',
    description:
      'What daily check-ins say of anxiety, irritability, low mood and shame, by the day of the contract: when it was first felt, when it was strongest, and when it settled.',
    permission: 'recovery:read',
    params: ContractParams,
    success: { status: 200, schema: WithdrawalCurve, description: 'The curve.' },
    handler: async (trx, { params }) =>
      ok(await service.getWithdrawal(trx, params.chartId, params.contractId)),
  }),
]
