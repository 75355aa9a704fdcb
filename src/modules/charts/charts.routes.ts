import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './charts.schemas.ts'
import * as service from './charts.service.ts'
import { TimelinePage, TimelineQuery } from './timeline.schemas.ts'
import { getTimeline } from './timeline.service.ts'

const common = { tag: 'Charts' } as const

export const chartRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts',
    operationId: 'listCharts',
    summary: 'List charts',
    description:
      'The charts the caller may see, newest first: the front desk all of them, clinicians those of their care teams, supervisors those of their supervisees. Names and status only.',
    permission: 'charts:read',
    query: schemas.ChartQuery,
    success: { status: 200, schema: schemas.ChartPage, description: 'A page of charts.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listCharts(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts',
    operationId: 'createGroupChart',
    summary: 'Open a group chart',
    description:
      'Opens the chart of a group; members join over time. Individual charts open with their client and joint charts with their couple.',
    permission: 'charts:write',
    body: schemas.NewGroupChart,
    success: { status: 201, schema: schemas.ChartDetail, description: 'The chart.' },
    problems: ['unknown-reference', 'not-found'],
    handler: async (trx, { body }) => {
      const chart = await service.createGroupChart(trx, body)
      return created(`/v1/charts/${chart.id}`, chart)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}',
    operationId: 'getChart',
    summary: 'Read a chart',
    description:
      'Kind, members, care team and status, and which classes of its data the caller may read. Members are shown by name; their contact data is reached through their own individual chart only. Answers given under emergency access carry `Cairn-Emergency-Access-Expires`, here and everywhere.',
    permission: 'charts:read',
    params: schemas.ChartParams,
    success: { status: 200, schema: schemas.ChartDetail, description: 'The chart.' },
    handler: async (trx, { params }) => ok(await service.getChart(trx, params.chartId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/closure',
    operationId: 'closeChart',
    summary: 'Close a chart',
    description:
      'A closed chart is read only. Its members, care team and history stay. For the front desk and the primary clinician.',
    permission: 'charts:write',
    ifMatch: true,
    params: schemas.ChartParams,
    success: { status: 200, schema: schemas.ChartDetail, description: 'The closed chart.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.changeStatus(trx, params.chartId, version, 'closed')),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/reopening',
    operationId: 'reopenChart',
    summary: 'Reopen a chart',
    description: 'Opens a closed chart again. For the front desk and the primary clinician.',
    permission: 'charts:write',
    ifMatch: true,
    params: schemas.ChartParams,
    success: { status: 200, schema: schemas.ChartDetail, description: 'The open chart.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.changeStatus(trx, params.chartId, version, 'open')),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/members',
    operationId: 'listChartMembers',
    summary: 'List the members of a chart',
    description: 'Members over time, in the order they joined: those who left too.',
    permission: 'charts:read',
    params: schemas.ChartParams,
    query: schemas.ChartMemberQuery,
    success: { status: 200, schema: schemas.ChartMemberPage, description: 'A page of members.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listMembers(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/members',
    operationId: 'addChartMember',
    summary: 'Add a member to a group',
    description: 'Lets a client whom the caller may see join a group. It opens nothing of their own chart.',
    permission: 'charts:write',
    params: schemas.ChartParams,
    body: schemas.NewChartMember,
    success: { status: 201, schema: schemas.ChartMember, description: 'The membership.' },
    problems: ['unknown-reference', 'already-exists', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const member = await service.addMember(trx, params.chartId, body.clientId)
      return created(`/v1/charts/${params.chartId}/members`, member)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/members/{memberId}/departure',
    operationId: 'endChartMembership',
    summary: 'Let a member leave a group',
    description: 'Ends the membership now. It stays in the history of the group.',
    permission: 'charts:write',
    params: schemas.ChartMemberParams,
    success: { status: 200, schema: schemas.ChartMember, description: 'The ended membership.' },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => ok(await service.endMembership(trx, params.chartId, params.memberId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/timeline',
    operationId: 'getChartTimeline',
    summary: 'Read the timeline of a chart',
    description:
      'What happened in a chart, newest first. Only kinds of events whose records the caller may read in this chart.',
    permission: 'charts:read',
    params: schemas.ChartParams,
    query: TimelineQuery,
    success: { status: 200, schema: TimelinePage, description: 'A page of the timeline.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await getTimeline(trx, params.chartId, query)),
  }),
]
