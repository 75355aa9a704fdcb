import { given } from '../../lib/given.ts'
import { type FieldError, invalidField, Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import type { OpenChart } from '../charts/index.ts'
import type { AppointmentColumns } from './appointments.repository.ts'
import type { AppointmentMove, NewAppointment } from './appointments.schemas.ts'
import type { Resource } from './reservations.ts'
import type { Supply } from './supply.repository.ts'

/** Where and how a session is to be held. */
export interface Placement {
  clinicianId: string
  mode: 'in_person' | 'telehealth'
  locationId: string | null
  roomId: string | null
}

/**
 * Something the request names that is not here, or that takes no new appointments. Another practice's id
 * and one that was never given look the same.
 */
export const unknownReference = (pointer: string, code: FieldError['code'] = 'unknown') =>
  new Problem('unknown-reference', { errors: [{ pointer, code, detail: details[code] ?? 'Unknown here.' }] })

const details: Readonly<Record<string, string>> = {
  unknown: 'There is none with this id that you may use.',
  retired: 'This service is no longer offered.',
  closed: 'It takes no new appointments.',
  inactive: 'This member of staff gives no sessions.',
  credential: 'This member of staff holds none of the credentials that the service asks for.',
  service: 'The service is not given there.',
}

/** In person needs a location, telehealth has neither location nor room. @throws Problem `invalid-request` */
export function assertPlaceFitsMode({ mode, locationId, roomId }: Placement): void {
  if (mode === 'in_person' && !locationId)
    throw invalidField('/locationId', 'required', 'A session in person needs a location.')
  if (mode === 'telehealth' && (locationId || roomId))
    throw invalidField(locationId ? '/locationId' : '/roomId', 'mode', 'Telehealth has no location or room.')
}

/** @throws Problem `invalid-request` for a session in person, which is where its location is */
export function assertPlannedStateFits({
  mode,
  plannedState,
}: Pick<NewAppointment, 'mode' | 'plannedState'>): void {
  if (plannedState !== undefined && mode !== 'telehealth')
    throw invalidField('/plannedState', 'mode', 'Only for telehealth.')
}

/** @throws Problem `not-permitted` */
export function assertMayOverbook({ actor }: Scope, { overbook }: Pick<AppointmentMove, 'overbook'>): void {
  if (overbook && !actor.permissions.has('appointments:overbook'))
    throw new Problem('not-permitted', { detail: 'Overbooking needs `appointments:overbook`.' })
}

/** Everything a session takes up. */
export function resourcesOf(
  { clinicianId, roomId }: Pick<Placement, 'clinicianId' | 'roomId'>,
  clientIds: readonly string[],
): Resource[] {
  return [
    { kind: 'clinician', id: clinicianId },
    ...(roomId ? [{ kind: 'room' as const, id: roomId }] : []),
    ...clientIds.map(id => ({ kind: 'client' as const, id })),
  ]
}

/** @throws Problem `unknown-reference` */
export function assertServiceIsOffered(supply: Pick<Supply, 'service_kind' | 'service_status'>): void {
  if (!supply.service_kind) throw unknownReference('/serviceId')
  if (supply.service_status !== 'active') throw unknownReference('/serviceId', 'retired')
}

/** A session of two is another service than a session of one; an intensive block may be either. */
export function assertServiceFits(supply: Pick<Supply, 'service_kind'>, chartKind: OpenChart['kind']): void {
  if (supply.service_kind !== chartKind && supply.service_kind !== 'intensive')
    throw invalidField('/serviceId', 'kind', 'This service is not for this kind of chart.')
}

/** @throws Problem `invalid-request` */
export function assertModeFits(
  { service_modes }: Pick<Supply, 'service_modes'>,
  mode: Placement['mode'],
): void {
  if (!service_modes?.includes(mode))
    throw invalidField('/mode', 'mode', 'The service is not given in this mode.')
}

/** @throws Problem `unknown-reference`, `invalid-request` when the room is too small */
export function assertSupplyTakes(supply: Supply, { locationId, roomId }: Placement, people: number): void {
  if (!supply.clinician_status) throw unknownReference('/clinicianId')
  if (supply.clinician_status !== 'active' || !supply.clinician_roles?.includes('clinician'))
    throw unknownReference('/clinicianId', 'inactive')
  if (locationId && !supply.location_status) throw unknownReference('/locationId')
  if (locationId && supply.location_status !== 'active') throw unknownReference('/locationId', 'closed')
  if (roomId && !supply.room_status) throw unknownReference('/roomId')
  if (roomId && supply.room_status !== 'active') throw unknownReference('/roomId', 'closed')
  if (roomId && people > (supply.room_capacity ?? 0))
    throw invalidField('/roomId', 'capacity', 'The room is too small for everybody.')
}

/**
 * New sessions of a service are given by who holds a credential for it, where it is given.
 *
 * @throws Problem `unknown-reference`
 */
export function assertMayBeGiven(supply: Pick<Supply, 'clinician_may_give' | 'is_given_there'>): void {
  if (!supply.clinician_may_give) throw unknownReference('/clinicianId', 'credential')
  if (!supply.is_given_there) throw unknownReference('/locationId', 'service')
}

/** A session's zone is its location's; a telehealth session keeps the practice's. */
export const zoneOf = ({ locationId }: Placement, supply: Supply) =>
  (locationId && supply.location_time_zone) || supply.practice_time_zone

/** Everybody in the room: the clients and their clinician. */
export const peopleIn = (clientIds: readonly string[]) => clientIds.length + 1

export const placementOf = (row: AppointmentColumns): Placement => ({
  clinicianId: row.clinician_id,
  mode: row.mode as Placement['mode'],
  locationId: row.location_id,
  roomId: row.room_id,
})

/** What is left out stays, except that a session that becomes telehealth leaves its location and room. */
export function placementAfter(before: AppointmentColumns, change: AppointmentMove): Placement {
  const stays = placementOf(before)
  const leaves = change.mode === 'telehealth' ? { locationId: null, roomId: null } : {}
  const { clinicianId, mode, locationId, roomId } = change
  return { ...stays, ...leaves, ...given({ clinicianId, mode, locationId, roomId }) }
}
