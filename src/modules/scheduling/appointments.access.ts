import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { reaches } from '../charts/access-policy.ts'
import { chartsReached, displayName, isChartReached, isChartWithin, toReadChart } from '../charts/index.ts'

/**
 * By what right somebody sees an appointment: of everybody's, as the own (or a supervisee's) session, through
 * its chart, or in part, without room, reasons and notes (billing staff).
 */
export type SeenAs = 'all' | 'own' | 'chart' | 'part'

export interface Sight {
  /** A `SeenAs` for each row of `appointments a`. */
  seenAs: RawBuilder<SeenAs>
  /** Narrows to what may be seen; null where that is every appointment. */
  visible: RawBuilder<boolean> | null
}

/**
 * Front desk and integrations see every appointment. Clinicians see their own and those of the charts they
 * are on the care team of, supervisors also those of their supervisees, billers all of them in part.
 *
 * @param few whether what is looked at is few rows whoever may see them (one appointment, somebody's week)
 */
export function sightOf(trx: PracticeTransaction, few: boolean): Sight {
  const reach = reaches(trx.scope.actor.roles, 'administrative')
  if (seesEveryAppointment(trx)) return { seenAs: sql<SeenAs>`'all'`, visible: null }
  const own = isOwn(trx)
  const shown = isChartReached(trx, 'a.chart_id', toReadChart)
  const within = few ? shown : isChartWithin(trx, 'a.chart_id', toReadChart)
  return {
    seenAs: sql<SeenAs>`case when ${shown} then 'chart' when ${own} then 'own' else 'part' end`,
    visible: reach.has('limited') ? null : sql<boolean>`(${own} or ${within})`,
  }
}

/** In full, whoever it is for: the front desk, and integrations. */
export const seesEveryAppointment = ({ scope: { actor } }: PracticeTransaction) =>
  actor.kind !== 'user' || reaches(actor.roles, 'administrative').has('all')

/**
 * The `SeenAs` of `sightOf` for rows of which the charts are gathered already: reach is looked for once for all of them.
 *
 * @param chartIds an array of their ids, in SQL
 */
export function seenAsAmong(trx: PracticeTransaction, chartIds: RawBuilder<unknown>): RawBuilder<SeenAs> {
  if (seesEveryAppointment(trx)) return sql<SeenAs>`'all'`
  return sql<SeenAs>`case when a.chart_id in ${chartsReached(trx, chartIds, toReadChart)} then 'chart'
    when ${isOwn(trx)} then 'own' else 'part' end`
}

/**
 * Present members of the charts of a `page`, in their order, with what they are called: one row for each `page.id`. All of
 * them are joined at once, because a question that is asked of each row has row security checked for each row.
 */
export const membersOfPage = (trx: PracticeTransaction): RawBuilder<unknown> =>
  sql`(select p.id, array_agg(m.client_id order by m.id) as client_ids, array_agg(${displayName} order by m.id) as names
    from page p
    join chart_members m on m.practice_id = ${trx.practiceId} and m.chart_id = p.chart_id and m.left_at is null
    join clients k on k.practice_id = ${trx.practiceId} and k.id = m.client_id
    group by p.id)`

const isOwn = (trx: PracticeTransaction): RawBuilder<boolean> =>
  reaches(trx.scope.actor.roles, 'administrative').has('supervisees')
    ? sql<boolean>`(a.clinician_id = ${trx.scope.actor.staffId} or ${bySupervisee(trx)})`
    : sql<boolean>`(a.clinician_id = ${trx.scope.actor.staffId})`

const bySupervisee = (trx: PracticeTransaction) => sql`a.clinician_id in (select s.id from staff_members s
  where s.practice_id = ${trx.practiceId} and s.supervisor_id = ${trx.scope.actor.staffId})`

/**
 * Whom `appointments a` of `charts c` is for, by name; null where the caller may read no clients, or no
 * couples, or sees a couple's in part only: billing staff who also treat do not learn of all couples. A merged
 * record's chart also holds the survivor: it goes by the name of its own client.
 */
export const subjectName = (
  trx: PracticeTransaction,
  seenAs: RawBuilder<SeenAs>,
): RawBuilder<string | null> =>
  nameFrom(
    trx,
    seenAs,
    sql`(select array_agg(${displayName} order by m.id)
      from chart_members m join clients k on k.practice_id = m.practice_id and k.id = m.client_id
      where m.practice_id = a.practice_id and m.chart_id = a.chart_id and m.left_at is null)`,
  )

/**
 * The same from the names of the chart's members.
 *
 * @param names an array in SQL, as `membersOf` gives it
 */
export function nameFrom(
  trx: PracticeTransaction,
  seenAs: RawBuilder<SeenAs>,
  names: RawBuilder<unknown>,
): RawBuilder<string | null> {
  const { permissions } = trx.scope.actor
  return sql`case
    when (c.kind = 'individual' and ${permissions.has('clients:read')}::boolean)
      or (c.kind = 'couple' and ${permissions.has('couples:read')}::boolean and ${seenAs} <> 'part')
    then array_to_string(${names}[1:case when c.kind = 'individual' then 1 else 2 end], ' & ')
    end`
}

/**
 * Whether the caller may know by id which clients `appointments a` of `charts c` is for: of a couple only who sees its
 * chart, and neither a clinician who lends a hand nor whoever bills.
 */
export function seesMembers(trx: PracticeTransaction, seenAs: RawBuilder<SeenAs>): RawBuilder<boolean> {
  const readsCouples = trx.scope.actor.permissions.has('couples:read')
  return sql<boolean>`(c.kind = 'individual' or (${readsCouples}::boolean and ${seenAs} in ('all', 'chart')))`
}

/**
 * The charts by which a list may be narrowed to one client. A couple's chart is among them only where the
 * caller may see the couple: otherwise the list would tell who that client's partner is.
 */
export function chartsOfClient(trx: PracticeTransaction, clientId: string): RawBuilder<boolean> {
  const couples = trx.scope.actor.permissions.has('couples:read')
    ? sql`(c.kind = 'couple' and ${isChartWithin(trx, 'c.id', { dataClass: 'administrative', permission: 'couples:read' })})`
    : sql`false`
  return sql<boolean>`a.chart_id in (select c.id from chart_members m
    join charts c on c.practice_id = m.practice_id and c.id = m.chart_id
    where m.practice_id = ${trx.practiceId} and m.client_id = ${clientId} and m.left_at is null
      and (c.kind = 'individual' or ${couples}))`
}
