import type { Client } from 'pg'
import type { TestPractice } from '../test/support/practice.ts'
import { asAdmin } from '../test/support/test-server.ts'
import type { Ground } from './ground.ts'

/** What a practice is filled with; everybody in it is made up. */
export interface Amounts {
  clients: number
  /** Weekday sessions of fifty minutes, spread evenly over all clinicians, ending four weeks from now. */
  appointments: number
  clinicians: number
}

export interface Filled extends TestPractice {
  /** The clinician whose week and clients are read: the lead of every `clinicians`-th client. */
  clinician: Awaited<ReturnType<TestPractice['staff']>>
  clinicianIds: string[]
  /** Some of the clinician's clients, and the ids of their charts. */
  clientIds: string[]
  chartIds: string[]
  serviceId: string
  locationId: string
}

/** Fills a practice by SQL: through the API a million clients would take hours. */
export async function fill(ground: Ground, practice: TestPractice, amounts: Amounts): Promise<Filled> {
  const clinician = await practice.staff(['clinician'])
  return asAdmin(ground.adminUrl, async admin => {
    await admin.query(
      `set search_path to cairn; set session_replication_role = replica; set work_mem = '256MB'`,
    )
    await admin.query(`set maintenance_work_mem = '1GB'`)
    const clinicianIds = await addClinicians(admin, practice.id, clinician.staffId, amounts.clinicians)
    const { serviceId, locationId } = await addSupply(admin, practice.id)
    await addClients(admin, practice.id, clinicianIds, amounts.clients)
    if (amounts.appointments > 0) await addAppointments(admin, practice.id, serviceId, locationId, amounts)
    const { rows } = await admin.query(
      `select m.client_id, m.chart_id from care_team_members t
       join chart_members m on m.practice_id = t.practice_id and m.chart_id = t.chart_id
       where t.practice_id = $1 and t.staff_id = $2 order by m.client_id limit 200`,
      [practice.id, clinician.staffId],
    )
    return {
      ...practice,
      clinician,
      clinicianIds,
      clientIds: rows.map(row => row.client_id),
      chartIds: rows.map(row => row.chart_id),
      serviceId,
      locationId,
    }
  })
}

/** Statistics and visibility maps as a database has them that has run for a while. */
export const settle = (ground: Ground) =>
  asAdmin(ground.adminUrl, async admin => {
    await admin.query('vacuum analyze')
    await admin.query('checkpoint')
  })

async function addClinicians(admin: Client, practiceId: string, measured: string, count: number) {
  await admin.query(
    `insert into staff_members (practice_id, email, email_normalized, given_name, family_name, display_name, roles, status)
     select $1, e, e, 'Test', 'Clinician ' || n, 'Test Clinician ' || n, array['clinician'], 'active'
     from generate_series(2, $2::integer) n, lateral (select 'clinician-' || n || '@practice.example' as e) mail`,
    [practiceId, count],
  )
  const { rows } = await admin.query(
    `select id from staff_members where practice_id = $1 and roles = array['clinician'] order by id = $2 desc, id`,
    [practiceId, measured],
  )
  return rows.map(row => String(row.id))
}

async function addSupply(admin: Client, practiceId: string) {
  const service = await admin.query(
    `insert into services (practice_id, name, kind, duration_minutes, modes)
     values ($1, 'Individual session', 'individual', 50, array['in_person', 'telehealth']) returning id`,
    [practiceId],
  )
  const location = await admin.query(
    `insert into locations (practice_id, name, time_zone) values ($1, 'Main office', 'America/Los_Angeles') returning id`,
    [practiceId],
  )
  return { serviceId: String(service.rows[0].id), locationId: String(location.rows[0].id) }
}

