import { invalidField, Problem } from '../../../lib/problems.ts'
import { type Period, window } from '../appointments.rules.ts'
import { unknownReference } from '../booking.rules.ts'
import { type Reservation, type Resource, reservationsOf } from '../reservations.ts'
import type { BlockRow, PlannedBlock, RoomOfBlocks } from './blocks.repository.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

/** `[start, end)` of a block. @throws Problem `invalid-request` outside of the bookable time */
export function periodAt(start: Date, minutes: number, now: Date, pointer: string): Period {
  if (start.getTime() % minuteMs !== 0) throw invalidField(pointer, 'whole-minute', 'Must be a whole minute.')
  const ahead = start.getTime() - now.getTime()
  if (!(ahead >= -window.pastDays * dayMs && ahead <= window.aheadDays * dayMs))
    throw invalidField(
      pointer,
      'range',
      `Must be at most ${window.pastDays} days ago and ${window.aheadDays} days ahead.`,
    )
  return { startsAt: start, endsAt: new Date(start.getTime() + minutes * minuteMs) }
}

export const periodOf = (block: Pick<PlannedBlock, 'starts_at' | 'ends_at'>): Period => ({
  startsAt: block.starts_at,
  endsAt: block.ends_at,
})

/** Everybody and everything that a block takes the time of. */
export const resourcesOf = ({ clinician_ids, room_id, client_ids }: PlannedBlock): Resource[] => [
  ...clinician_ids.map(id => ({ kind: 'clinician' as const, id })),
  ...(room_id ? [{ kind: 'room' as const, id: room_id }] : []),
  ...client_ids.map(id => ({ kind: 'client' as const, id })),
]

export const holderOf = ({ id }: Pick<PlannedBlock, 'id'>) => ({ kind: 'intensive_block', id }) as const

/** Without buffers: one block begins when another ends, and a break is a block. */
export const reservationsOfBlocks = (blocks: readonly PlannedBlock[]): Reservation[] =>
  blocks.flatMap(block => reservationsOf(holderOf(block), resourcesOf(block), periodOf(block)))

export const takingOf = (block: PlannedBlock) => ({
  ...periodOf(block),
  resourceIds: resourcesOf(block).map(({ id }) => id),
})

/**
 * The blocks that are named, or all that stand like this.
 *
 * @throws Problem `unknown-reference` for one that is not of the intensive, `invalid-state` for one that stands otherwise
 */
export function pick(
  blocks: readonly BlockRow[],
  ids: readonly string[] | undefined,
  statuses: readonly string[],
  pointer: (index: number) => string = index => `/blockIds/${index}`,
): BlockRow[] {
  const standing = blocks.filter(({ status }) => statuses.includes(status))
  if (!ids) return standing
  const seen = new Set<string>()
  return ids.map((given, index) => {
    const id = given.toLowerCase()
    if (!blocks.some(block => block.id === id)) throw unknownReference(pointer(index))
    if (seen.has(id)) throw invalidField(pointer(index), 'unique', 'Each block once.')
    seen.add(id)
    const block = standing.find(one => one.id === id)
    if (!block) throw new Problem('invalid-state', { detail: 'One of the blocks is past this step.' })
    return block
  })
}

/** What stands ready for the blocks of one intensive. */
export interface BlockSupply {
  rooms: readonly RoomOfBlocks[]
  /** Who may give the service. */
  giverIds: ReadonlySet<string>
}

/** @throws Problem `unknown-reference`, `invalid-request` when a room is too small */
export function assertSupplyTakes(
  { rooms, giverIds }: BlockSupply,
  { clinician_ids, client_ids, room_id }: PlannedBlock,
  pointer: string,
): void {
  if (clinician_ids.some(id => !giverIds.has(id))) throw unknownReference(`${pointer}/clinicianIds`)
  if (!room_id) return
  const room = rooms.find(({ id }) => id === room_id)
  if (!room) throw unknownReference(`${pointer}/roomId`)
  if (room.status !== 'active') throw unknownReference(`${pointer}/roomId`, 'closed')
  if (clinician_ids.length + client_ids.length > room.capacity)
    throw invalidField(`${pointer}/roomId`, 'capacity', 'The room is too small for everybody.')
}
