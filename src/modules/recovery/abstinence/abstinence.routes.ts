import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import * as schemas from './abstinence.schemas.ts'
import * as service from './abstinence.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/abstinence-contracts'
const shown = { status: 200, schema: schemas.AbstinenceContract, description: 'The contract.' } as const

export const abstinenceRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listAbstinenceContracts',
    summary: 'List abstinence contracts',
    description: 'Times of abstinence, newest first, each with its steps and the day it stands at.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.ContractQuery,
    success: { status: 200, schema: schemas.ContractPage, description: 'A page of contracts.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listContracts(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'proposeAbstinenceContract',
    summary: 'Propose an abstinence contract',
    description: 'Writes down a time of abstinence to agree on. Its terms never change.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewAbstinenceContract,
    success: { status: 201, schema: schemas.AbstinenceContract, description: 'The contract.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const contract = await service.proposeContract(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/abstinence-contracts/${contract.id}`, contract)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{contractId}`,
    operationId: 'getAbstinenceContract',
    summary: 'Read an abstinence contract',
    description: 'Its terms, its steps, and which day of how many it is.',
    permission: 'recovery:read',
    params: schemas.ContractParams,
    success: shown,
    handler: async (trx, { params }) => ok(await service.getContract(trx, params.chartId, params.contractId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{contractId}/steps`,
    operationId: 'recordAbstinenceContractStep',
    summary: 'Record a step of an abstinence contract',
    description:
      'That it was agreed, started, broken by a lapse, continued or restarted by choice, extended, reviewed together, completed, or ended early.',
    permission: 'recovery:write',
    idempotency: 'required',
    ifMatch: true,
    params: schemas.ContractParams,
    body: schemas.NewContractStep,
    success: shown,
    problems: ['invalid-state', 'unknown-reference', 'conflict'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.recordStep(trx, params.chartId, params.contractId, version, body)),
  }),
]
