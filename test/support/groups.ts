import { randomUUID } from 'node:crypto'
import type { Caller, Reply, TestPractice } from './practice.ts'
import { type BookablePractice, createBookablePractice } from './scheduling.ts'
import type { TestApp } from './test-app.ts'

/** A practice with a front desk, two clinicians and a service for groups. */
export async function createGroupPractice(test: TestApp, practice: TestPractice) {
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [leader, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const service = await practice.owner.post('/v1/services', {
    name: 'Group (fictional)',
    kind: 'group',
    durationMinutes: 90,
    modes: ['in_person', 'telehealth'],
  })
  await bookable.run('update rooms set capacity = 20 where practice_id = $1', [practice.id])
  /** So many clients with a chart of which this clinician is on the care team, in one statement. */
  const people = async (count: number, { staffId }: Caller): Promise<string[]> => {
    const rows = await bookable.run(
      `with ids as (select uuidv7() as client_id, uuidv7() as chart_id from generate_series(1, $2)),
       k as (insert into clients (practice_id, id, legal_given_name, legal_family_name)
         select $1, client_id, 'Casey', 'Example' from ids),
       c as (insert into charts (practice_id, id, kind) select $1, chart_id, 'individual' from ids),
       m as (insert into chart_members (practice_id, chart_id, client_id) select $1, chart_id, client_id from ids),
       t as (insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on)
         select $1, chart_id, $3, 'co_therapist', '2020-01-01' from ids)
       select client_id from ids`,
      [practice.id, count, staffId],
    )
    return rows.map(row => String(row.client_id))
  }
  return {
    people,
    ...bookable,
    desk,
    leader,
    colleague,
    groupServiceId: String(service.body.id),
  }
}

export type GroupPractice = Awaited<ReturnType<typeof createGroupPractice>>

/** Sends with an Idempotency-Key of its own. */
export const post = (by: Caller, url: string, body: unknown, ifMatch?: number): Promise<Reply> =>
  by.post(url, body, { key: randomUUID(), ...(ifMatch === undefined ? {} : { ifMatch }) })

/** A group of the leader's, through the API. */
export async function makeGroup(ground: GroupPractice, more: Record<string, unknown> = {}) {
  const chart = await ground.desk.post('/v1/charts', {
    kind: 'group',
    name: `Evening Group ${randomUUID()} (fictional)`,
    primaryClinicianId: ground.leader.staffId,
  })
  const body = {
    chartId: chart.body.id,
    kind: 'process',
    enrollment: 'open',
    serviceId: ground.groupServiceId,
    capacity: 8,
    facilitatorIds: [ground.leader.staffId],
    ...more,
  }
  const group = await post(ground.desk, '/v1/groups', body)
  return {
    group: group.body,
    reply: group,
    chartId: String(chart.body.id),
    url: `/v1/groups/${group.body.id}`,
  }
}

/** The day so many days from now, in UTC. */
export const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Weekly meetings from a day on, in person at the first room. */
export const meetings = ({ locationId, rooms }: BookablePractice, more: Record<string, unknown> = {}) => ({
  firstOn: dayIn(7),
  time: '18:00',
  mode: 'in_person',
  locationId,
  roomId: rooms[0],
  ...more,
})
