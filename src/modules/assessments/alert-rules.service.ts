import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import * as repository from './alert-rules.repository.ts'
import type { AlertRule, AlertRuleQuery, NewAlertRule } from './alert-rules.schemas.ts'
import { findAssignable } from './library.ts'

/** Newest first. @throws Problem `invalid-cursor` */
export async function listRules(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: AlertRuleQuery,
): Promise<Page<AlertRule>> {
  trx.audit({ resourceType: 'assessment-alert-rule' })
  const before = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const rows = await repository.listRules(trx, { limit, before })
  return toPage(rows, limit, toRule, row => trx.cursorAfter({}, [row.id]))
}

/**
 * @throws Problem `invalid-request` without one of `scale` and `item` or one of `atLeast` and `atMost`; `unknown-reference`
 *   for an instrument that is not in use, or a scale or item it does not have
 */
export async function createRule(trx: PracticeTransaction, input: NewAlertRule): Promise<AlertRule> {
  const id = uuidv7()
  trx.audit({ resourceType: 'assessment-alert-rule', resourceId: id, fields: Object.keys(input) })
  requireOneOf(input, 'scale', 'item')
  requireOneOf(input, 'atLeast', 'atMost')
  const instrument = await findAssignable(trx, input.instrumentKey)
  if (!instrument) throw unknownReference('/instrumentKey', 'There is no such instrument in use.')
  const { scales, items } = instrument.definition
  if (input.scale !== undefined && !scales.some(({ key }) => key === input.scale))
    throw unknownReference('/scale', 'The instrument has no such scale.')
  if (input.item !== undefined && !items.some(({ key }) => key === input.item))
    throw unknownReference('/item', 'The instrument has no such item.')
  const row = await repository.insertRule(trx, {
    id,
    instrument_key: input.instrumentKey,
    subject: input.item === undefined ? 'scale' : 'item',
    scale: input.item ?? input.scale ?? '',
    at_least: input.atLeast ?? -Infinity,
    at_most: input.atMost ?? Infinity,
    severity: input.severity,
    respond_within_minutes: input.respondWithinMinutes ?? null,
    created_by: recorder(trx),
  })
  emit(trx, { type: 'assessment-alert-rule.created', resourceId: id })
  return toRule(row)
}

/** @throws Problem `invalid-request` */
function requireOneOf<K extends keyof NewAlertRule>(input: NewAlertRule, one: K, other: K): void {
  if (input[one] === undefined && input[other] === undefined)
    throw invalidField(`/${one}`, 'required', `Say either \`${one}\` or \`${other}\`.`)
  if (input[one] !== undefined && input[other] !== undefined)
    throw invalidField(`/${other}`, 'not-allowed', `Not beside \`${one}\`: that is another rule.`)
}

/** @throws Problem `not-found` for a rule that is not in force */
export async function endRule(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ resourceType: 'assessment-alert-rule', resourceId: id, fields: ['endedAt'] })
  if (!(await repository.endRule(trx, id))) throw notFound()
  emit(trx, { type: 'assessment-alert-rule.ended', resourceId: id })
}

const finite = (limit: number) => (Number.isFinite(limit) ? limit : null)

const toRule = (row: repository.AlertRuleRow): AlertRule => ({
  id: row.id,
  instrumentKey: row.instrument_key,
  scale: row.subject === 'scale' ? row.scale : null,
  item: row.subject === 'item' ? row.scale : null,
  atLeast: finite(row.at_least),
  atMost: finite(row.at_most),
  severity: row.severity as AlertRule['severity'],
  respondWithinMinutes: row.respond_within_minutes,
  createdById: row.created_by,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
})
