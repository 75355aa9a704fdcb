import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField } from '../../../lib/problems.ts'
import { partIfEnough, partsIfEnough } from '../../../lib/small-counts.ts'
import type { EducationCohort, EducationCohortQuery, PartnerCareCohort } from './cohorts.schemas.ts'

const { smallestCount } = limits

interface EducationRow {
  topic: string
  audience: EducationCohort['rows'][number]['audience']
  charts: number
  completed: number
  discussed: number
  days: number | null
}

/**
 * Counts charts, not assignments: somebody with many would be told of by their number. What is withdrawn counts nowhere.
 *
 * @throws Problem `invalid-request` for days in the wrong order
 */
export async function getEducationCohort(
  trx: PracticeTransaction,
  { from, to }: EducationCohortQuery,
): Promise<EducationCohort> {
  trx.audit({ resourceType: 'recovery-record' })
  if (to < from) throw invalidField('/to', 'order', 'Must not be before `from`.')
  const { rows } = await sql<EducationRow>`
    with assigned as (
      select r.chart_id, r.keys[1] as topic, r.keys[2] as audience, r.status = any(array['completed', 'discussed']) as done,
        r.status = 'discussed' as discussed,
        (select min(v.effective_on) from recovery_record_revisions v where v.practice_id = r.practice_id and v.record_id = r.id
          and v.status = 'completed') - r.occurred_on as days
      from recovery_records r
      where r.practice_id = ${trx.practiceId} and r.kind = 'education_assignment' and r.status <> 'withdrawn'
        and r.data_class = 'clinical' and r.occurred_on between ${from}::date and ${to}::date),
    charts as (
      select a.topic, a.audience, a.chart_id, bool_and(a.done) as done, bool_or(a.discussed) as discussed,
        percentile_cont(0.5) within group (order by a.days) as days
      from assigned a group by 1, 2, 3)
    select c.topic, c.audience, count(*)::int as charts, count(*) filter (where c.done)::int as completed,
      count(*) filter (where c.done and c.discussed)::int as discussed,
      percentile_cont(0.5) within group (order by c.days) filter (where c.done) as days
    from charts c group by 1, 2 having count(*) >= ${smallestCount}::int
    order by 1, 2`.execute(trx)
  return {
    smallestCount,
    rows: rows.map(({ topic, audience, charts, completed, discussed, days }) => {
      const told = partIfEnough(completed, charts)
      return {
        topic,
        audience,
        charts,
        completed: told,
        // Those who did not complete it are part of the rest, so it may stand beside either.
        discussed: told === null ? null : partIfEnough(discussed, told),
        medianDaysToComplete: told === null ? null : days,
      }
    }),
  }
}

interface PartnerRow {
  status: string | null
  couples: number
}

/** Of each couple in joint care with both partners, the newest record of it counts. */
export async function getPartnerCareCohort(trx: PracticeTransaction): Promise<PartnerCareCohort> {
  trx.audit({ resourceType: 'recovery-record' })
  const { rows } = await sql<PartnerRow>`
    select latest.status, count(*)::int as couples
    from charts c
    left join lateral (select r.status from recovery_records r
      where r.practice_id = c.practice_id and r.chart_id = c.id and r.kind = 'partner_care' and r.status <> 'withdrawn'
        and r.data_class = 'clinical'
      order by r.occurred_on desc, r.id desc limit 1) latest on true
    where c.practice_id = ${trx.practiceId} and c.kind = 'couple' and c.status = 'open'
      and (select count(*) from chart_members m where m.practice_id = c.practice_id and m.chart_id = c.id
        and m.left_at is null) = 2
    group by 1`.execute(trx)
  const of = (status: string | null) => rows.find(row => row.status === status)?.couples ?? 0
  const couples = rows.reduce((sum, row) => sum + row.couples, 0)
  const isTold = couples >= smallestCount
  const parts = {
    notRecorded: of(null),
    notEngaged: of('not_engaged'),
    offered: of('offered'),
    engaged: of('engaged'),
    ownTherapist: of('own_therapist'),
    group: of('group'),
  }
  const told = partsIfEnough(parts)
  const share = told.ownTherapist === null ? null : Math.round((100 * told.ownTherapist) / couples)
  return { smallestCount, couples: isTold ? couples : null, ...told, ownTherapistPercent: share }
}
