import { type FieldError, Problem } from '../../lib/problems.ts'
import type { MigrationPlan, MigrationPreview } from './journeys.schemas.ts'

/**
 * What becomes of each key when a journey goes on under another version. Keys that are the same in both go on by
 * themselves; every other key followed now must be mapped or left behind by somebody who says so.
 *
 * @param followed the keys of the journey now
 * @param offered the keys of the version it goes on with
 * @throws Problem `invalid-request` for an entry about a key that is not there, or two that meet in one
 */
export function planMigration(
  followed: readonly string[],
  offered: readonly string[],
  mapping: MigrationPlan['mapping'],
): MigrationPreview {
  checkMapping(followed, offered, mapping)
  const said = new Map(mapping.map(({ fromKey, toKey }) => [fromKey, toKey]))
  const kept: MigrationPreview['kept'] = []
  const dropped: string[] = []
  const unmapped: string[] = []
  const taken = new Set(mapping.map(({ toKey }) => toKey))
  for (const key of followed) {
    const toKey = said.get(key)
    if (typeof toKey === 'string') kept.push({ fromKey: key, toKey })
    else if (toKey === null) dropped.push(key)
    else if (offered.includes(key) && !taken.has(key)) kept.push({ fromKey: key, toKey: key })
    else unmapped.push(key)
  }
  const reached = new Set(kept.map(({ toKey }) => toKey))
  return { kept, dropped, added: offered.filter(key => !reached.has(key)), unmapped }
}

/** @throws Problem `invalid-request` that names the keys nobody spoke of */
export function requireComplete({ unmapped }: MigrationPreview): void {
  if (unmapped.length === 0) return
  const detail = 'Some keys followed now are not in that version. Map them, or leave them behind with null.'
  throw new Problem('invalid-request', { errors: [{ pointer: '/mapping', code: 'unmapped', detail }] })
}

function checkMapping(
  followed: readonly string[],
  offered: readonly string[],
  mapping: MigrationPlan['mapping'],
): void {
  const errors: FieldError[] = []
  const [from, to] = [new Set<string>(), new Set<string>()]
  for (const [index, { fromKey, toKey }] of mapping.entries()) {
    const fault = (field: string, code: string, detail: string) =>
      errors.push({ pointer: `/mapping/${index}/${field}`, code, detail })
    if (!followed.includes(fromKey)) fault('fromKey', 'unknown', 'The journey does not follow this key.')
    if (from.has(fromKey)) fault('fromKey', 'unique', 'This key has an entry before.')
    if (toKey !== null && !offered.includes(toKey)) fault('toKey', 'unknown', 'That version has no such key.')
    if (toKey !== null && to.has(toKey)) fault('toKey', 'unique', 'Another key goes on as this one.')
    from.add(fromKey)
    if (toKey !== null) to.add(toKey)
  }
  if (errors.length > 0) throw new Problem('invalid-request', { errors: errors.slice(0, 50) })
}
