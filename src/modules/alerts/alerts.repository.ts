import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AlertChanges, Alerts, DB } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import {
  displayName,
  isChartWithin,
  isOnCareTeam,
  isTreatedBySupervisee,
  type OpenChart,
} from '../charts/index.ts'
import type { AlertQuery } from './alerts.schemas.ts'
import type { AlertClass } from './rules.ts'

export type AlertRow = Selectable<Alerts> & {
  overdue: boolean
  clients: { client_id: string; display_name: string }[]
}
export type ChangeRow = Selectable<AlertChanges>
export type AlertUpdate = UpdateObject<DB, 'alerts'>

const alerts = (trx: PracticeTransaction) =>
  trx
    .selectFrom('alerts as a')
    .selectAll('a')
    .select(isOverdue.as('overdue'))
    .select(
      jsonArrayFrom(
        trx
          .selectFrom('chart_members as m')
          .innerJoin('clients as k', join =>
            join.onRef('k.practice_id', '=', 'm.practice_id').onRef('k.id', '=', 'm.client_id'),
          )
          .select(['m.client_id', displayName.as('display_name')])
          .where('m.practice_id', '=', trx.practiceId)
          .where('m.chart_id', '=', sql.ref<string>('a.chart_id'))
          .where('m.left_at', 'is', null)
          .orderBy('m.id'),
      ).as('clients'),
    )
    .where('a.practice_id', '=', trx.practiceId)

const isOverdue = sql<boolean>`coalesce(a.status = 'open' and a.respond_by <= now(), false)`

/** An alert that is named, and the classes of this chart that the actor may read. */
export interface AlertKey {
  chart: OpenChart
  id: string
  classes: readonly AlertClass[]
}

/** An alert of this chart, if it is of one of these classes. */
export function findAlert(
  trx: PracticeTransaction,
  { chart, id, classes }: AlertKey,
): Promise<AlertRow | undefined> {
  return alerts(trx)
    .where('a.chart_id', '=', chart.id)
    .where('a.id', '=', id)
    .where('a.data_class', '=', sql<string>`any(${classes}::text[])`)
    .executeTakeFirst()
}

/** One row more than asked for, newest first: of charts whose data of the alert's class the caller may read. */
export function listAlerts(
  trx: PracticeTransaction,
  {
    limit,
    before,
    of,
    status,
    severity,
    chartId,
    overdue,
  }: Omit<AlertQuery, 'cursor'> & { limit: number; before: string | undefined },
): Promise<AlertRow[]> {
  const within = (dataClass: AlertClass) =>
    sql<boolean>`a.data_class = ${dataClass} and ${isChartWithin(trx, 'a.chart_id', { dataClass, permission: 'alerts:read' })}`
  let query = alerts(trx).where(sql<boolean>`((${within('clinical')}) or (${within('restricted')}))`)
  if (of === 'mine') query = query.where('a.owner_id', '=', trx.scope.actor.staffId)
  if (of === 'supervisees') query = query.where(isOfSupervisees(trx))
  if (status) query = query.where('a.status', '=', status)
  if (severity) query = query.where('a.severity', '=', severity)
  if (chartId) query = query.where('a.chart_id', '=', chartId)
  if (overdue !== undefined) query = query.where(isOverdue, '=', overdue)
  if (before) query = query.where('a.id', '<', before)
  return query
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** What somebody the caller supervises is to see to, or, where nobody is, what is of a chart they treat. */
function isOfSupervisees(trx: PracticeTransaction) {
  const owners = trx
    .selectFrom('staff_members as s')
    .select('s.id')
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.supervisor_id', '=', trx.scope.actor.staffId)
  return sql<boolean>`(a.owner_id in ${owners}
    or (a.owner_id is null and ${isTreatedBySupervisee(trx, sql`a.chart_id`)}))`
}

/** Oldest first; nothing where the alert itself is not found. */
export function listChanges(
  trx: PracticeTransaction,
  { chart, id, classes }: AlertKey,
): Promise<ChangeRow[]> {
  const found = trx
    .selectFrom('alerts')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '=', id)
    .where('data_class', '=', sql<string>`any(${classes}::text[])`)
  return trx
    .selectFrom('alert_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('alert_id', '=', found)
    .orderBy('alert_version')
    .execute()
}

/** Changes the row if it still has this version. */
export const updateAlert = (trx: PracticeTransaction, id: string, version: number, changes: AlertUpdate) =>
  updateAtVersion(trx, 'alerts', { id, version }, changes)

/** Marks an alert that nobody acknowledged in time, once. */
export function markOverdue(trx: PracticeTransaction, id: string): Promise<Selectable<Alerts> | undefined> {
  return trx
    .updateTable('alerts')
    .set({
      overdue_at: sql<Date>`now()`,
      // Of what is restricted whoever supervises the owner is not told.
      escalated_to: sql<string | null>`case when data_class = 'clinical' then (select s.id
        from staff_members o join staff_members s on s.practice_id = o.practice_id and s.id = o.supervisor_id
          and s.status = 'active'
        where o.practice_id = ${trx.practiceId} and o.id = owner_id) end`,
      severity: sql<string>`case severity when 'info' then 'attention' else 'urgent' end`,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('status', '=', 'open')
    .where('overdue_at', 'is', null)
    .where('respond_by', '<=', sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst()
}

export type NewChange = Omit<Insertable<AlertChanges>, 'practice_id'>

/** A step of an alert, to be sent at once or with the commit. */
export const newChange = (trx: PracticeTransaction, values: NewChange) =>
  trx.insertInto('alert_changes').values({ ...values, practice_id: trx.practiceId })

/**
 * Whether this member of staff would be told of an alert of this class: somebody of the chart's care team, or for clinical
 * ones whoever supervises one of them.
 */
export async function mayOwn(
  trx: PracticeTransaction,
  chart: OpenChart,
  { staffId, dataClass }: { staffId: string; dataClass: AlertClass },
): Promise<boolean> {
  const row = await trx
    .selectFrom('staff_members as s')
    .select('s.id')
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.id', '=', staffId)
    .where('s.status', '=', 'active')
    .where(isOnCareTeam(trx, chart, 's.id', { orSupervises: dataClass === 'clinical' }))
    .executeTakeFirst()
  return row !== undefined
}
