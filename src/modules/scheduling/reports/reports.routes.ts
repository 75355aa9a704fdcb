import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './reports.schemas.ts'
import * as service from './reports.service.ts'

const common = {
  tag: 'Appointments',
  method: 'GET',
  permission: 'reports:read',
  query: schemas.ReportQuery,
} as const

export const reportRoutes = [
  operation({
    ...common,
    path: '/v1/reports/utilization',
    operationId: 'getUtilization',
    summary: 'Report how much time is booked',
    description:
      'Of each clinician the time worked and the time booked, of each room the time open and the time booked. Supervisors are told of themselves and of those whom they supervise, and of no rooms.',
    success: { status: 200, schema: schemas.UtilizationReport, description: 'Minutes and shares.' },
    handler: async (trx, { query }) => ok(await service.getUtilization(trx, query)),
  }),
  operation({
    ...common,
    path: '/v1/reports/no-shows',
    operationId: 'getNoShows',
    summary: 'Report what became of appointments',
    description:
      'How many appointments that start on these days took place, were missed, or were canceled late or in time, by clinician and together. Supervisors are told of themselves and of those whom they supervise.',
    success: { status: 200, schema: schemas.NoShowReport, description: 'Counts and rates.' },
    handler: async (trx, { query }) => ok(await service.getNoShows(trx, query)),
  }),
]
