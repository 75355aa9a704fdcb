import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { v7 as uuidv7 } from 'uuid'
import type { Caller, Reply, TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** People to link, laid by the administrator to keep the tests quick. */
export interface CouplePeople {
  /** A client with an individual chart and its care team. */
  client(name: string, careTeam?: Caller[]): Promise<{ id: string; chartId: string }>
  relatedPerson(clientId: string, name: string): Promise<string>
  /** Runs one statement behind the fence. */
  run(sql: string, values: unknown[]): Promise<Record<string, unknown>[]>
}

export function couplePeople(test: TestApp, practice: TestPractice): CouplePeople {
  const behindTheFence = <T>(work: (admin: pg.Client) => Promise<T>) =>
    asAdmin(test.adminUrl, async admin => {
      await admin.query('set search_path to cairn')
      return work(admin)
    })
  return {
    run: (sql, values) =>
      behindTheFence(async admin => (await admin.query(sql, values)).rows as Record<string, unknown>[]),
    client: (name, careTeam = []) => behindTheFence(admin => layClient(admin, practice.id, name, careTeam)),
    relatedPerson: (clientId, name) =>
      behindTheFence(async admin => {
        const id = uuidv7()
        await admin.query(
          `insert into related_people (practice_id, id, client_id, given_name, relationship)
           values ($1, $2, $3, $4, 'partner')`,
          [practice.id, id, clientId, name],
        )
        return id
      }),
  }
}

async function layClient(admin: pg.Client, practiceId: string, name: string, careTeam: readonly Caller[]) {
  const [id, chartId] = [uuidv7(), uuidv7()]
  await admin.query(
    `insert into clients (practice_id, id, legal_given_name, legal_family_name, status)
     values ($1, $2, $3, 'Example', 'active')`,
    [practiceId, id, name],
  )
  await admin.query(`insert into charts (practice_id, id, kind) values ($1, $2, 'individual')`, [
    practiceId,
    chartId,
  ])
  await admin.query('insert into chart_members (practice_id, chart_id, client_id) values ($1, $2, $3)', [
    practiceId,
    chartId,
    id,
  ])
  await admin.query(
    `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on)
     select $1, $2, staff_id, 'co_therapist', '2020-01-01' from unnest($3::uuid[]) staff_id`,
    [practiceId, chartId, careTeam.map(({ staffId }) => staffId)],
  )
  return { id, chartId }
}

/** Links people as one caller, with a key of its own unless one is given. */
export const link = (
  by: Caller,
  clientId: string,
  partnerClientId: string,
  more: Record<string, unknown> = {},
): Promise<Reply> => by.post('/v1/couples', { clientId, partnerClientId, ...more }, { key: randomUUID() })

/** Today in the zone of the test practices, moved by some days of the calendar: not all of them have 24 hours. */
export const day = (offset = 0): string =>
  Temporal.Now.plainDateISO('America/Los_Angeles').add({ days: offset }).toString()
