import { makeClient } from './care.ts'
import { type Ground, make } from './ground.ts'
import type { Preparation } from './requests.ts'
import { freeHour } from './sessions.ts'

/** Makers of what slots are found by, and of holds. Each makes something fresh. */

export async function makeWorkingHours({ callers: { owner }, locationId }: Ground, staffId: string) {
  const hours = [1, 2, 3, 4, 5].map(weekday => ({
    weekday,
    startsAt: '09:00',
    endsAt: '19:00',
    locationId,
    telehealth: true,
  }))
  await make(owner, `/v1/staff-members/${staffId}/working-hours`, { effectiveFrom: '2026-01-01', hours })
}

export async function makeException({ callers: { owner, associate } }: Ground): Promise<string> {
  const exception = await make(owner, '/v1/calendar-exceptions', {
    kind: 'time_off',
    staffId: associate.staffId,
    startsAt: '2026-12-24T00:00',
    endsAt: '2026-12-25T00:00',
  })
  return String(exception.id)
}

export async function makeHold(ground: Ground): Promise<string> {
  const { callers, serviceIds, locationId, roomId } = ground
  const hold = await make(callers.owner, '/v1/slot-holds', {
    serviceId: serviceIds.individual,
    clinicianIds: [callers.clinician.staffId],
    mode: 'in_person',
    locationId,
    roomId,
    startsAt: freeHour(ground, 'future').toISOString(),
    minutes: 60,
  })
  return String(hold.id)
}

/** Weeks and time off of which there are two, and ways from a location to two others. */
export async function supplyIds(ground: Ground) {
  const { callers, locationId, roomId, number } = ground
  const { owner, clinician, associate } = callers
  const place = async () =>
    String((await make(owner, '/v1/locations', { name: `Far Office ${number()}`, timeZone: 'UTC' })).id)
  const [near, far] = [await place(), await place()]
  for (const toLocationId of [near, far]) {
    const way = { fromLocationId: locationId, toLocationId, minutes: 30 }
    await make(owner, '/v1/travel-times', way, { method: 'put' })
  }
  await makeWorkingHours(ground, clinician.staffId)
  for (const _ of ['first', 'next']) await makeWorkingHours(ground, associate.staffId)
  await makeException(ground)
  return {
    clinicianIds: clinician.staffId,
    locationIds: locationId,
    roomIds: roomId,
    fromLocationId: locationId,
    toLocationId: near,
    exceptionId: await makeException(ground),
  }
}

const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const fortnight = () => ({ from: dateIn(3), until: dateIn(16) })

export const supplyPreparations: Readonly<Record<string, Preparation>> = {
  withdrawCalendarException: async world => ({ params: { exceptionId: await makeException(world) } }),
  // Said twice, the same way changes nothing.
  setTravelTime: async ({ callers: { owner }, locationId, number }) => {
    const far = await make(owner, '/v1/locations', { name: `Outer Office ${number()}`, timeZone: 'UTC' })
    return { body: { fromLocationId: locationId, toLocationId: String(far.id), minutes: 30 } }
  },
  searchSlots: () => ({ body: fortnight() }),
  searchWeeklySlots: () => ({ body: { firstOn: dateIn(3) } }),
  searchConsecutiveDays: () => ({ body: fortnight() }),
  holdSlot: async world => ({
    body: {
      clientId: (await makeClient(world)).id,
      startsAt: freeHour(world, 'future').toISOString(),
    },
  }),
  releaseSlotHold: async world => ({ params: { slotHoldId: await makeHold(world) } }),
}
