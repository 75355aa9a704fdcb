import fastify from 'fastify'
import pg from 'pg'
import { draftCharacters } from './draft-characters.ts'
import { poolSize } from './pool-size.ts'

// What the service is measured against: Fastify and pg, one named statement per request and one durable commit; no
// token, no tenancy, no row security, no validation, no audit.

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: poolSize })
const app = fastify()
const restOfDraft = 'x'.repeat(draftCharacters)

const ask = async (name: string, text: string, values: unknown[]) =>
  (await pool.query({ name, text, values })).rows

app.get('/livez', async () => ({ status: 'ok' }))

app.get<{ Params: { practice: string; id: string } }>('/clients/:practice/:id', async ({ params }) => {
  const [row] = await ask('client', 'select * from cairn.clients where practice_id = $1 and id = $2', [
    params.practice,
    params.id,
  ])
  return row
})

app.post<{ Params: { practice: string }; Body: Record<string, string> }>(
  '/clients/:practice',
  async ({ params, body }, reply) => {
    const [row] = await ask(
      'new-client',
      `insert into cairn.clients (practice_id, legal_given_name, legal_family_name, birth_date, status)
       values ($1, $2, $3, $4, 'active') returning *`,
      [params.practice, body.legalGivenName, body.legalFamilyName, body.birthDate],
    )
    return reply.status(201).send(row)
  },
)

app.get<{ Params: { practice: string; clinician: string }; Querystring: { from: string; to: string } }>(
  '/weeks/:practice/:clinician',
  async ({ params, query }) => ({
    data: await ask(
      'week',
      `select * from cairn.appointments
       where practice_id = $1 and clinician_id = $2 and starts_at >= $3 and starts_at < $4
       order by starts_at, id limit 51`,
      [params.practice, params.clinician, query.from, query.to],
    ),
  }),
)

app.get<{ Params: { practice: string; clinician: string } }>(
  '/caseloads/:practice/:clinician',
  async ({ params }) => ({
    data: await ask(
      'caseload',
      `select j.*, k.legal_given_name, k.legal_family_name from cairn.care_team_members t
       join cairn.journeys j on j.practice_id = t.practice_id and j.chart_id = t.chart_id
       join cairn.chart_members m on m.practice_id = j.practice_id and m.chart_id = j.chart_id
       join cairn.clients k on k.practice_id = m.practice_id and k.id = m.client_id
       where t.practice_id = $1 and t.staff_id = $2 order by j.progress_permille, j.id limit 61`,
      [params.practice, params.clinician],
    ),
  }),
)

app.get<{ Params: { practice: string; journey: string } }>(
  '/journeys/:practice/:journey',
  async ({ params }) => ({
    data: await ask(
      'journey',
      `select t.*, coalesce(p.performables, '[]') as performables from cairn.journey_tasks t
     left join (select task_id, jsonb_agg(to_jsonb(o) order by o.position) as performables from cairn.journey_performables o
       where o.practice_id = $1 and o.journey_id = $2 group by 1) p on p.task_id = t.id
     where t.practice_id = $1 and t.journey_id = $2 order by t.position`,
      [params.practice, params.journey],
    ),
  }),
)

app.get<{ Params: { practice: string; chart: string } }>('/trends/:practice/:chart', async ({ params }) => ({
  data: await ask(
    'trend',
    `select date_trunc('week', covers_on)::date as on, count(*)::int as check_ins, avg(mood)::float8 as mood, avg(stress)::float8 as stress,
       avg(anxiety)::float8 as anxiety, avg(irritability)::float8 as irritability, avg(depression)::float8 as depression,
       avg(dysphoria)::float8 as dysphoria, avg(shame)::float8 as shame, avg(hopelessness)::float8 as hopelessness,
       avg(sleep_minutes)::float8 as sleep_minutes, avg(meetings)::float8 as meetings, avg(contacts)::float8 as contacts
     from cairn.check_ins where practice_id = $1 and chart_id = $2 and in_force group by 1 order by 1`,
    [params.practice, params.chart],
  ),
}))

