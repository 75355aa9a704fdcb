import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { BookingWarning } from '../appointments.schemas.ts'
import { licensedStates } from './coverage.ts'

export interface PlannedSession {
  mode: 'in_person' | 'telehealth'
  clinicianId: string
  clientIds: readonly string[]
  plannedState?: string
  startsAt: Date
  timeZone: string
}

/**
 * Care is given where the client is, so a telehealth session needs a license of that state. Where the clients will be
 * is what was said, or else their home addresses, for who may read those.
 */
export async function warningsFor(
  trx: PracticeTransaction,
  session: PlannedSession,
): Promise<BookingWarning[]> {
  if (session.mode !== 'telehealth') return []
  const readsHomes = session.plannedState === undefined && trx.scope.actor.permissions.has('clients:read')
  const clientIds = readsHomes ? session.clientIds : []
  const licensed = licensedStates(trx, { ...session, at: session.startsAt })
  const { rows } = await sql<{ licensed: string[]; homes: (string | null)[] }>`
    select ${licensed} as licensed, array(
      select (select place->'address'->>'state' from jsonb_array_elements(k.addresses) place
        where place->>'kind' = 'home' limit 1)
      from clients k where k.practice_id = ${trx.practiceId} and k.id = any(${clientIds}::uuid[])) as homes`.execute(
    trx,
  )
  const { licensed: covered = [], homes = [] } = rows[0] ?? {}
  return toWarnings(covered, session.plannedState === undefined ? homes : [session.plannedState])
}

/** Each state once; whoever may not read addresses is told that the state is not known. */
export function toWarnings(
  licensed: readonly string[],
  planned: readonly (string | null)[],
): BookingWarning[] {
  const states = new Set(planned.length > 0 ? planned : [null])
  return [...states]
    .filter(state => state === null || !licensed.includes(state))
    .map(state => (state === null ? { code: 'state_unknown', state } : { code: 'state_not_licensed', state }))
}
