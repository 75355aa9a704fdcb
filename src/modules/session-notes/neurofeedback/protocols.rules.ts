import { Problem } from '../../../lib/problems.ts'

export const protocolStatuses = ['active', 'paused', 'ended'] as const
export type ProtocolStatus = (typeof protocolStatuses)[number]

export const protocolChanges = ['started', 'revised', 'paused', 'resumed', 'ended'] as const
export type ProtocolChange = (typeof protocolChanges)[number]

const next: Readonly<Record<ProtocolStatus, readonly ProtocolChange[]>> = {
  active: ['revised', 'paused', 'ended'],
  paused: ['revised', 'resumed', 'ended'],
  ended: [],
}

/** What a change of status is called. */
export const changeTo = { active: 'resumed', paused: 'paused', ended: 'ended' } as const

/** @throws Problem `invalid-state` */
export function checkProtocolChange(from: ProtocolStatus, change: ProtocolChange): void {
  if (next[from].includes(change)) return
  throw new Problem('invalid-state', {
    detail:
      from === 'ended'
        ? 'This protocol has ended. Start another one.'
        : 'This step does not fit the status of the protocol.',
  })
}
