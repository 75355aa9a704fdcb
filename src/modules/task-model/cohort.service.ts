import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isChartWithin, useEmergencyForCharts } from '../charts/index.ts'
import { ofCaseload } from './caseload.repository.ts'
import { type CohortFigures, smallestCohort } from './cohort.schemas.ts'
import { requireVersion } from './templates.service.ts'

interface CohortRow {
  task_key: string | null
  journeys: number
  signed_off: number
  to_sign_off: number | null
  in_work: number | null
}

/**
 * Medians over the journeys that the caller may read under one version: what colleagues do changes nothing in them.
 *
 * @throws Problem `not-found`
 */
export async function getCohortFigures(
  trx: PracticeTransaction,
  templateId: string,
  number: number,
): Promise<CohortFigures> {
  trx.audit({ resourceType: 'program-template', resourceId: templateId })
  const version = await requireVersion(trx, templateId, number)
  const [rows, charts] = await Promise.all([
    figuresOf(trx, templateId, number),
    chartsOf(trx, templateId, number),
  ])
  await useEmergencyForCharts(trx, charts, ofCaseload.dataClass, ofCaseload.permission)
  const whole = rows.find(({ task_key }) => task_key === null)
  const byKey = new Map(rows.map(row => [row.task_key, row]))
  return {
    templateId,
    number,
    smallestCohort,
    journeys: ifEnough(whole?.journeys ?? 0, whole?.journeys ?? 0),
    tasks: version.content.tasks.map(({ key, label }) => {
      const row = byKey.get(key)
      const signedOff = row?.signed_off ?? 0
      return {
        key,
        label,
        signedOffIn: ifEnough(signedOff, signedOff),
        medianDaysToSignOff: ifEnough(signedOff, row?.to_sign_off ?? null),
        medianDaysInWork: ifEnough(signedOff, row?.in_work ?? null),
      }
    }),
  }
}

const ifEnough = <T>(journeys: number, figure: T): T | null => (journeys < smallestCohort ? null : figure)

/** A row for each task key, and one without a key for the whole. Days are those of the practice's zone. */
async function figuresOf(trx: PracticeTransaction, templateId: string, number: number): Promise<CohortRow[]> {
  const { rows } = await sql<CohortRow>`
    with own as (
      select j.id, j.started_on, p.time_zone from journeys j
      join practices p on p.practice_id = j.practice_id
      where j.practice_id = ${trx.practiceId} and j.template_id = ${templateId} and j.template_number = ${number}::int
        and ${isChartWithin(trx, 'j.chart_id', ofCaseload)}),
    days as (
      select t.task_key, own.id,
        (t.first_signed_off_at at time zone own.time_zone)::date - own.started_on as to_sign_off,
        (t.first_signed_off_at at time zone own.time_zone)::date - (t.first_started_at at time zone own.time_zone)::date as in_work
      from own join journey_tasks t on t.practice_id = ${trx.practiceId} and t.journey_id = own.id and t.dropped_at is null)
    select null as task_key, (select count(*)::int from own) as journeys, 0 as signed_off,
      null::float8 as to_sign_off, null::float8 as in_work
    union all
    select d.task_key, 0, count(d.to_sign_off)::int,
      percentile_cont(0.5) within group (order by d.to_sign_off), percentile_cont(0.5) within group (order by d.in_work)
    from days d group by d.task_key`.execute(trx)
  return rows
}

/** The charts that the figures are made of. */
async function chartsOf(trx: PracticeTransaction, templateId: string, number: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('journeys as j')
    .select('j.chart_id')
    .distinct()
    .where('j.practice_id', '=', trx.practiceId)
    .where('j.template_id', '=', templateId)
    .where('j.template_number', '=', number)
    .where(isChartWithin(trx, 'j.chart_id', ofCaseload))
    .execute()
  return rows.map(row => row.chart_id)
}
