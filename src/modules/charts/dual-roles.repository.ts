import { type InsertObject, type RawBuilder, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DB, DualRoles } from '../../lib/database/schema.ts'
import { changeAtVersion } from '../../lib/versions.ts'
import { practiceToday } from '../practice/index.ts'
import { type Permission, reaches, rolePermissions } from './access-policy.ts'
import { isChartReached } from './reach.ts'

export interface DualRoleRow extends Selectable<DualRoles> {
  status: 'open' | 'justified' | 'ended'
  display_name: string
}

type Verb = Extract<Permission, `dual-roles:${string}`>

/** Owners see all of them, supervisors those of their supervisees: whose charts they see on both sides. */
function isShown({ scope }: PracticeTransaction, permission: Verb): RawBuilder<boolean> {
  const { roles, staffId } = scope.actor
  const held = roles.filter(role => rolePermissions[role].includes(permission))
  const reach = reaches(held, 'administrative')
  if (reach.has('all')) return sql<boolean>`true`
  return reach.has('supervisees') ? sql<boolean>`s.supervisor_id = ${staffId}` : sql<boolean>`false`
}

const dualRoles = (trx: PracticeTransaction, permission: Verb) =>
  trx
    .selectFrom('dual_roles as d')
    .innerJoin('staff_members as s', join =>
      join.onRef('s.practice_id', '=', 'd.practice_id').onRef('s.id', '=', 'd.staff_id'),
    )
    .selectAll('d')
    .select('s.display_name')
    .select(({ ref }) => ref('d.status').$castTo<DualRoleRow['status']>().as('status'))
    .where('d.practice_id', '=', trx.practiceId)
    .where(isShown(trx, permission))

