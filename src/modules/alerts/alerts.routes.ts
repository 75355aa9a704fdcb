import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './alerts.schemas.ts'
import * as service from './alerts.service.ts'

const common = { tag: 'Alerts' } as const
const base = '/v1/charts/{chartId}/alerts'
const changed = { status: 200, schema: schemas.AlertDetail, description: 'The alert as it is now.' } as const
const step = { ...common, method: 'POST', permission: 'alerts:write', ifMatch: true } as const

export const alertRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/alerts',
    operationId: 'listAlerts',
    summary: 'List alerts',
    description:
      'Of every chart the caller may read clinical data of, newest first. A supervisor sees those of supervisees, but none that is restricted to the care team.',
    permission: 'alerts:read',
    query: schemas.AlertQuery,
    success: { status: 200, schema: schemas.AlertPage, description: 'A page of alerts.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listAlerts(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'raiseAlert',
    summary: 'Ask colleagues for attention',
    description:
      'An alert as a rule would raise it, with a concern for its cause. It is a row in a list: nobody is written to.',
    permission: 'alerts:write',
    idempotency: 'required',
    params: schemas.ChartParams,
    body: schemas.NewAlert,
    success: { status: 201, schema: schemas.AlertDetail, description: 'The alert.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const alert = await service.raiseConcern(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/alerts/${alert.id}`, alert)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{alertId}`,
    operationId: 'getAlert',
    summary: 'Read an alert',
    description: 'What was found, who sees to it, and everything that was done about it.',
    permission: 'alerts:read',
    params: schemas.AlertParams,
    success: { status: 200, schema: schemas.AlertDetail, description: 'The alert.' },
    handler: async (trx, { params }) => ok(await service.getAlert(trx, params.chartId, params.alertId)),
  }),
  operation({
    ...step,
    path: `${base}/{alertId}/acknowledgment`,
    operationId: 'acknowledgeAlert',
    summary: 'Acknowledge an alert',
    description: 'Says that the caller sees to it. It stops the time in which somebody has to respond.',
    params: schemas.AlertParams,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params: { chartId, alertId: id }, version }) =>
      ok(await service.acknowledge(trx, { chartId, id, version })),
  }),
  operation({
    ...step,
    path: `${base}/{alertId}/reassignment`,
    operationId: 'reassignAlert',
    summary: 'Give an alert to somebody else',
    description: 'The new owner must be somebody who may see it. The time to respond does not begin anew.',
    params: schemas.AlertParams,
    body: schemas.AlertReassignment,
    success: changed,
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params: { chartId, alertId: id }, body, version }) =>
      ok(await service.reassign(trx, { chartId, id, version }, body)),
  }),
  operation({
    ...step,
    path: `${base}/{alertId}/resolution`,
    operationId: 'resolveAlert',
    summary: 'Resolve an alert',
    description:
      'For good: what comes back is another alert. An alert of a chart that was closed can be resolved too.',
    params: schemas.AlertParams,
    body: schemas.AlertResolution,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params: { chartId, alertId: id }, body, version }) =>
      ok(await service.resolve(trx, { chartId, id, version }, body)),
  }),
]
