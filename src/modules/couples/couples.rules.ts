import { Problem } from '../../lib/problems.ts'

export const coupleStatuses = ['together', 'separated', 'divorced', 'rejoined', 'ended'] as const
export type CoupleStatus = (typeof coupleStatuses)[number]

/** What a couple may be when it is linked: couples also come to care after they have parted. */
export const firstStatuses = ['together', 'separated', 'divorced'] as const satisfies readonly CoupleStatus[]
export const laterStatuses = [
  'separated',
  'divorced',
  'rejoined',
  'ended',
] as const satisfies readonly CoupleStatus[]

export const endReasons = ['deceased', 'care_concluded', 'linked_in_error'] as const
export type EndReason = (typeof endReasons)[number]

/** What may follow what. An ended couple stays as it was: if the two come back, they are linked anew. */
const next: Readonly<Record<CoupleStatus, readonly CoupleStatus[]>> = {
  together: ['separated', 'divorced', 'ended'],
  separated: ['divorced', 'rejoined', 'ended'],
  divorced: ['rejoined', 'ended'],
  rejoined: ['separated', 'divorced', 'ended'],
  ended: [],
}

/** @throws Problem `invalid-state` */
export function checkStatusStep(from: CoupleStatus, to: CoupleStatus): void {
  if (next[from].includes(to)) return
  throw new Problem('invalid-state', {
    detail:
      from === 'ended'
        ? 'The couple has ended. If both come back, link them anew.'
        : 'This status cannot follow the present one: see the history of the couple.',
  })
}

/** @throws Problem `invalid-state` when the couple has ended: it can be read, not changed. */
export function checkNotEnded(status: string): void {
  if (status === 'ended') throw new Problem('invalid-state', { detail: 'The couple has ended.' })
}

/** Who leaves the couple's care with a step, of those present: everybody when it ends. */
export function leaving(to: CoupleStatus, present: readonly string[], named: readonly string[]): string[] {
  return to === 'ended' ? [...present] : present.filter(clientId => named.includes(clientId))
}

/** Who comes back with a step: a couple that has rejoined has both partners in care again. */
export function returning(
  to: CoupleStatus,
  partners: readonly string[],
  present: readonly string[],
): string[] {
  return to === 'rejoined' ? partners.filter(clientId => !present.includes(clientId)) : []
}
