import fastify from 'fastify'
import pg from 'pg'
import { poolSize } from './pool-size.ts'

// What the service is measured against: Fastify and pg, one named statement per request and one durable commit; no
// token, no tenancy, no row security, no validation, no audit.

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: poolSize })
const app = fastify()

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