/** `offset 0` keeps it looking at one hour after the other: as a join, with few other rows, it takes twelve seconds. */
app.get<{ Params: { practice: string }; Querystring: { from: string; until: string } }>(
  '/slots/:practice',
  async ({ params, query }) => ({
    data: await ask(
      'slots',
      `select s.id as clinician_id, q as starts_at, (
         select r.id from cairn.rooms r where r.practice_id = $1 and not exists (
           select from cairn.reservations b where b.practice_id = $1 and b.resource_id = r.id and b.active
             and b.starts_at < q + interval '50 minutes' and b.starts_at > q - interval '32 hours' and b.ends_at > q)
         limit 1) as room_id
       from generate_series($2::date + interval '16 hours', $3::date + interval '26 hours', interval '15 minutes') q
       cross join cairn.staff_members s
       where s.practice_id = $1 and 'clinician' = any(s.roles) and extract(isodow from q) < 6
         and extract(hour from q) between 16 and 25 and not exists (
           select from cairn.reservations b where b.practice_id = $1 and b.resource_id = s.id and b.active
             and b.starts_at < q + interval '50 minutes' and b.starts_at > q - interval '32 hours' and b.ends_at > q
           offset 0)
       limit 50`,
      [params.practice, query.from, query.until],
    ),
  }),
)

app.get<{ Params: { practice: string }; Querystring: { from: string; until: string } }>(
  '/calendars/:practice',
  async ({ params, query }) => ({
    data: await ask(
      'calendar',
      `select * from cairn.appointments where practice_id = $1 and starts_at >= $2::date and starts_at < $3::date + 1
       order by starts_at, id`,
      [params.practice, query.from, query.until],
    ),
  }),
)

/** As many resources as asked for, which nobody else wants, each for as many weeks. */
app.post<{ Params: { practice: string }; Body: { resources: number; weeks: number } }>(
  '/series/:practice',
  async ({ params, body }, reply) => {
    await ask(
      'series',
      `insert into bare_reservations (practice_id, appointment_id, resource_kind, resource_id, starts_at, ends_at)
       select $1, uuidv7(), 'clinician', r.id, now() + week * interval '7 days', now() + week * interval '7 days' + interval '50 minutes'
       from (select uuidv7() as id from generate_series(1, $2::integer)) r cross join generate_series(1, $3::integer) week`,
      [params.practice, body.resources, body.weeks],
    )
    return reply.status(201).send({ booked: body.weeks })
  },
)

/** A table like that of the drafts, which run.ts makes. */
app.patch<{ Params: { practice: string; note: string }; Body: { sections: { plan: string } } }>(
  '/drafts/:practice/:note',
  async ({ params, body }) => {
    const [row] = await ask(
      'draft',
      `update bare_drafts set document = $3, version = version + 1, updated_at = now()
       where practice_id = $1 and note_id = $2 returning version, updated_at`,
      [params.practice, params.note, Buffer.from(`${restOfDraft}${body.sections.plan}`)],
    )
    return row
  },
)

/** A table like the one that decides bookings, which run.ts makes. */
app.post<{ Params: { practice: string; clinician: string }; Body: { startsAt: string } }>(
  '/bookings/:practice/:clinician',
  async ({ params, body }, reply) => {
    const rows = await ask(
      'booking',
      `insert into bare_reservations (practice_id, appointment_id, resource_kind, resource_id, starts_at, ends_at)
       values ($1, uuidv7(), 'clinician', $2, $3, $3::timestamptz + interval '50 minutes')
       on conflict on constraint bare_reservations_excl do nothing returning *`,
      [params.practice, params.clinician, body.startsAt],
    )
    return rows[0] ? reply.status(201).send(rows[0]) : reply.status(409).send({ code: 'resource-busy' })
  },
)

await app.listen({ port: Number(process.env.PORT) })
