import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'

/** What day it is for the people of a chart, and where. */
export interface ClientClock {
  today: string
  timeZone: string
}

/** An instant as the client's own calendar and clock showed it. */
export interface ClientMoment extends ClientClock {
  on: string
  /** 0 to 23. */
  hour: number
  /** 1 is Monday. */
  weekday: number
}

/**
 * Today in the client's own zone; in the practice's where the client has none, and in charts of several people.
 *
 * @returns `YYYY-MM-DD`
 */
export async function clientToday(trx: PracticeTransaction, chart: OpenChart): Promise<string> {
  return (await clientClock(trx, chart)).today
}

/**
 * The same for a job's own query over individual charts, which opens none of them.
 *
 * @param chartId the column that names the chart
 */
export const todayInChart = (trx: PracticeTransaction, chartId: RawBuilder<unknown>) => sql<string>`(
  select (now() at time zone coalesce((select k.time_zone from chart_members m
      join clients k on k.practice_id = m.practice_id and k.id = m.client_id and k.status <> 'merged'
      where m.practice_id = p.practice_id and m.chart_id = ${chartId} and m.left_at is null
      order by k.id limit 1), p.time_zone))::date
  from practices p where p.practice_id = ${trx.practiceId})`

/** As `clientToday`, with the zone it was decided in. */
export async function clientClock(trx: PracticeTransaction, chart: OpenChart): Promise<ClientClock> {
  const { rows } = await sql<ClientClock>`
    select z.zone as "timeZone", (now() at time zone z.zone)::date as today ${fromZone(trx, chart)}`.execute(
    trx,
  )
  return found(rows)
}

/** The day, hour and weekday that an instant had where the client lives. */
export async function clientMoment(
  trx: PracticeTransaction,
  chart: OpenChart,
  instant: string,
): Promise<ClientMoment> {
  const local = sql`(${instant}::timestamptz at time zone z.zone)`
  const { rows } = await sql<ClientMoment>`
    select z.zone as "timeZone", (now() at time zone z.zone)::date as today, ${local}::date as on,
      extract(hour from ${local})::int as hour, extract(isodow from ${local})::int as weekday
    ${fromZone(trx, chart)}`.execute(trx)
  return found(rows)
}

/** Beside the record that goes on, a chart may have members whose records were merged into it. */
const fromZone = (trx: PracticeTransaction, { kind, clientIds }: OpenChart): RawBuilder<unknown> => sql`
  from practices p, lateral (select coalesce((select k.time_zone from clients k
      where k.practice_id = p.practice_id and k.id = any(${kind === 'individual' ? clientIds : []}::uuid[])
        and k.status <> 'merged' order by k.id limit 1), p.time_zone) as zone) z
  where p.practice_id = ${trx.practiceId}`

function found<Row>([row]: readonly Row[]): Row {
  if (!row) throw new Error('The practice of this transaction is not there')
  return row
}
