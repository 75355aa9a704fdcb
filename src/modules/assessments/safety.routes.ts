import { created, ok, operation } from '../../plugins/operations/index.ts'
import { openOwnChart } from '../charts/index.ts'
import { ChartParams } from './assignments.schemas.ts'
import * as risks from './risk-assessments.schemas.ts'
import * as riskService from './risk-assessments.service.ts'
import * as plans from './safety-plans.schemas.ts'
import * as planService from './safety-plans.service.ts'

const common = { tag: 'Assessments' } as const
const read = { ...common, method: 'GET', permission: 'assessments:read' } as const
const make = { ...common, method: 'POST', permission: 'assessments:write', idempotency: 'required' } as const
const step = { ...common, method: 'POST', permission: 'assessments:write', ifMatch: true } as const

const risksPath = '/v1/charts/{chartId}/risk-assessments'
const riskPath = `${risksPath}/{riskAssessmentId}`
const plansPath = '/v1/charts/{chartId}/safety-plans'
const planPath = `${plansPath}/{safetyPlanId}`

const riskChanged = { status: 200, schema: risks.RiskAssessment, description: 'It as it is now.' } as const
const planChanged = { status: 200, schema: plans.SafetyPlan, description: 'The plan as it is now.' } as const

const riskAt = (params: { chartId: string; riskAssessmentId: string }, version: number) => ({
  chartId: params.chartId,
  id: params.riskAssessmentId,
  version,
})
const planAt = (params: { chartId: string; safetyPlanId: string }, version: number) => ({
  chartId: params.chartId,
  id: params.safetyPlanId,
  version,
})

const riskRoutes = [
  operation({
    ...read,
    path: risksPath,
    operationId: 'listRiskAssessments',
    summary: 'List risk assessments',
    description: 'Of a person’s own chart, newest first.',
    params: ChartParams,
    query: risks.RiskQuery,
    success: { status: 200, schema: risks.RiskPage, description: 'A page of them.' },
    problems: ['invalid-cursor', 'invalid-state'],
    handler: async (trx, { params, query }) => ok(await riskService.listRisks(trx, params.chartId, query)),
  }),
  operation({
    ...make,
    path: risksPath,
    operationId: 'assessRisk',
    summary: 'Assess the risk of suicide',
    description:
      'Written in a person’s own chart only. A high acute level raises an alert for the clinician and their supervisor until it is signed; nobody else is written to.',
    params: ChartParams,
    body: risks.NewRisk,
    success: { status: 201, schema: risks.RiskAssessment, description: 'The risk assessment.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const risk = await riskService.assessRisk(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/risk-assessments/${risk.id}`, risk)
    },
  }),
  operation({
    ...read,
    path: riskPath,
    operationId: 'getRiskAssessment',
    summary: 'Read a risk assessment',
    description: 'Its current revision, who signed it, and what became of the risk.',
    params: risks.RiskParams,
    success: { status: 200, schema: risks.RiskAssessment, description: 'The risk assessment.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await riskService.getRisk(trx, params.chartId, params.riskAssessmentId)),
  }),
  operation({
    ...read,
    path: `${riskPath}/revisions/{revision}`,
    operationId: 'getRiskAssessmentRevision',
    summary: 'Read an earlier revision of a risk assessment',
    description: 'As it was written and signed then.',
    params: risks.RiskRevisionParams,
    success: { status: 200, schema: risks.RiskRevision, description: 'The revision.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await riskService.getRevision(trx, params.chartId, params.riskAssessmentId, params.revision)),
  }),
  operation({
    ...step,
    path: `${riskPath}/revisions`,
    operationId: 'reviseRiskAssessment',
    summary: 'Revise a risk assessment',
    description: 'Writes its next revision as a whole; earlier ones stay. A high acute level opens it again.',
    params: risks.RiskParams,
    body: risks.NewRisk,
    success: riskChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await riskService.revise(trx, riskAt(params, version), body)),
  }),
  operation({
    ...step,
    path: `${riskPath}/signature`,
    operationId: 'signRiskAssessment',
    summary: 'Sign a risk assessment',
    description: 'The caller vouches for its current revision.',
    idempotency: 'required',
    params: risks.RiskParams,
    success: riskChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await riskService.sign(trx, riskAt(params, version))),
  }),
  operation({
    ...step,
    path: `${riskPath}/status-changes`,
    operationId: 'changeRiskStatus',
    summary: 'Record what became of a risk',
    description:
      'Open, mitigated and monitored go into each other; closed is for good. All but opening again needs a signed revision.',
    params: risks.RiskParams,
    body: risks.RiskStep,
    success: riskChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await riskService.changeStatus(trx, riskAt(params, version), body)),
  }),
]

