import { copyRows } from '../../bench/fill-care.ts'
import { createRecoveryGround, type RecoveryGround } from './recovery.ts'
import { journeyOf, publishedTemplate, type TestJourney } from './task-model.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** A client with a journey and check-ins, of whom others can be made by SQL. */
export interface Pattern {
  ground: RecoveryGround
  journey: TestJourney
}

/** @param checkIns on how many days before today */
export async function createPattern(test: TestApp, checkIns: number): Promise<Pattern> {
  const ground = await createRecoveryGround(test)
  const { practice, clinician, chartId } = ground
  const journey = await journeyOf(clinician, chartId, await publishedTemplate(practice.owner))
  const addiction = await ground.addiction()
  await asAdmin(test.adminUrl, async admin => {
    await admin.query('set search_path to cairn; set session_replication_role = replica')
    await admin.query(
      `insert into check_ins (practice_id, chart_id, kind, covers_on, entered_on, mood, entered_by)
       select $1, $2, 'daily', current_date - n, current_date - n, n % 11, 'client' from generate_series(1, $3::int) n`,
      [practice.id, chartId, checkIns],
    )
    await admin.query(
      `insert into check_in_addictions (practice_id, check_in_id, addiction_id, chart_id, urge)
       select practice_id, id, $3, chart_id, 4 from check_ins where practice_id = $1 and chart_id = $2`,
      [practice.id, chartId, addiction.id],
    )
  })
  return { ground, journey }
}

const laid = [
  'clients',
  'charts',
  'chart_members',
  'care_team_members',
  'journeys',
  'journey_events',
  'journey_tasks',
  'journey_performables',
  'check_ins',
  'check_in_addictions',
]

/** Gives a clinician so many clients of the same practice, each with a journey and the last days of check-ins. */
export async function layLike(
  test: TestApp,
  { ground, journey }: Pattern,
  staffId: string,
  count: number,
): Promise<void> {
  const { practice, chartId, clientId } = ground
  await asAdmin(test.adminUrl, async admin => {
    await admin.query('set search_path to cairn; set session_replication_role = replica')
    await admin.query(
      `create temporary table copied as select uuidv7() as chart_id, uuidv7() as client_id, uuidv7() as journey_id
       from generate_series(1, ${count})`,
    )
    const copy = (table: string, where: string, changed: Record<string, string>, from = 'copied c') =>
      copyRows(admin, table, from, `o.practice_id = '${practice.id}' and ${where}`, changed)
    const ofChart = `o.chart_id = '${chartId}'`
    const inChart = { id: 'uuidv7()', chart_id: 'c.chart_id' }
    await copy('clients', `o.id = '${clientId}'`, { id: 'c.client_id' })
    await copy('charts', `o.id = '${chartId}'`, { id: 'c.chart_id' })
    await copy('chart_members', ofChart, { ...inChart, client_id: 'c.client_id' })
    await copy('care_team_members', ofChart, { ...inChart, staff_id: `'${staffId}'::uuid` })
    await copy('journeys', ofChart, { id: 'c.journey_id', chart_id: 'c.chart_id' })
    const inJourney = { id: 'uuidv7()', journey_id: 'c.journey_id' }
    await copy('journey_events', `o.journey_id = '${journey.id}'`, inJourney)
    await admin.query(
      `create temporary table copied_tasks as select c.journey_id, o.id as original, uuidv7() as id
       from copied c, journey_tasks o where o.journey_id = '${journey.id}'`,
    )
    const tasks = 'copied_tasks c'
    await copy('journey_tasks', 'o.id = c.original', { ...inJourney, id: 'c.id' }, tasks)
    await copy('journey_performables', 'o.task_id = c.original', { ...inJourney, task_id: 'c.id' }, tasks)
    await admin.query(
      `create temporary table copied_checks as select c.chart_id, o.id as original, uuidv7() as id
       from copied c, check_ins o where ${ofChart} and o.covers_on > current_date - 6`,
    )
    const checks = 'copied_checks c'
    await copy('check_ins', 'o.id = c.original', { id: 'c.id', chart_id: 'c.chart_id' }, checks)
    const inCheck = { check_in_id: 'c.id', chart_id: 'c.chart_id' }
    await copy('check_in_addictions', 'o.check_in_id = c.original', inCheck, checks)
    await admin.query('drop table copied, copied_tasks, copied_checks')
    await admin.query(`vacuum analyze ${laid.join(', ')}`)
  })
}
