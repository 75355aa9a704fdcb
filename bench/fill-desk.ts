import { randomUUID } from 'node:crypto'
import type { TestPractice } from '../test/support/practice.ts'
import { asAdmin } from '../test/support/test-server.ts'
import { type Filled, fill } from './fill.ts'
import type { Ground } from './ground.ts'

/** A practice whose front desk looks for time: twenty clinicians in ten rooms, full until four weeks from now. */
export interface Desk extends Filled {
  roomIds: string[]
  /** Intensives of three days and eighteen blocks that are planned and wait to be booked; no two of them meet. */
  intensiveIds: string[]
}

const clinicians = 20
const rooms = 10
/** More than are booked in all rounds. */
const intensives = 2_000

/** @param appointments how many there are, of which only the last weeks lie ahead: the rest is the practice's past */
export async function fillDesk(ground: Ground, practice: TestPractice, appointments: number): Promise<Desk> {
  const filled = await fill(ground, practice, { clients: 2_000, appointments, clinicians })
  const { owner } = practice
  const roomIds: string[] = []
  for (let n = 1; n <= rooms; n++) {
    const room = { name: `Room ${n}`, capacity: 2 }
    roomIds.push(
      String(
        (await made(owner.post(`/v1/locations/${filled.locationId}/rooms`, room, { key: randomUUID() }))).id,
      ),
    )
  }
  const hours = [1, 2, 3, 4, 5].map(weekday => ({
    weekday,
    startsAt: '08:00',
    endsAt: '18:00',
    locationId: filled.locationId,
    telehealth: false,
  }))
  for (const staffId of filled.clinicianIds)
    await made(
      owner.post(`/v1/staff-members/${staffId}/working-hours`, { effectiveFrom: '2020-01-01', hours }),
    )
  await putInRooms(ground, practice.id, roomIds)
  return { ...filled, roomIds, intensiveIds: await planIntensives(ground, filled, roomIds) }
}

async function made(sent: ReturnType<TestPractice['owner']['post']>) {
  const { status, body } = await sent
  if (status !== 201) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Two clinicians share a room: the first of them has it for every other hour. */
const putInRooms = (ground: Ground, practiceId: string, roomIds: readonly string[]) =>
  asAdmin(ground.adminUrl, async admin => {
    await admin.query(`set search_path to cairn; set session_replication_role = replica`)
    await admin.query(
      `insert into reservations (practice_id, appointment_id, resource_kind, resource_id, starts_at, ends_at)
       select practice_id, id, 'room', ($2::uuid[])[1 + place % cardinality($2::uuid[])], starts_at, ends_at
       from (select *, dense_rank() over (order by clinician_id) as place from appointments
         where practice_id = $1 and starts_at >= now() - interval '30 days') a
       where (place - 1) / ${rooms} = extract(hour from starts_at)::integer % 2`,
      [practiceId, roomIds],
    )
  })

/** Ten at once, each with a clinician and a room of its own; the first begin when the booked weeks are over. */
const planIntensives = (
  ground: Ground,
  { id, serviceId, locationId, clinicianIds }: Filled,
  roomIds: string[],
) =>
  asAdmin(ground.adminUrl, async admin => {
    await admin.query(`set search_path to cairn; set session_replication_role = replica`)
    const { rows } = await admin.query(
      `insert into intensives (practice_id, chart_id, client_a, service_id, location_id, time_zone, status, price_cents,
         deposit_cents, refund_days, refund_percents)
       select $1, m.chart_id, m.client_id, $2, $3, 'America/Los_Angeles', 'deposit_due', 0, 0, '{}', '{}'
       from chart_members m where m.practice_id = $1 order by m.id limit ${intensives} returning id`,
      [id, serviceId, locationId],
    )
    await admin.query(
      `insert into intensive_blocks (practice_id, intensive_id, kind, client_ids, clinician_ids, room_id, starts_at, ends_at)
       select i.practice_id, i.id, 'individual', array[i.client_a], array[($2::uuid[])[1 + i.place % ${rooms}]],
         ($3::uuid[])[1 + i.place % ${rooms}], s.starts_at, s.starts_at + interval '50 minutes'
       from (select *, row_number() over (order by id) as place from intensives where practice_id = $1) i
       cross join generate_series(0, 2) day cross join generate_series(0, 5) hour
       cross join lateral (select date_trunc('day', now()) + make_interval(
         days => 40 + (i.place / ${rooms})::integer * 3 + day, hours => 15 + hour) as starts_at) s`,
      [id, clinicianIds, roomIds],
    )
    return rows.map(row => String(row.id))
  })
