import type { Client } from 'pg'
import type { Caller, TestPractice } from '../test/support/practice.ts'
import { asAdmin } from '../test/support/test-server.ts'
import { type Filled, fill } from './fill.ts'
import type { Ground } from './ground.ts'

/** A practice in which everybody is in a task program. */
export interface Care extends Filled {
  /** Of ten clinicians with sixty clients each. */
  supervisor: Caller
  /** Of one client of the clinician's, who has checked in on 5,000 days. */
  chartId: string
  journeyId: string
}

const clinicians = 10
const clientsEach = 60
const checkIns = 5_000

/** Enrolls one client through the API and copies that to all others by SQL; one has checked in each day for years. */
export async function fillCare(ground: Ground, practice: TestPractice): Promise<Care> {
  const supervisor = await practice.staff(['supervisor'])
  const filled = await fill(ground, practice, {
    clients: clinicians * clientsEach,
    appointments: 0,
    clinicians,
  })
  const [chartId = ''] = filled.chartIds
  const journeyId = await enroll(filled.clinician, chartId)
  await asAdmin(ground.adminUrl, async admin => {
    await admin.query(`set search_path to cairn; set session_replication_role = replica`)
    await admin.query(
      `update staff_members set supervisor_id = $2 where practice_id = $1 and 'clinician' = any(roles)`,
      [practice.id, supervisor.staffId],
    )
    await enrollAll(admin, practice.id, journeyId)
    await addCheckIns(admin, practice.id, chartId)
  })
  return { ...filled, supervisor, chartId, journeyId }
}

async function enroll(clinician: Caller, chartId: string): Promise<string> {
  const templates = await clinician.get('/v1/program-templates?kind=task_program&limit=200')
  const [template] = templates.body.data.toSorted(
    (a: { taskCount: number }, b: { taskCount: number }) => b.taskCount - a.taskCount,
  )
  const { status, body } = await clinician.post(`/v1/charts/${chartId}/journeys`, {
    programTemplateId: template.id,
    templateNumber: 1,
  })
  if (status !== 201) throw new Error(`Nobody could be enrolled: ${status} ${JSON.stringify(body)}`)
  return body.id
}

/** Every other chart gets a copy of the journey with its tasks and performables. */
async function enrollAll(admin: Client, practiceId: string, journeyId: string): Promise<void> {
  await admin.query(
    `create temporary table copied as select c.id as chart_id, uuidv7() as journey_id, row_number() over () as n
     from charts c where c.practice_id = '${practiceId}'
       and c.id <> (select chart_id from journeys where id = '${journeyId}')`,
  )
  await copyRows(admin, 'journeys', 'copied c', `o.id = '${journeyId}'`, {
    id: 'c.journey_id',
    chart_id: 'c.chart_id',
    progress_permille: '(c.n * 7 % 1000)::integer',
    last_activity_at: `now() - make_interval(hours => c.n::integer)`,
  })
  await admin.query(
    `create temporary table copied_tasks as select c.journey_id, o.id as original, uuidv7() as task_id
     from copied c, journey_tasks o where o.journey_id = '${journeyId}'`,
  )
  await copyRows(admin, 'journey_tasks', 'copied_tasks c', 'o.id = c.original', {
    id: 'c.task_id',
    journey_id: 'c.journey_id',
  })
  await copyRows(admin, 'journey_performables', 'copied_tasks c', 'o.task_id = c.original', {
    id: 'uuidv7()',
    journey_id: 'c.journey_id',
    task_id: 'c.task_id',
  })
}

/** Copies rows `o` of a table beside `from`, with some columns changed. */
export async function copyRows(
  admin: Client,
  table: string,
  from: string,
  where: string,
  changed: Record<string, string>,
): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
     and attgenerated = ''`,
    [table],
  )
  const names = rows.map(row => row.name)
  const values = names.map(name => changed[name] ?? `o.${name}`)
  await admin.query(
    `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${from}, ${table} o where ${where}`,
  )
}

async function addCheckIns(admin: Client, practiceId: string, chartId: string): Promise<void> {
  await admin.query(
    `insert into check_ins (practice_id, chart_id, kind, covers_on, entered_on, mood, stress, shame, hopelessness,
       sleep_minutes, meetings, contacts, entered_by)
     select $1, $2, 'daily', day, day, n % 11, n % 7, n % 5, n % 3, 360 + n % 120, n % 2, n % 4, 'client'
     from generate_series(0, $3::integer - 1) n, lateral (select current_date - n as day) d`,
    [practiceId, chartId, checkIns],
  )
}
