import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { minuteOf } from '../../practice/index.ts'
import { assertKeepsCalendarOf, window } from '../appointments.rules.ts'
import { unknownReference } from '../booking.rules.ts'
import { addDays } from '../slots/local-calendar.ts'
import { findStanding, findTaken, type Standing } from '../slots/slot-supply.repository.ts'
import { type FittedBlock, type FittingRoom, fit, type WantedBlock } from './fitting.rules.ts'
import type { Fittings, NewFitting } from './fitting.schemas.ts'
import { type OpenIntensive, openIntensive } from './intensive-door.ts'
import { assertIsIn, plannedStates } from './intensives.rules.ts'
import type { IntensiveTemplate, TemplateBlock } from './templates.schemas.ts'
import { findTemplate } from './templates.service.ts'

/**
 * Fits a template to what is free of these clinicians, the rooms of the location and the participants. What does not fit
 * is not offered, and never why.
 *
 * @throws Problem `not-found`, `not-permitted`, `unknown-reference`, `invalid-request`, `invalid-state`
 */
export async function fitTemplate(
  trx: PracticeTransaction,
  intensiveId: string,
  input: NewFitting,
): Promise<Fittings> {
  const open = await openIntensive(trx, intensiveId, { write: true })
  assertIsIn(open.status, ...plannedStates)
  for (const id of input.clinicianIds) assertKeepsCalendarOf(trx.scope, id)
  assertBookable(input)
  const { row } = open
  const clinicianIds = input.clinicianIds.map(id => id.toLowerCase())
  const template = await findTemplate(trx, input.intensiveTemplateId)
  if (!template || template.status !== 'active') throw unknownReference('/intensiveTemplateId')
  const wanted = template.blocks.map(block => toWanted(open, template, block, clinicianIds))
  const dates = { from: input.from, until: addDays(input.until, template.days - 1) }
  const standing = await findStanding(trx, row.service_id, clinicianIds, dates, clinicianIds.length)
  if (clinicianIds.some(id => !standing.clinicianIds.includes(id))) throw unknownReference('/clinicianIds')
  const rooms = roomsOf(open, standing)
  const others = [...rooms.map(({ id }) => id), ...open.participants.values()]
  const taken = await findTaken(trx, dates, clinicianIds, others)
  const { service, locations, hours, exceptions, travelTimes, credentials } = standing
  if (!service || !locations.some(({ id }) => id === row.location_id))
    throw new Problem('invalid-state', { detail: 'The location takes no new sessions.' })
  const supply = {
    practiceZone: service.practice_time_zone,
    locations,
    hours,
    exceptions,
    travelTimes,
    clinicianIds,
    credentials: service.credential_codes.length > 0 ? credentials : null,
    rooms,
    ...taken,
  }
  const question = {
    from: input.from,
    until: input.until,
    days: template.days,
    locationId: row.location_id,
    shiftMinutes: input.shiftMinutes ?? 0,
    now: systemClock.now().getTime(),
  }
  const options = fit(supply, wanted, question, input.limit ?? 5)
  return {
    options: options.map(({ firstOn, blocks }) => ({
      firstOn,
      blocks: blocks.map((fitted, index) => toNewBlock(template.blocks[index], wanted[index], fitted)),
    })),
  }
}

/** @throws Problem `invalid-request` for dates in disorder, too many, or that nobody can book */
function assertBookable({ from, until }: NewFitting): void {
  const today = systemClock.now().toISOString().slice(0, 10)
  if (until < from) throw invalidField('/until', 'range', 'Must not be before the first date.')
  if (addDays(from, limits.scheduling.fittingDays) <= until)
    throw invalidField('/until', 'range', `Must be within ${limits.scheduling.fittingDays} days of \`from\`.`)
  if (from < addDays(today, -window.pastDays))
    throw invalidField('/from', 'range', `Must be at most ${window.pastDays} days ago.`)
  if (until > addDays(today, window.aheadDays))
    throw invalidField('/until', 'range', `Must be at most ${window.aheadDays} days ahead.`)
}

/** @throws Problem `invalid-request` for a template for others, or with more places than there are clinicians */
function toWanted(
  { participants }: OpenIntensive,
  { audience }: IntensiveTemplate,
  block: TemplateBlock,
  clinicianIds: readonly string[],
): WantedBlock {
  if ((audience === 'couple') !== participants.has('b'))
    throw invalidField('/intensiveTemplateId', 'audience', 'This template is for others.')
  return {
    day: block.day,
    startsMinute: minuteOf(block.startsAt),
    minutes: block.durationMinutes,
    clinicianIds: block.clinicians.map(place => {
      const id = clinicianIds[place - 1]
      if (!id)
        throw invalidField('/clinicianIds', 'required', 'The template has a place for more clinicians.')
      return id
    }),
    clientIds: block.participants.flatMap(name => participants.get(name) ?? []),
    needsRoom: block.needsRoom,
  }
}

/** Rooms of the location with the features that the service asks for, the smallest first. */
function roomsOf({ row }: OpenIntensive, { rooms, service }: Standing): FittingRoom[] {
  const needed = service?.required_features ?? []
  return rooms.filter(
    ({ locationId, features }) =>
      locationId === row.location_id && needed.every(feature => features.includes(feature)),
  )
}

function toNewBlock(
  block: TemplateBlock | undefined,
  wanted: WantedBlock | undefined,
  { start, roomId }: FittedBlock,
): Fittings['options'][number]['blocks'][number] {
  if (!block || !wanted) throw new Error('A fitting has the blocks of its template')
  return {
    kind: block.kind,
    participants: block.participants,
    clinicianIds: [...wanted.clinicianIds],
    roomId,
    startsAt: new Date(start).toISOString(),
    durationMinutes: wanted.minutes,
  }
}
