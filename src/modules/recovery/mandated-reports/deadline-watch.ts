import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type FoundByJob, neverRaised, raiseFound } from '../../alerts/index.ts'
import { findPractice, today } from '../../practice/index.ts'
import { deadlinesOf, type ReportStep } from './deadlines.rules.ts'

const rule = 'mandated_report_deadline'

interface PendingRow {
  id: string
  chartId: string
  type: string
  jurisdiction: string
  step: ReportStep
  /** Minutes since 1970. */
  known: number
}

/**
 * Brings up a step of a mandated report some hours before its time is over, once for each step and beginning. What has no
 * rule on record has no deadline here: there the date that the clinician set is watched.
 */
export async function watchDeadlines(trx: PracticeTransaction): Promise<void> {
  const [practice, day, rows] = await Promise.all([findPractice(trx), today(trx), pendingSteps(trx)])
  if (!practice || rows.length === 0) return
  const soon = Date.now() + limits.recovery.reportLeadHours * 3_600_000
  const found = rows.flatMap((row): FoundByJob[] => {
    const knownAt = new Date(row.known * 60_000).toISOString()
    const { type, jurisdiction } = row
    const deadlines = deadlinesOf({ type, jurisdiction, knownAt }, practice.time_zone, day)
    const dueAt = deadlines.find(({ step }) => step === row.step)?.dueAt
    return dueAt && Date.parse(dueAt) <= soon ? [alertOf(row, dueAt)] : []
  })
  await raiseFound(trx, found)
}

const alertOf = ({ id, chartId, step, known }: PendingRow, dueAt: string): FoundByJob => ({
  chartId,
  rule,
  severity: 'urgent',
  key: `${id}:${step}:${known}`,
  evidence: { recordId: id, step, dueAt },
})

/** Steps that were not taken yet of reports that are to be made, or of which it is not decided. */
async function pendingSteps(trx: PracticeTransaction): Promise<PendingRow[]> {
  const known = {
    chartId: sql`r.chart_id`,
    key: sql`r.id::text || ':' || s.step || ':' || r.measures[1]::bigint::text`,
  }
  const { rows } = await sql<PendingRow>`
    select r.id, r.chart_id as "chartId", r.keys[1] as type, r.keys[3] as jurisdiction, s.step,
      r.measures[1]::float8 as known
    from recovery_records r
    join charts c on c.practice_id = r.practice_id and c.id = r.chart_id and c.status = 'open'
    join (values ('oral', array['suspected', 'consulted', 'decided']),
      ('written', array['suspected', 'consulted', 'decided', 'oral_made'])) s(step, statuses) on r.status = any(s.statuses)
    where r.practice_id = ${trx.practiceId} and r.kind = 'mandated_report' and r.measures[1] is not null
      and r.keys[2] <> 'not_reportable' and r.keys[3] is not null
      and ${neverRaised(trx, rule, known)}
    order by r.id, s.step limit 200`.execute(trx)
  return rows
}
