import { ok, operation } from '../../plugins/operations/index.ts'
import { PageOnly } from './plans.params.schemas.ts'
import * as schemas from './plans.portal.schemas.ts'
import { PlanPage } from './plans.schemas.ts'
import * as service from './plans.service.ts'
import { signOwnPlan } from './signing.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const base = '/v1/portal/treatment-plans'

export const planPortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnTreatmentPlans',
    summary: 'List my plans',
    description: 'Plans the client was given for review, or that were in force, newest first.',
    query: PageOnly,
    success: { status: 200, schema: PlanPage, description: 'A page of plans.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listOwnPlans(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{planId}`,
    operationId: 'getOwnTreatmentPlan',
    summary: 'Read my plan',
    description: 'What is in force, and what waits for the client’s signature. Drafts are not shown.',
    params: schemas.PortalPlanParams,
    success: { status: 200, schema: schemas.PortalPlan, description: 'The plan.' },
    handler: async (trx, { params }) => ok(await service.getOwnPlan(trx, params.planId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{planId}/signature`,
    operationId: 'signOwnTreatmentPlan',
    summary: 'Sign my plan',
    description:
      'Signs the offered revision as the client, or in the client’s name as the representative the token is for. `contentHash` is that of the revision that was shown.',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.PortalPlanParams,
    body: schemas.PortalSignature,
    success: { status: 200, schema: schemas.PortalPlan, description: 'The plan as it is now.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body, version }) =>
      ok(await signOwnPlan(trx, params.planId, version, body.contentHash)),
  }),
]
