import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Caller, Reply, TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** What a practice needs before it can book: laid by the administrator to keep the tests quick. */
export interface BookablePractice {
  locationId: string
  /** Two rooms of the location, for three people each. */
  rooms: [string, string]
  services: { individual: string; couple: string; buffered: string }
  client(careTeam?: Caller[]): Promise<{ clientId: string; chartId: string }>
  couple(partners: [string, string], careTeam?: Caller[]): Promise<{ coupleId: string; chartId: string }>
  /** Runs one statement behind the fence. */
  run(sql: string, values: unknown[]): Promise<Record<string, unknown>[]>
}

const zone = 'America/Los_Angeles'

export async function createBookablePractice(
  test: TestApp,
  practice: TestPractice,
): Promise<BookablePractice> {
  const run = (sql: string, values: unknown[]) =>
    asAdmin(test.adminUrl, async admin => {
      await admin.query('set search_path to cairn')
      return (await admin.query(sql, values)).rows as Record<string, unknown>[]
    })
  const lay = async (table: string, columns: Record<string, unknown>): Promise<string> => {
    const row: Record<string, unknown> = { practice_id: practice.id, id: uuidv7(), ...columns }
    const names = Object.keys(row)
    const places = names.map((_, index) => `$${index + 1}`)
    await run(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`, Object.values(row))
    return String(row.id)
  }
  const chart = async (kind: string, clientIds: string[], careTeam: Caller[]): Promise<string> => {
    const chartId = await lay('charts', { kind })
    for (const client_id of clientIds) await lay('chart_members', { chart_id: chartId, client_id })
    for (const { staffId } of careTeam)
      await lay('care_team_members', {
        chart_id: chartId,
        staff_id: staffId,
        role: 'co_therapist',
        starts_on: '2020-01-01',
      })
    return chartId
  }
  const locationId = await lay('locations', { name: 'Harbor Office', time_zone: zone })
  const room = (name: string) => lay('rooms', { location_id: locationId, name, capacity: 3 })
  const service = (name: string, kind: string, buffers: [number, number]) =>
    lay('services', {
      name,
      kind,
      duration_minutes: 50,
      buffer_before_minutes: buffers[0],
      buffer_after_minutes: buffers[1],
      modes: ['in_person', 'telehealth'],
    })
  return {
    locationId,
    rooms: [await room('Willow'), await room('Cedar')],
    services: {
      individual: await service('Individual session', 'individual', [0, 0]),
      couple: await service('Couple session', 'couple', [0, 0]),
      buffered: await service('Buffered session', 'individual', [10, 15]),
    },
    run,
    client: async (careTeam = []) => {
      const clientId = await lay('clients', { legal_given_name: 'Casey', legal_family_name: 'Example' })
      return { clientId, chartId: await chart('individual', [clientId], careTeam) }
    },
    couple: async (partners, careTeam = []) => {
      const chartId = await chart('couple', partners, careTeam)
      const coupleId = await lay('couples', {
        first_client_id: partners[0],
        second_client_id: partners[1],
        chart_id: chartId,
        status_from: '2020-01-01',
        created_by: practice.owner.staffId,
      })
      return { coupleId, chartId }
    },
  }
}

/** A booking in this practice; the rest has defaults: in person, at the first room, without buffers. */
export function bookingsOf(bookable: BookablePractice, clinician: Caller, clientId: string) {
  const body = (startsAt: string, more: Record<string, unknown> = {}) => ({
    clientId,
    serviceId: bookable.services.individual,
    clinicianId: clinician.staffId,
    mode: 'in_person',
    locationId: bookable.locationId,
    roomId: bookable.rooms[0],
    startsAt,
    ...more,
  })
  const book = (by: Caller, startsAt: string, more: Record<string, unknown> = {}): Promise<Reply> =>
    by.post('/v1/appointments', body(startsAt, more), { key: randomUUID() })
  return { body, book }
}

const dayStart = Math.floor(Date.now() / 86_400_000) * 86_400_000

/** An instant some days from today, at a time of day in UTC. */
export const at = (days: number, hours: number, minutes = 0) =>
  new Date(dayStart + days * 86_400_000 + hours * 3_600_000 + minutes * 60_000).toISOString()
