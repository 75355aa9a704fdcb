import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './performables.schemas.ts'
import * as service from './performables.service.ts'

const base = '/v1/charts/{chartId}/journeys/{journeyId}/performables/{performableId}'
const onePerformable = { tag: 'Task programs', params: schemas.PerformableParams } as const
const changed = {
  status: 200,
  schema: schemas.JourneyPerformableDetail,
  description: 'The performable as it is now.',
} as const

export const performableRoutes = [
  operation({
    ...onePerformable,
    method: 'GET',
    path: base,
    operationId: 'getJourneyPerformable',
    summary: 'Read a performable',
    description:
      'With its evidence and where it was presented. What is written of a restricted one is shown to the care team only.',
    permission: 'programs:read',
    success: { status: 200, schema: schemas.JourneyPerformableDetail, description: 'The performable.' },
    handler: async (trx, { params }) => ok(await service.getPerformable(trx, params)),
  }),
  operation({
    ...onePerformable,
    method: 'POST',
    path: `${base}/status-changes`,
    operationId: 'changeJourneyPerformableStatus',
    summary: 'Take a step with a performable',
    description:
      'Drafted, submitted, accepted, or in need of more work; what was accepted may need work again.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.PerformableStatusChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changePerformableStatus(trx, params, version, body)),
  }),
  operation({
    ...onePerformable,
    method: 'POST',
    path: `${base}/evidence`,
    operationId: 'addJourneyEvidence',
    summary: 'Add evidence',
    description:
      'What was done, of the type the performable asks for, or where it was presented: alone, in a group, to a sponsor. An entry is not changed but withdrawn.',
    permission: 'programs:write',
    body: schemas.NewEvidence,
    success: changed,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => ok(await service.addEvidence(trx, params, body)),
  }),
  operation({
    tag: 'Task programs',
    params: schemas.EvidenceParams,
    method: 'POST',
    path: `${base}/evidence/{evidenceId}/withdrawal`,
    operationId: 'withdrawJourneyEvidence',
    summary: 'Withdraw evidence',
    description: 'Says that an entry was made in error. It stays to be read, and does not count.',
    permission: 'programs:write',
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.withdrawEvidence(trx, params)),
  }),
]