const planRoutes = [
  operation({
    ...read,
    path: plansPath,
    operationId: 'listSafetyPlans',
    summary: 'List safety plans',
    description: 'Of a person’s own chart, newest first; one of them holds at most.',
    params: ChartParams,
    query: plans.PlanQuery,
    success: { status: 200, schema: plans.PlanPage, description: 'A page of plans.' },
    problems: ['invalid-cursor', 'invalid-state'],
    handler: async (trx, { params, query }) => ok(await planService.listPlans(trx, params.chartId, query)),
  }),
  operation({
    ...make,
    path: plansPath,
    operationId: 'makeSafetyPlan',
    summary: 'Make a safety plan',
    description: 'Made with the client, in the client’s own words. One plan holds at a time.',
    params: ChartParams,
    body: plans.NewPlan,
    success: { status: 201, schema: plans.SafetyPlan, description: 'The plan.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const plan = await planService.makePlan(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/safety-plans/${plan.id}`, plan)
    },
  }),
  operation({
    ...read,
    path: planPath,
    operationId: 'getSafetyPlan',
    summary: 'Read a safety plan',
    description: 'Its current revision and its reviews.',
    params: plans.PlanParams,
    success: { status: 200, schema: plans.SafetyPlan, description: 'The plan.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await planService.getPlan(trx, params.chartId, params.safetyPlanId)),
  }),
  operation({
    ...read,
    path: `${planPath}/revisions/{revision}`,
    operationId: 'getSafetyPlanRevision',
    summary: 'Read an earlier revision of a safety plan',
    description: 'As it was then.',
    params: plans.PlanRevisionParams,
    success: { status: 200, schema: plans.PlanRevision, description: 'The revision.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await planService.getRevision(trx, params.chartId, params.safetyPlanId, params.revision)),
  }),
  operation({
    ...read,
    path: `${planPath}/printout`,
    operationId: 'getSafetyPlanPrintout',
    summary: 'Read a safety plan for printing',
    description: 'Headings, entries and whom to reach at once: all that the client’s own copy holds.',
    params: plans.PlanParams,
    success: { status: 200, schema: plans.PlanPrintout, description: 'What is printed.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) =>
      ok(await planService.getPrintout(trx, params.chartId, params.safetyPlanId)),
  }),
  operation({
    ...step,
    path: `${planPath}/revisions`,
    operationId: 'reviseSafetyPlan',
    summary: 'Revise a safety plan',
    description: 'Writes its next revision as a whole; earlier ones stay.',
    params: plans.PlanParams,
    body: plans.NewPlan,
    success: planChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await planService.revise(trx, planAt(params, version), body)),
  }),
  operation({
    ...step,
    path: `${planPath}/reviews`,
    operationId: 'reviewSafetyPlan',
    summary: 'Record a review of a safety plan',
    description: 'That it was looked at with the client, and when that is due again.',
    params: plans.PlanParams,
    body: plans.NewPlanReview,
    success: planChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await planService.review(trx, planAt(params, version), body)),
  }),
  operation({
    ...step,
    path: `${planPath}/release`,
    operationId: 'releaseSafetyPlan',
    summary: 'Release a safety plan to the client',
    description: 'From now on the client has it at the portal, always in its current revision.',
    params: plans.PlanParams,
    success: planChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await planService.release(trx, planAt(params, version))),
  }),
  operation({
    ...step,
    path: `${planPath}/ending`,
    operationId: 'endSafetyPlan',
    summary: 'End a safety plan',
    description: 'It stays on record, and another one can be made.',
    params: plans.PlanParams,
    success: planChanged,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await planService.end(trx, planAt(params, version))),
  }),
  operation({
    tag: 'Portal',
    method: 'GET',
    path: '/v1/portal/safety-plan',
    operationId: 'getOwnSafetyPlan',
    summary: 'Read the client’s own safety plan',
    description:
      'The plan that holds, once it was released: to be kept on the client’s device for when there is no connection.',
    permission: 'portal:use',
    success: { status: 200, schema: plans.PlanPrintout, description: 'The plan.' },
    problems: ['not-found'],
    handler: async trx => ok(await planService.ownPlan(trx, await openOwnChart(trx))),
  }),
]

export const safetyRoutes = [...riskRoutes, ...planRoutes]
