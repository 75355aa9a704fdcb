import type { Scope } from '../../lib/scope.ts'
import type { AddendumContent } from './signed-content.ts'

export const addendumStatuses = ['signed', 'pending_cosign', 'cosigned', 'returned'] as const
export type AddendumStatus = (typeof addendumStatuses)[number]

/** Where an addendum stands: one whose author needs a co-signature waits until their supervisor decided. */
export function addendumStatus(
  { cosignRequired }: Pick<AddendumContent, 'cosignRequired'>,
  decision: string | null,
): AddendumStatus {
  if (cosignRequired !== true) return 'signed'
  if (decision === null) return 'pending_cosign'
  return decision === 'cosigned' ? 'cosigned' : 'returned'
}

/**
 * As for notes: what waits is for readers of the chart, but for no integration and no client; what was returned is
 * between its author and their supervisor.
 */
export function mayReadAddendum(actor: Scope['actor'], status: AddendumStatus, isTheirs: boolean): boolean {
  if (status === 'signed' || status === 'cosigned') return true
  return actor.kind === 'user' && (status === 'pending_cosign' || isTheirs)
}