/** Client, chart, membership, lead clinician and one phone each. Row n of each belongs to client n. */
async function addClients(admin: Client, practiceId: string, clinicianIds: string[], count: number) {
  await admin.query(
    `create temporary table made as select n, uuidv7() as client_id, uuidv7() as chart_id,
       ($2::uuid[])[1 + n % cardinality($2::uuid[])] as staff_id from generate_series(1, $3::integer) n`
      .replace(/\$2/g, `'{${clinicianIds.join(',')}}'`)
      .replace('$3', String(count)),
  )
  await withoutConstraints(
    admin,
    'care_team_members',
    ['care_team_members_primary_excl', 'care_team_members_staff_excl'],
    async () => {
      await admin.query(
        `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on)
       select '${practiceId}', chart_id, staff_id, 'primary', current_date - 400 from made`,
      )
    },
  )
  await admin.query(
    `insert into clients (practice_id, id, legal_given_name, legal_family_name, birth_date, status, updated_at)
     select '${practiceId}', client_id, 'Test', 'Client ' || n, date '1960-01-01' + n % 15000, 'active',
       now() - make_interval(secs => $1 - n) from made`,
    [count],
  )
  await admin.query(
    `insert into charts (practice_id, id, kind) select '${practiceId}', chart_id, 'individual' from made`,
  )
  await admin.query(
    `insert into chart_members (practice_id, chart_id, client_id) select '${practiceId}', chart_id, client_id from made`,
  )
  await admin.query(
    `insert into client_contact_points (practice_id, client_id, position, system, value, value_normalized, kind)
     select '${practiceId}', client_id, 0, 'phone', p, p, 'mobile' from made,
       lateral (select '+1555' || lpad((n % 10000000)::text, 7, '0') as p) phone`,
  )
}

async function addAppointments(
  admin: Client,
  practiceId: string,
  serviceId: string,
  locationId: string,
  { appointments, clinicians }: Amounts,
) {
  const each = Math.floor(appointments / clinicians)
  // Eight hours a day, on days that are counted back from four weeks ahead; a clinician's clients come in turn.
  await admin.query(
    `create temporary table turns as select staff_id, chart_id, row_number() over (partition by staff_id order by n) - 1 as turn,
       count(*) over (partition by staff_id) as turns from made`,
  )
  await admin.query('analyze turns')
  await admin.query(
    `create temporary table booked as
     select uuidv7() as id, t.chart_id, t.staff_id, date_trunc('day', now()) + interval '28 days'
         - make_interval(days => (slot / 8)::integer) + make_interval(hours => 15 + slot % 8) as starts_at
     from (select distinct staff_id, turns from turns) s
     cross join generate_series(0, ${each - 1}) slot
     join turns t on t.staff_id = s.staff_id and t.turn = slot % s.turns`,
  )
  await admin.query(
    `insert into appointments (practice_id, id, chart_id, service_id, clinician_id, location_id, mode, time_zone, starts_at, ends_at)
     select '${practiceId}', id, chart_id, '${serviceId}', staff_id, '${locationId}', 'in_person', 'America/Los_Angeles',
       starts_at, starts_at + interval '50 minutes' from booked`,
  )
  await withoutConstraints(admin, 'reservations', ['reservations_overlap_excl'], async () => {
    await admin.query(
      `insert into reservations (practice_id, appointment_id, resource_kind, resource_id, starts_at, ends_at)
       select '${practiceId}', id, 'clinician', staff_id, starts_at, starts_at + interval '50 minutes' from booked`,
    )
  })
}

/** An index that is built once is built much faster than row by row. */
async function withoutConstraints(admin: Client, table: string, names: string[], work: () => Promise<void>) {
  const definitions = new Map<string, string>()
  for (const name of names) {
    const { rows } = await admin.query(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = $1`,
      [name],
    )
    definitions.set(name, rows[0].definition)
    await admin.query(`alter table ${table} drop constraint ${name}`)
  }
  await work()
  for (const [name, definition] of definitions)
    await admin.query(`alter table ${table} add constraint ${name} ${definition}`)
}
