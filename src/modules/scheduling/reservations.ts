import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem, type ProblemExtra } from '../../lib/problems.ts'
import type { Period } from './appointments.rules.ts'
import { withBuffers } from './appointments.rules.ts'
import * as repository from './reservations.repository.ts'
import { visibleRivals } from './reservations.sight.ts'

/**
 * The one way to take somebody's time. Every function here costs a constant number of statements however many rows it
 * is given. Take all that a request needs in one call: locks are held to the end of the transaction, and two calls
 * that lock different resources may meet another request's in the other order.
 */
export const resourceKinds = ['clinician', 'room', 'client'] as const
export type ResourceKind = (typeof resourceKinds)[number]
export type HolderKind = 'appointment' | 'hold' | 'intensive_block' | 'group_session'

export interface Resource {
  kind: ResourceKind
  id: string
}

/** What takes the time. Whoever changes what a holder has keeps the holder's own row locked. */
export interface Holder {
  kind: HolderKind
  id: string
}

/** One resource for one `[startsAt, endsAt)`, buffers included. At most 32 hours long. */
export interface Reservation extends Resource {
  holder: Holder
  period: Period
  /** When it ends by itself; only holds do. */
  expiresAt?: Date
}

export interface Buffers {
  beforeMinutes: number
  afterMinutes: number
}

/** A row that could not be taken, told to this caller: `unspecified` unless the caller may see what is there. */
export interface Clash {
  reservation: Reservation
  resource: ResourceKind | 'unspecified'
  /** The appointment that is there; null where something else is, or nothing that the caller may see. */
  appointmentId: string | null
}

/**
 * What a holder needs for one period, in the order in which it is taken: clinicians, rooms, clients, each by id.
 * Buffers are around clinicians and rooms; people who come have none.
 */
export function reservationsOf(
  holder: Holder,
  wanted: readonly Resource[],
  period: Period,
  { buffers, expiresAt }: { buffers?: Buffers | undefined; expiresAt?: Date } = {},
): Reservation[] {
  const around = buffers ? withBuffers(period, buffers.beforeMinutes, buffers.afterMinutes) : period
  return wanted.map(({ kind, id }) => ({
    holder,
    kind,
    id,
    period: kind === 'client' ? period : around,
    ...(expiresAt && { expiresAt }),
  }))
}

/**
 * Takes all of it or refuses.
 *
 * @param options.insteadOf holders whose reservations these take the place of: a booking names its hold
 * @throws Problem `resource-busy`
 */
export async function reserve(
  trx: PracticeTransaction,
  holder: Holder,
  wanted: readonly Resource[],
  period: Period,
  options: { buffers?: Buffers; expiresAt?: Date; insteadOf?: readonly Holder[] } = {},
): Promise<void> {
  const rows = reservationsOf(holder, wanted, period, options)
  await refuse(trx, await reserveMany(trx, rows, options))
}

/**
 * Takes what is free: what was not taken is answered, and the caller either refuses all of it (`refuse`) or lives
 * with the rest. A row also clashes with an earlier one of the same call. Two statements, in one round trip.
 *
 * @param options.insteadOf holders whose reservations these take the place of
 * @param options.isOffered false where what is given back is of no use to those who wait
 * @returns the rows that clash
 */
export async function reserveMany(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  { insteadOf = [], isOffered = true }: { insteadOf?: readonly Holder[]; isOffered?: boolean } = {},
): Promise<Reservation[]> {
  if (rows.length === 0 && insteadOf.length === 0) return []
  const ordered = rows.toSorted(byOrder)
  const givenUp = insteadOf.map(({ id }) => id)
  const [, taken] = await Promise.all([
    lockFor(trx, ordered, insteadOf),
    repository.take(trx, ordered, givenUp, isOffered && insteadOf.some(isSession)),
  ])
  return ordered.filter((_, place) => !taken.has(place))
}

/**
 * Puts these rows in the place of all that their holders have. A holder that clashes has lost what it had: refuse.
 *
 * @returns the rows that clash
 */
