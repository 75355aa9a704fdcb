import type { Scope } from '../../lib/scope.ts'
import {
  type DataClass,
  emergencyClasses,
  type Permission,
  reaches,
  rolePermissions,
  scopeClasses,
} from './access-policy.ts'

/** What somebody wants of a chart. */
export interface ChartNeed {
  dataClass: DataClass
  /** To change something: the chart must be open, and emergency access does not suffice. */
  write?: boolean
  /** With `write`: in a closed chart too, for what a client has a right to after the end of treatment. */
  evenClosed?: boolean
  /**
   * Counts only the roles that hold this permission. A clinician who also supervises writes notes as a
   * clinician: in a supervisee's chart that role sees nothing, so `notes:write` does not reach there.
   */
  permission?: Permission
}

/** The ways by which an actor could come to a class of data. Which of them holds for a chart, the database says. */
export interface Ways {
  /** Every chart of the practice: a role that sees all, or an API client by its scopes. */
  everywhere: 'all' | 'scope' | null
  /** Everywhere, but name and insurance only. */
  limited: boolean
  careTeam: boolean
  supervision: boolean
  emergency: boolean
}

/** The access policy, applied to one actor and one need. */
export function waysInto(actor: Scope['actor'], need: ChartNeed): Ways {
  if (actor.kind !== 'user')
    return { ...noWay, everywhere: scopesReach(actor, need.dataClass) ? 'scope' : null }
  const { permission, dataClass, write = false } = need
  const held = permission
    ? actor.roles.filter(role => rolePermissions[role].includes(permission))
    : actor.roles
  const reach = reaches(held, dataClass)
  return {
    everywhere: reach.has('all') ? 'all' : null,
    limited: reach.has('limited') && !write,
    // An author's own notes are still notes of a chart: who left its care team has left them there.
    careTeam: reach.has('care-team') || reach.has('author'),
    supervision: reach.has('supervisees'),
    emergency:
      !write && emergencyClasses.includes(dataClass) && actor.permissions.has('emergency-access:request'),
  }
}

/** To be told of a chart: roles that may not open charts (billing) do not widen how far those that may can see. */
export const toReadChart = {
  dataClass: 'administrative',
  permission: 'charts:read',
} as const satisfies ChartNeed

const noWay: Ways = {
  everywhere: null,
  limited: false,
  careTeam: false,
  supervision: false,
  emergency: false,
}

const scopesReach = (actor: Scope['actor'], dataClass: DataClass) =>
  [...actor.permissions].some(scope => scopeClasses[scope]?.includes(dataClass))
