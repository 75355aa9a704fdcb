import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './rules.schemas.ts'
import * as service from './rules.service.ts'

const common = { tag: 'Groups' } as const
const one = { ...common, params: schemas.SeparationRuleParams } as const

export const separationRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/separation-rules',
    operationId: 'listSeparationRules',
    summary: 'List separation rules',
    description:
      'Rules about two clients, both of whom the caller sees in full; the newest first. For couples the policies `partnersApartInGroups` and `partnersApartMinutes` of the practice hold where there is no rule for the two.',
    permission: 'couples:read',
    query: schemas.SeparationRuleQuery,
    success: { status: 200, schema: schemas.SeparationRulePage, description: 'A page of rules.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listRules(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/separation-rules',
    operationId: 'createSeparationRule',
    summary: 'Keep two clients apart',
    description:
      'From now on bookings and seats keep to it; what is booked stays. A booking that would bring them together is refused as `resource-busy` with `resource: "unspecified"`, like every hour that does not work: nobody learns from it of the other. For partners of a couple such a rule counts in place of the practice’s policy, so it may also allow what that forbids.',
    permission: 'couples:write',
    body: schemas.NewSeparationRule,
    success: { status: 201, schema: schemas.SeparationRule, description: 'The rule.' },
    problems: ['unknown-reference', 'already-exists'],
    handler: async (trx, { body }) => {
      const rule = await service.createRule(trx, body)
      return created(`/v1/separation-rules/${rule.id}`, rule)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    path: '/v1/separation-rules/{separationRuleId}',
    operationId: 'getSeparationRule',
    summary: 'Read a separation rule',
    description: 'One rule, with the ETag to end it.',
    permission: 'couples:read',
    success: { status: 200, schema: schemas.SeparationRule, description: 'The rule.' },
    handler: async (trx, { params }) => ok(await service.getRule(trx, params.separationRuleId)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: '/v1/separation-rules/{separationRuleId}/end',
    operationId: 'endSeparationRule',
    summary: 'End a separation rule',
    description: 'It does not hold any more; it stays in the list.',
    permission: 'couples:write',
    ifMatch: true,
    success: { status: 200, schema: schemas.SeparationRule, description: 'The rule that ended.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.endRule(trx, params.separationRuleId, version)),
  }),
]
