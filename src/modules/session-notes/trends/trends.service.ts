import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type OpenChart, openChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { rangeOf } from '../../recovery/index.ts'
import { attendanceIn } from '../attendance/attendance.service.ts'
import { listFigures } from './trends.repository.ts'
import { ratesOf, seriesOf, wholeNotes } from './trends.rules.ts'
import type { NoteTrendQuery, NoteTrends } from './trends.schemas.ts'

const usualDays = 365
const most = limits.noteTrends

/**
 * The numbers of signed notes as series, with what is computed of them. The same few statements however many notes there
 * are; what a draft, a returned note or one entered in error says is not counted.
 *
 * @throws Problem `not-found`, `invalid-request` for a range that is too long
 */
export async function noteTrends(
  trx: PracticeTransaction,
  chartId: string,
  { partKind, measure, subjectId, ...days }: NoteTrendQuery,
): Promise<NoteTrends> {
  trx.audit({ resourceType: 'note-trend' })
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'notes:read' })
  const range = rangeOf(days, await clientToday(trx, chart), usualDays, most.rangeDays)
  const wanted = {
    ...range,
    partKind: partKind ?? null,
    measure: measure ?? null,
    subjectId: subjectId ?? null,
    notes: most.notes,
    figures: most.figures,
  }
  const [newest, attendance] = await Promise.all([
    listFigures(trx, chart, wanted),
    attendanceOf(trx, chart, range),
  ])
  const { figures, truncated } = wholeNotes(newest, wanted)
  return {
    ...range,
    truncated,
    attendance,
    rates: ratesOf(figures),
    data: seriesOf(figures),
    nextCursor: null,
  }
}

async function attendanceOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  range: { from: string; to: string },
): Promise<NoteTrends['attendance']> {
  const counts = await attendanceIn(trx, chart, range)
  const due = counts.attended + counts.missed
  return { ...counts, rate: due === 0 ? null : Math.round((counts.attended / due) * 100) / 100 }
}
