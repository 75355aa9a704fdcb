import { randomUUID } from 'node:crypto'
import type { TestPractice } from '../test/support/practice.ts'
import { asAdmin } from '../test/support/test-server.ts'
import { type Filled, fill } from './fill.ts'
import type { Ground } from './ground.ts'

/** A practice whose front desk looks for time: twenty clinicians in ten rooms, full until four weeks from now. */
export interface Desk extends Filled {
  roomIds: string[]
}

const clinicians = 20
const rooms = 10

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
  return { ...filled, roomIds }
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
