import { Problem } from '../../../lib/problems.ts'

export const groupStatuses = ['forming', 'running', 'paused', 'ended'] as const
export type GroupStatus = (typeof groupStatuses)[number]

export const groupKinds = [
  'process',
  'psychoeducation',
  'task',
  'partner',
  'couples',
  'twelve_step_facilitation',
] as const

const steps: Readonly<Record<GroupStatus, readonly GroupStatus[]>> = {
  forming: ['running', 'ended'],
  running: ['paused', 'ended'],
  paused: ['running', 'ended'],
  ended: [],
}

/** @throws Problem `invalid-state` */
export function assertStep(from: GroupStatus, to: GroupStatus): void {
  if (!steps[from].includes(to)) throw new Problem('invalid-state')
}

/** Whoever leaves may always leave; a closed group that runs takes nobody. @throws Problem `invalid-state` */
export function assertTakesMembers(group: { status: GroupStatus; enrollment: string }): void {
  if (group.status === 'ended') throw new Problem('invalid-state', { detail: 'This group has ended.' })
  if (group.enrollment === 'closed' && group.status !== 'forming')
    throw new Problem('invalid-state', { detail: 'This group is closed: nobody joins once it runs.' })
}

/** @throws Problem `invalid-state` */
export function assertMeets({ status }: { status: GroupStatus }): void {
  if (status === 'paused' || status === 'ended')
    throw new Problem('invalid-state', {
      detail: 'No meetings are booked for a group that pauses or has ended.',
    })
}
