import type { Period } from '../appointments.rules.ts'
import { type Placement, resourcesOf } from '../booking.rules.ts'
import { type Buffers, type Clash, type Reservation, reservationsOf } from '../reservations.ts'

/** A time that an appointment is to have. */
export interface Wish {
  /** The appointment's. */
  id: string
  placement: Pick<Placement, 'clinicianId' | 'roomId' | 'locationId'>
  clientIds: readonly string[]
  period: Period
  buffers: Buffers
  /** What it has now, and keeps where it cannot have this. Null for a new one. */
  has: readonly Reservation[] | null
}

/** What the appointment needs for this time. */
export const reservationsFor = ({
  id,
  placement,
  clientIds,
  period,
  buffers,
}: Omit<Wish, 'has'>): Reservation[] =>
  reservationsOf({ kind: 'appointment', id }, resourcesOf(placement, clientIds), period, { buffers })

/**
 * Adds to the clashes that were found those of the wishes among each other: of two for one time the first has it. Who
 * cannot move stays, and may be in the way of others, so it goes on until nothing is new.
 *
 * @returns by appointment what is in its way
 */
export function allClashes(
  wishes: readonly Wish[],
  found: ReadonlyMap<string, Clash>,
): ReadonlyMap<string, Clash> {
  const clashes = new Map(found)
  for (let before = -1; clashes.size > before; ) {
    before = clashes.size
    const taken = new Map<string, Reservation[]>()
    const take = (row: Reservation) => {
      const ofResource = taken.get(row.id)
      if (ofResource) ofResource.push(row)
      else taken.set(row.id, [row])
    }
    for (const { id, has } of wishes) if (clashes.has(id)) for (const row of has ?? []) take(row)
    for (const wish of wishes) {
      if (clashes.has(wish.id)) continue
      const rows = reservationsFor(wish)
      const clash = rows.flatMap(row => clashIn(row, taken.get(row.id) ?? []))[0]
      if (clash) clashes.set(wish.id, clash)
      else for (const row of rows) take(row)
    }
  }
  return clashes
}

/** Both are the caller's to see: they are of what the caller asks for. */
function clashIn(reservation: Reservation, taken: readonly Reservation[]): Clash[] {
  const rival = taken.find(({ period }) => overlap(period, reservation.period))
  return rival ? [{ reservation, resource: reservation.kind, appointmentId: rival.holder.id }] : []
}

const overlap = (a: Period, b: Period) => a.startsAt < b.endsAt && b.startsAt < a.endsAt
