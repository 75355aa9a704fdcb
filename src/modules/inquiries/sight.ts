import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type DataClass, type Permission, reaches, rolePermissions } from '../charts/access-policy.ts'

/**
 * True of an inquiry `i` of which the actor may see this class of data. The access policy decides as for charts, with the
 * clinician it is assigned to in the place of a care team: the front desk sees whom to call back, and what they said is
 * for the clinician who calls and whoever supervises them. There is no way from one inquiry to another.
 */
export function sees(
  trx: PracticeTransaction,
  dataClass: Extract<DataClass, 'administrative' | 'clinical'>,
  permission: Extract<Permission, `inquiries:${string}`>,
): RawBuilder<boolean> {
  const { kind, roles, staffId } = trx.scope.actor
  if (kind !== 'user') return sql<boolean>`false`
  const held = roles.filter(role => rolePermissions[role].includes(permission))
  const reach = reaches(held, dataClass)
  if (reach.has('all')) return sql<boolean>`true`
  const ways = [
    sql`false`,
    ...(reach.has('care-team') ? [sql`i.assigned_to = ${staffId}`] : []),
    ...(reach.has('supervisees')
      ? [
          sql`exists (select from staff_members s where s.practice_id = i.practice_id and s.id = i.assigned_to
            and s.supervisor_id = ${staffId})`,
        ]
      : []),
  ]
  return sql<boolean>`coalesce((${sql.join(ways, sql` or `)}), false)`
}

/** Whether the actor sees every inquiry (the front desk), and so may give them to others. */
export function seesAll({ scope }: PracticeTransaction): boolean {
  const { kind, roles } = scope.actor
  const held = roles.filter(role => rolePermissions[role].includes('inquiries:write'))
  return kind === 'user' && reaches(held, 'administrative').has('all')
}
