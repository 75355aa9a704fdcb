import type { Permission, Role } from '../modules/charts/access-policy.ts'

export type ActorKind = 'user' | 'api_client' | 'client' | 'system'
export type Purpose = 'treatment' | 'payment' | 'operations' | 'emergency'

/**
 * Checked by the database as it sets the context, in the same round trip as the first query: a session that ended,
 * a person who was disabled or whose roles changed since the token was made. `accept` throws to refuse.
 */
export interface Guard {
  /** Sets the context as `app.use_practice` does; answers the version of who enters, or null. */
  entrance: 'enter_as_user' | 'enter_as_api_client' | 'enter_as_portal'
  /** Of the session, API client or portal session. */
  id: string
  accept(version: number | null): void
}

/** Who does something, in which practice, on behalf of which request. */
export interface Scope {
  practiceId: string
  actor: {
    kind: ActorKind
    /** The user, API client, client of the practice or (for `system`) the practice itself. */
    id: string
    /** The staff member a user is in this practice. */
    staffId: string | null
    /** Of an actor of kind `client`: the related person who acts in the client's name; null for the client. */
    representativeId: string | null
    roles: readonly Role[]
    /** What this actor may do, from its roles or its API client's scopes; a client may use the portal. */
    permissions: ReadonlySet<Permission>
  }
  sessionId: string | null
  /** When the person last proved a second factor in this session, for step-up. */
  mfaAt: Date | null
  requestId: string
  operation: string
  purpose: Purpose
  remoteAddress: string | null
  guard: Guard | null
}

/** The scope of a background job: it opens the tenant door itself, as the practice's own system actor. */
export function systemScope(practiceId: string, operation: string): Scope {
  return {
    practiceId,
    actor: {
      kind: 'system',
      id: practiceId,
      staffId: null,
      representativeId: null,
      roles: [],
      permissions: new Set(),
    },
    sessionId: null,
    mfaAt: null,
    requestId: `job:${operation}`,
    operation,
    purpose: 'operations',
    remoteAddress: null,
    guard: null,
  }
}
