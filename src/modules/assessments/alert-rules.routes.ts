import { created, done, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './alert-rules.schemas.ts'
import * as service from './alert-rules.service.ts'

const common = { tag: 'Instruments' } as const
const base = '/v1/assessment-alert-rules'

export const alertRuleRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listAssessmentAlertRules',
    summary: 'List the practice’s rules for scores',
    description: 'Newest first, ended ones too.',
    permission: 'library:read',
    query: schemas.AlertRuleQuery,
    success: { status: 200, schema: schemas.AlertRulePage, description: 'A page of rules.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listRules(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'createAssessmentAlertRule',
    summary: 'Make a rule for scores and answers',
    description:
      'At such a score, or such an answer to one item, an alert is raised in the chart, with a time to respond. Those of a restricted instrument alert its care team only.',
    permission: 'library:write',
    body: schemas.NewAlertRule,
    success: { status: 201, schema: schemas.AlertRule, description: 'The rule.' },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => created(base, await service.createRule(trx, body)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: `${base}/{alertRuleId}`,
    operationId: 'endAssessmentAlertRule',
    summary: 'End a rule for scores',
    description: 'It stays on record. What it raised stays.',
    permission: 'library:write',
    params: schemas.AlertRuleParams,
    success: { status: 204, description: 'It is not in force any more.' },
    handler: async (trx, { params }) => {
      await service.endRule(trx, params.alertRuleId)
      return done()
    },
  }),
]