export function findDualRole(
  trx: PracticeTransaction,
  id: string,
  permission: Verb,
): Promise<DualRoleRow | undefined> {
  return dualRoles(trx, permission).where('d.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listDualRoles(
  trx: PracticeTransaction,
  { limit, status, before }: { limit: number; status: string | undefined; before: string | undefined },
): Promise<DualRoleRow[]> {
  let query = dualRoles(trx, 'dual-roles:read')
  if (status) query = query.where('d.status', '=', status)
  if (before) query = query.where('d.id', '<', before)
  return query
    .orderBy('d.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertDualRole(
  trx: PracticeTransaction,
  values: Omit<InsertObject<DB, 'dual_roles'>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('dual_roles')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** @throws Problem `stale-version` when somebody was faster */
export const changeDualRole = (
  trx: PracticeTransaction,
  row: { id: string; version: number },
  changes: UpdateObject<DB, 'dual_roles'>,
) => changeAtVersion(trx, 'dual_roles', row, changes)

/** Who treats; consultants and covering colleagues do not. */
export const therapistRoles = ['primary', 'co_therapist'] as const

/** Which memberships of a care team count, by the name they have in the query. */
type Counts = (trx: PracticeTransaction, alias: 't' | 't2') => RawBuilder<boolean>

const isToday: Counts = (trx, alias) =>
  sql<boolean>`daterange(${sql.ref(`${alias}.starts_on`)}, ${sql.ref(`${alias}.ends_on`)}) @> ${practiceToday(trx)}`

const isNotOver: Counts = (trx, alias) =>
  sql<boolean>`coalesce(${sql.ref(`${alias}.ends_on`)} > ${practiceToday(trx)}, true)`

/**
 * Couples in joint care, with a pair of open individual charts: `own` of the one partner and `other` of the other. Each
 * couple comes twice, once from either side.
 */
const pairs = (trx: PracticeTransaction, counts: Counts) => sql`charts cc
    join chart_members a on a.practice_id = cc.practice_id and a.chart_id = cc.id and a.left_at is null
    join chart_members b on b.practice_id = cc.practice_id and b.chart_id = cc.id and b.left_at is null
      and b.client_id <> a.client_id
    join chart_members ma on ma.practice_id = cc.practice_id and ma.client_id = a.client_id and ma.left_at is null
    join charts own on own.practice_id = cc.practice_id and own.id = ma.chart_id and own.kind = 'individual' and own.status = 'open'
    join chart_members mb on mb.practice_id = cc.practice_id and mb.client_id = b.client_id and mb.left_at is null
    join charts other on other.practice_id = cc.practice_id and other.id = mb.chart_id and other.kind = 'individual'
      and other.status = 'open' and other.id <> own.id
    join care_team_members t on t.practice_id = cc.practice_id and t.chart_id = other.id
      and t.role = any(${therapistRoles}::text[]) and ${counts(trx, 't')}
    left join dual_roles d on d.practice_id = cc.practice_id and d.couple_chart_id = cc.id and d.staff_id = t.staff_id
      and d.status <> 'ended'`

export interface FoundPair {
  coupleChartId: string
  /** The finding there is already, open or with its reason. */
  id: string | null
  version: number | null
  status: 'open' | 'justified' | null
}

/**
 * Couples of which this clinician treats the other partner individually, as far as the actor may know: of couples and
 * partners' charts whose care team they may read. Nobody else learns from a refusal who treats the partner.
 */
export async function knownPairs(
  trx: PracticeTransaction,
  { chartId, staffId, newToChart }: { chartId: string; staffId: string; newToChart: boolean },
): Promise<FoundPair[]> {
  const need = { dataClass: 'administrative', permission: 'care-team:write' } as const
  // From the chart to the couple to the partner's charts, step by step: joined all at once it would start with every couple.
  const { rows } = await sql<FoundPair>`
    with partners as materialized (
      select cc.id as couple_chart_id, b.client_id
      from charts own
      join chart_members m on m.practice_id = own.practice_id and m.chart_id = own.id and m.left_at is null
      join chart_members a on a.practice_id = m.practice_id and a.client_id = m.client_id and a.left_at is null
      join charts cc on cc.practice_id = a.practice_id and cc.id = a.chart_id and cc.kind = 'couple' and cc.status = 'open'
      join chart_members b on b.practice_id = cc.practice_id and b.chart_id = cc.id and b.left_at is null
        and b.client_id <> a.client_id
      where own.practice_id = ${trx.practiceId} and own.id = ${chartId} and own.kind = 'individual' and own.status = 'open'
    ), treated as materialized (
      select p.couple_chart_id, other.id
      from partners p
      join chart_members m on m.practice_id = ${trx.practiceId} and m.client_id = p.client_id and m.left_at is null
      join charts other on other.practice_id = m.practice_id and other.id = m.chart_id and other.kind = 'individual'
        and other.status = 'open' and other.id <> ${chartId}
      join care_team_members t on t.practice_id = other.practice_id and t.chart_id = other.id
        and t.role = any(${therapistRoles}::text[]) and t.staff_id = ${staffId} and ${isNotOver(trx, 't')}
    )
    select distinct o.couple_chart_id as "coupleChartId", d.id, d.version, d.status
    from treated o
    left join dual_roles d on d.practice_id = ${trx.practiceId} and d.couple_chart_id = o.couple_chart_id
      and d.staff_id = ${staffId} and d.status <> 'ended'
    where not (${newToChart}::boolean and exists (select from care_team_members t where t.practice_id = ${trx.practiceId}
        and t.chart_id = ${chartId} and t.staff_id = ${staffId} and t.role = any(${therapistRoles}::text[])
        and ${isToday(trx, 't')}))
      and ${isChartReached(trx, 'o.couple_chart_id', need)} and ${isChartReached(trx, 'o.id', need)}`.execute(
    trx,
  )
  return rows
}

/** Every couple and clinician of whom it is so, as a query. */
const present = (trx: PracticeTransaction, counts: Counts) => sql`
    select distinct cc.id as couple_chart_id, t.staff_id
    from ${pairs(trx, counts)}
    join care_team_members t2 on t2.practice_id = cc.practice_id and t2.chart_id = own.id and t2.staff_id = t.staff_id
      and t2.role = any(${therapistRoles}::text[])
      and ${counts(trx, 't2')}
    where cc.practice_id = ${trx.practiceId} and cc.kind = 'couple' and cc.status = 'open'`

export interface Change {
  id: string
  version: number
  staff_id: string
}

/** Writes down what is so and was not known. @returns what was found */
export async function insertFound(trx: PracticeTransaction): Promise<Change[]> {
  const { rows } = await sql<Change>`
    with now_so as (${present(trx, isToday)})
    insert into dual_roles (practice_id, couple_chart_id, staff_id)
    select ${trx.practiceId}, couple_chart_id, staff_id from now_so order by couple_chart_id, staff_id
    on conflict (practice_id, couple_chart_id, staff_id) where status <> 'ended' do nothing
    returning id, version, staff_id`.execute(trx)
  return rows
}

/** Ends what is so no more, nor is to be again. @returns what ended */
export async function endGone(trx: PracticeTransaction): Promise<Change[]> {
  const { rows } = await sql<Change>`
    with now_so as (${present(trx, isNotOver)})
    update dual_roles d set status = 'ended', ended_at = now(), version = d.version + 1, updated_at = now()
    where d.practice_id = ${trx.practiceId} and d.status <> 'ended'
      and not exists (select from now_so n where n.couple_chart_id = d.couple_chart_id and n.staff_id = d.staff_id)
    returning d.id, d.version, d.staff_id`.execute(trx)
  return rows
}

/** Mail addresses of those who look after it: owners, and the supervisors of these clinicians, but not they themselves. */
export async function reviewersOf(trx: PracticeTransaction, staffIds: readonly string[]): Promise<string[]> {
  const rows = await trx
    .selectFrom('staff_members as r')
    .select('r.email')
    .where('r.practice_id', '=', trx.practiceId)
    .where('r.status', '=', 'active')
    .where(
      sql<boolean>`('owner' = any(r.roles) or exists (select from staff_members s where s.practice_id = r.practice_id
        and s.id = any(${staffIds}::uuid[]) and s.supervisor_id = r.id))`,
    )
    .where(sql<boolean>`not (r.id = any(${staffIds}::uuid[]))`)
    .execute()
  return rows.map(row => row.email)
}
