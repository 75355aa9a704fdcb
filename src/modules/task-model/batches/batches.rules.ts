import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import type { MigrationPlan, MigrationPreview } from '../journeys.schemas.ts'
import { planMigration } from '../migration.rules.ts'
import type { VersionRow } from '../templates.repository.ts'
import { requireVersionStep } from '../templates.rules.ts'

export const memberStatuses = ['waiting', 'migrated', 'left'] as const
export type MemberStatus = (typeof memberStatuses)[number]

/** Why a journey does not go on by itself. `moved_on`: it followed another version by then, or had ended. */
export const batchReasons = [
  'undecided_keys',
  'not_active',
  'chart_closed',
  'in_target_program',
  'audience',
  'moved_on',
] as const
export type BatchReason = (typeof batchReasons)[number]

const keysOf = ({ content }: VersionRow) => [...content.tasks, ...content.stages].map(({ key }) => key)

/**
 * What becomes of each key of a version.
 *
 * @returns with `unmapped` for the keys that nobody spoke of: where a journey has not begun them, they are left behind
 * @throws Problem `invalid-request`, `unknown-reference`, `invalid-state`
 */
export function planBatch(
  from: VersionRow,
  target: VersionRow | undefined,
  mapping: MigrationPlan['mapping'],
): { target: VersionRow; keys: MigrationPreview } {
  if (!target) throw unknownReference('/programTemplateId')
  requireVersionStep(target.status, 'enroll')
  if (target.template_id === from.template_id && target.number === from.number)
    throw new Problem('invalid-state', { detail: 'The journeys follow this version already.' })
  if (target.kind !== from.kind)
    throw invalidField('/programTemplateId', 'kind', 'Must be of the same kind as what is followed now.')
  return { target, keys: planMigration(keysOf(from), keysOf(target), mapping) }
}

/** What of a plan for a version is about the keys that one journey follows; what was not spoken of is left behind. */
export function planForJourney(
  followed: readonly string[],
  target: VersionRow,
  mapping: MigrationPlan['mapping'],
): { mapping: MigrationPlan['mapping']; preview: MigrationPreview } {
  const offered = keysOf(target)
  const said = mapping.filter(({ fromKey }) => followed.includes(fromKey))
  const { unmapped } = planMigration(followed, offered, said)
  const whole = [...said, ...unmapped.map(fromKey => ({ fromKey, toKey: null }))]
  return { mapping: whole, preview: planMigration(followed, offered, whole) }
}
