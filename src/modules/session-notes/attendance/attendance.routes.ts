import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './attendance.schemas.ts'
import { attendanceOf } from './attendance.service.ts'

export const attendanceRoutes = [
  operation({
    tag: 'Session notes',
    method: 'GET',
    path: '/v1/charts/{chartId}/attendance',
    operationId: 'getChartAttendance',
    summary: 'Count attendance by month',
    description:
      'How often those of a chart were present, late, absent or did not come without a word, by the headers of its signed notes; in a group’s chart by the signed records of its sessions. Of what waits for a co-signature nothing is counted.',
    permission: 'notes:read',
    params: schemas.ChartOfAttendance,
    query: schemas.AttendanceQuery,
    success: { status: 200, schema: schemas.Attendance, description: 'The counts.' },
    handler: async (trx, { params, query }) => ok(await attendanceOf(trx, params.chartId, query)),
  }),
]
