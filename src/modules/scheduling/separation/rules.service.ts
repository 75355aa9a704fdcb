import { type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { SeparationRules } from '../../../lib/database/schema.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { isClientWithin, requireReach, useEmergencyForClients } from '../../charts/index.ts'
import { unknownReference } from '../booking.rules.ts'
import type { NewSeparationRule, SeparationRule, SeparationRuleQuery } from './rules.schemas.ts'

type RuleRow = Selectable<SeparationRules>

/** Rules about two clients both of whom the caller sees in full: a rule tells that they have to do with each other. */
const visibleRules = (trx: PracticeTransaction) => {
  const toSee = { fully: true, permission: 'couples:read' } as const
  return trx
    .selectFrom('separation_rules as r')
    .selectAll('r')
    .where('r.practice_id', '=', trx.practiceId)
    .where(isClientWithin(trx, 'r.first_client_id', toSee))
    .where(isClientWithin(trx, 'r.second_client_id', toSee))
}

/** Newest first. @throws Problem `invalid-cursor` */
export async function listRules(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, clientId }: SeparationRuleQuery,
): Promise<Page<SeparationRule>> {
  trx.audit({ resourceType: 'separation-rule' })
  const before = trx.cursorKey({ clientId }, cursor)?.[0] as string | undefined
  let query = visibleRules(trx)
  if (clientId)
    query = query.where(
      // Rules of records that were merged into this client hold for it.
      sql<boolean>`array(select k.id from clients k where k.practice_id = ${trx.practiceId}
        and (k.id = ${clientId} or k.merged_into_id = ${clientId})) && array[r.first_client_id, r.second_client_id]`,
    )
  if (before) query = query.where('r.id', '<', before)
  const rows = await query
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit).flatMap(clientsOf)
  trx.audit({ clientIds: shown })
  await useEmergencyForClients(trx, shown)
  return toPage(rows, limit, toRule, row => trx.cursorAfter({ clientId }, [row.id]))
}

/** The door to one rule: a replay passes it again. @throws Problem `not-found` */
export async function openRule(trx: PracticeTransaction, id: string): Promise<RuleRow> {
  trx.audit({ resourceType: 'separation-rule', resourceId: id })
  const row = await visibleRules(trx).where('r.id', '=', id).executeTakeFirst()
  if (!row) throw notFound()
  trx.audit({ clientIds: clientsOf(row) })
  await useEmergencyForClients(trx, clientsOf(row))
  trx.passDoor({ door: 'separation-rule', id, need: 'read' })
  return row
}

/** @throws Problem `not-found` */
export const getRule = async (trx: PracticeTransaction, id: string): Promise<SeparationRule> =>
  toRule(await openRule(trx, id))

/** What is booked stays booked. @throws Problem `unknown-reference`, `already-exists`, `not-permitted` */
export async function createRule(
  trx: PracticeTransaction,
  { clientIds, apartInGroups, apartMinutes, reasonCode }: NewSeparationRule,
): Promise<SeparationRule> {
  const id = uuidv7()
  trx.audit({ resourceType: 'separation-rule', resourceId: id, clientIds })
  for (const [index, clientId] of clientIds.entries())
    await assertMayRule(trx, clientId, `/clientIds/${index}`)
  const [first = '', second = ''] = clientIds.map(clientId => clientId.toLowerCase()).toSorted()
  const row = await trx
    .insertInto('separation_rules')
    .values({
      practice_id: trx.practiceId,
      id,
      first_client_id: first,
      second_client_id: second,
      apart_in_groups: apartInGroups,
      apart_minutes: apartMinutes,
      reason_code: reasonCode,
      created_by: recorder(trx),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  trx.audit({ fields: ['clientIds', 'apartInGroups', 'apartMinutes', 'reasonCode'] })
  trx.passDoor({ door: 'separation-rule', id, need: 'read' })
  emit(trx, { type: 'separation-rule.created', resourceId: id, resourceVersion: 1 })
  return toRule(row)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function endRule(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<SeparationRule> {
  const before = atVersion(await openRule(trx, id), version)
  for (const clientId of clientsOf(before))
    await requireReach(trx, clientId, { write: true, permission: 'couples:write' })
  if (before.ended_at) throw new Problem('invalid-state', { detail: 'This rule has ended.' })
  trx.audit({ fields: ['endedAt'] })
  const changes = { ended_at: sql<Date>`now()`, ended_by: recorder(trx) }
  const after = await changeAtVersion(trx, 'separation_rules', before, changes)
  emit(trx, { type: 'separation-rule.ended', resourceId: id, resourceVersion: after.version })
  return toRule(after)
}

async function assertMayRule(trx: PracticeTransaction, clientId: string, pointer: string): Promise<void> {
  try {
    await requireReach(trx, clientId, { write: true, permission: 'couples:write' })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference(pointer) : error
  }
}

const clientsOf = (row: RuleRow) => [row.first_client_id, row.second_client_id]

const toRule = (row: RuleRow): SeparationRule => ({
  id: row.id,
  clientIds: clientsOf(row),
  apartInGroups: row.apart_in_groups,
  apartMinutes: row.apart_minutes,
  reasonCode: row.reason_code as SeparationRule['reasonCode'],
  createdById: row.created_by,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  version: row.version,
})
