import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type FoundByJob, neverRaised, raiseFound } from '../../alerts/index.ts'
import { practiceToday } from '../../practice/index.ts'
import { withdrawn } from './kind.ts'
import { kinds } from './kinds/index.ts'

const { isolationDays } = limits.recovery

/** Kinds and statuses in which a date that has passed means something. */
const due = kinds
  .filter(({ reviewOn }) => reviewOn)
  .flatMap(({ kind, statuses, over = [] }) =>
    statuses
      .filter(status => status !== withdrawn && !over.includes(status))
      .map(status => `${kind} ${status}`),
  )

/**
 * Brings up what only time brings about: silence, and dates that have passed, in the days of the practice. Repeated, it
 * finds nothing it has brought up before; after a new contact or a new date it may. What is more than a transaction should
 * write waits for the next round.
 */
export async function watchRecords(trx: PracticeTransaction): Promise<void> {
  const found = [...(await findIsolation(trx)), ...(await findOverdueReviews(trx))]
  await raiseFound(trx, found)
}

/** Open charts of clients who have somebody, or have been in touch before, and have not been for some days. */
async function findIsolation(trx: PracticeTransaction): Promise<FoundByJob[]> {
  const known = { chartId: sql`c.id`, key: sql`last.day::text` }
  const latest = (kind: string, status: string) => sql`(select r.occurred_on as day from recovery_records r
    where r.practice_id = c.practice_id and r.chart_id = c.id and r.kind = ${kind} and r.status = ${status}
      and r.data_class = 'clinical' order by r.occurred_on desc limit 1)`
  const { rows } = await sql<{ chartId: string; day: string; days: number }>`
    select c.id as "chartId", last.day, ${practiceToday(trx)} - last.day as days
    from charts c, lateral (select max(seen.day) as day from (
        ${latest('contact_log', 'recorded')} union all ${latest('meeting_log', 'recorded')}
        union all ${latest('support_person', 'agreed')}
        union all (select k.covers_on from check_ins k where k.practice_id = c.practice_id and k.chart_id = c.id
          and k.in_force and (k.contacts > 0 or k.meetings > 0) order by k.covers_on desc limit 1)) seen) last
    where c.practice_id = ${trx.practiceId} and c.status = 'open' and c.kind = 'individual'
      and last.day < ${practiceToday(trx)} - ${isolationDays}::int
      and ${neverRaised(trx, 'isolation', known)}
    order by c.id limit 200`.execute(trx)
  return rows.map(({ chartId, day, days }) => ({
    chartId,
    rule: 'isolation',
    severity: 'attention',
    key: day,
    evidence: { lastContactOn: day, daysSinceContact: days },
  }))
}

interface OverdueRow {
  id: string
  chartId: string
  kind: string
  dataClass: string
  reviewOn: string
}

/** A date that has passed is one alert; the next date of the same record is another. */
async function findOverdueReviews(trx: PracticeTransaction): Promise<FoundByJob[]> {
  const known = { chartId: sql`r.chart_id`, key: sql`r.id::text || ':' || r.review_on::text` }
  const { rows } = await sql<OverdueRow>`
    select r.id, r.chart_id as "chartId", r.kind, r.data_class as "dataClass", r.review_on as "reviewOn"
    from recovery_records r
    join charts c on c.practice_id = r.practice_id and c.id = r.chart_id and c.status = 'open'
    where r.practice_id = ${trx.practiceId} and r.review_on < ${practiceToday(trx)}
      and r.kind || ' ' || r.status = any(${due}::text[])
      and ${neverRaised(trx, 'recovery_review_overdue', known)}
      and ${neverRaised(trx, 'restricted_review_overdue', known)}
      and ${neverRaised(trx, 'mandated_report_due', known)}
    order by r.review_on, r.id limit 200`.execute(trx)
  return rows.map(({ id, chartId, kind, dataClass, reviewOn }) => ({
    chartId,
    ...ruleOf(kind, dataClass),
    key: `${id}:${reviewOn}`,
    evidence: { recordId: id, dueOn: reviewOn },
  }))
}

function ruleOf(kind: string, dataClass: string): Pick<FoundByJob, 'rule' | 'severity'> {
  if (kind === 'mandated_report') return { rule: 'mandated_report_due', severity: 'urgent' }
  if (dataClass === 'restricted') return { rule: 'restricted_review_overdue', severity: 'attention' }
  return { rule: 'recovery_review_overdue', severity: 'info' }
}