export function moveReservations(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  options: { isOffered?: boolean } = {},
): Promise<Reservation[]> {
  const holders = new Map(rows.map(({ holder }) => [holder.id, holder]))
  return reserveMany(trx, rows, { ...options, insteadOf: [...holders.values()] })
}

/**
 * Gives everything back, and offers it to those who wait. Nothing waits for the answer: it leaves with COMMIT.
 *
 * @param options.isOffered false where the time is of no use to them: nobody can have it
 */
export function release(
  trx: PracticeTransaction,
  holders: readonly Holder[],
  { isOffered = true }: { isOffered?: boolean } = {},
): void {
  if (holders.length > 0) repository.remove(trx, holders, isOffered && holders.some(isSession))
}

/** A hold that ends was kept from nobody for long. */
const isSession = ({ kind }: Holder) => kind !== 'hold'

/** Gives back what these holders have of one resource: a member who leaves a group. It leaves with COMMIT. */
export function releaseOne(trx: PracticeTransaction, holders: readonly Holder[], resourceId: string): void {
  if (holders.length > 0) repository.removeOne(trx, holders, resourceId)
}

/**
 * Keeps everybody else from these resources until the transaction ends, for who has to look (`clashesOf`) before
 * deciding what to take. One statement; whatever is taken afterwards must be among them.
 */
export function lockFor(
  trx: PracticeTransaction,
  rows: readonly Resource[],
  holders: readonly Holder[] = [],
): Promise<unknown> {
  return repository.lock(
    trx,
    rows.map(({ id }) => id),
    holders.map(({ id }) => id),
  )
}

/**
 * What would be in the way of these rows, as this caller may be told. Writes nothing and locks nothing. Rows are
 * compared with what stands, not with each other.
 *
 * @param options.insteadOf holders that would give way
 * @returns one entry for each row that is not free
 */
export async function clashesOf(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  { insteadOf = [] }: { insteadOf?: readonly Holder[] } = {},
): Promise<Clash[]> {
  if (rows.length === 0) return []
  const ordered = rows.toSorted(byOrder)
  const rivals = await repository.findRivals(
    trx,
    ordered,
    insteadOf.map(({ id }) => id),
  )
  const visible = await visibleRivals(trx, rivals)
  return [...Map.groupBy(rivals, ({ place }) => place)].flatMap(([place, ofRow]) => {
    const reservation = ordered[place]
    return reservation ? [toClash(reservation, ofRow.find(visible))] : []
  })
}

/**
 * Refuses if there is anything to refuse. The first resource whose rival the caller may see is named, by kind and
 * appointment; where there is none, nothing is, so that nothing is told by elimination.
 *
 * @param clashing rows that `reserveMany` or `moveReservations` answered
 * @throws Problem `resource-busy`
 */
export async function refuse(trx: PracticeTransaction, clashing: readonly Reservation[]): Promise<void> {
  if (clashing.length > 0) throw busy(await clashesOf(trx, clashing, { insteadOf: holdersOf(clashing) }))
}

/** The problem of a refusal, for who has the clashes already and more to say of them. */
export function busy(clashes: readonly Clash[], extra: ProblemExtra = {}): Problem {
  const { resource, appointmentId } = clashes.find(clash => clash.resource !== 'unspecified') ?? unspecified
  return new Problem('resource-busy', {
    extra: { resource, ...(appointmentId !== null && { appointmentId }), ...extra },
  })
}

const unspecified = { resource: 'unspecified', appointmentId: null } as const

const holdersOf = (rows: readonly Reservation[]) => rows.map(({ holder }) => holder)

function toClash(reservation: Reservation, rival: repository.Rival | undefined): Clash {
  if (!rival) return { reservation, ...unspecified }
  return {
    reservation,
    resource: reservation.kind,
    appointmentId: rival.holder_kind === 'appointment' ? rival.holder_id : null,
  }
}

const rank = (kind: ResourceKind) => resourceKinds.indexOf(kind)

/** Clinicians, rooms, clients; each by id, then by time. */
function byOrder(a: Reservation, b: Reservation): number {
  if (a.kind !== b.kind) return rank(a.kind) - rank(b.kind)
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  return a.period.startsAt.getTime() - b.period.startsAt.getTime()
}
