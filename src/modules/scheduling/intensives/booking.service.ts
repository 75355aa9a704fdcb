import { sql } from 'kysely'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { findLocation } from '../../practice/index.ts'
import { assertKeepsCalendarOf, instant, keepsTime, minutesOf } from '../appointments.rules.ts'
import { moveReservations, release, reserveMany } from '../reservations.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { type BlockRow, listBlocks, updateBlocks } from './blocks.repository.ts'
import {
  assertSupplyTakes,
  holderOf,
  periodAt,
  periodOf,
  pick,
  reservationsOfBlocks,
  takingOf,
} from './blocks.rules.ts'
import { keepBlocksApart, refuseBlocks } from './clashes.ts'
import { passGates } from './gates.service.ts'
import { namesIn, type OpenIntensive, openForStep } from './intensive-door.ts'
import { currentMarks } from './intensives.repository.ts'
import {
  assertIsIn,
  assertMayBecome,
  assertNoneTwice,
  type BlockKind,
  bookedStates,
  movedStates,
  wrongWithCast,
} from './intensives.rules.ts'
import type { Intensive } from './intensives.schemas.ts'
import { readParts, toIntensive, zoned } from './intensives.view.ts'
import { settleCancellation } from './money.service.ts'
import { findBlockSupply } from './planning.service.ts'
import type { IntensiveMove, NewBooking, NewIntensiveCancellation } from './steps.schemas.ts'
import { changeIntensive, recordStep, spanOf } from './steps.ts'

/**
 * Books all that is planned, or some blocks, in one transaction: everybody's time is taken or nobody's.
 *
 * @throws Problem `not-found`, `not-permitted` for another clinician's calendar, `stale-version`, `invalid-state`,
 *   `unknown-reference`, `invalid-request`, `gates-open`, `resource-busy` with `clashes`
 */
export async function bookBlocks(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { blockIds, despiteOpenGates }: NewBooking,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...bookedStates)
  const [all, marks, counterparts] = await Promise.all([
    listBlocks(trx, id),
    currentMarks(trx, id),
    counterpartsOf(trx, [...open.participants.values()]),
  ])
  const planned = pick(all, blockIds, ['planned'])
  if (planned.length === 0) throw new Problem('invalid-state', { detail: 'Nothing is planned.' })
  const booked = planned.map(block => ({ ...block, status: 'booked' }))
  await assertCanBeHeld(trx, open, booked, () => '/blockIds')
  const isFirst = open.status === 'deposit_due'
  if (isFirst) await passGates(trx, open, 'scheduled', despiteOpenGates, marks)
  await keepBlocksApart(trx, open, booked, counterparts)
  const change = { ...(isFirst && { status: 'scheduled' }), ...spanOf(replaced(all, booked)) }
  // Sent in this order, in one round trip.
  const [after, , clashing, parts] = await Promise.all([
    changeIntensive(trx, open, change),
    updateBlocks(trx, id, booked),
    reserveMany(trx, reservationsOfBlocks(booked)),
    readParts(trx, id),
  ])
  await refuseBlocks(trx, clashing)
  trx.audit({ fields: ['blocks'] })
  await recordStep(trx, 'booked', after, { blocks: booked })
  return toIntensive(trx, after, parts)
}

/**
 * Moves all that is booked to another first day, on the wall clock, or single blocks: all of it or nothing.
 *
 * @throws Problem as `bookBlocks`, without `gates-open`
 */
export async function moveBlocks(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { firstOn, blocks: changes, ...reason }: IntensiveMove,
): Promise<Intensive> {
  if ((firstOn === undefined) === (changes === undefined))
    throw invalidField('', 'one-of', 'Give either `firstOn` or `blocks`.')
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...movedStates)
  const [all, counterparts] = await Promise.all([
    listBlocks(trx, id),
    counterpartsOf(trx, [...open.participants.values()]),
  ])
  const before = pick(
    all,
    changes?.map(({ blockId }) => blockId),
    ['booked'],
    index => `/blocks/${index}/blockId`,
  )
  const [first] = before
  if (!first) throw new Problem('invalid-state', { detail: 'Nothing is booked that could be moved.' })
  assertKeepsCalendars(trx, before)
  const moved = changes
    ? before.map((block, index) => changed(open, block, changes[index] ?? {}, index))
    : before.map(block => onOtherDay(open, block, daysTo(open, first, firstOn ?? '')))
  const pointer = (index: number) => (changes ? `/blocks/${index}` : '/firstOn')
  await assertCanBeHeld(trx, open, moved, pointer)
  const others = all.filter(block => block.status === 'booked' && !before.includes(block))
  assertNoneTwice([...others, ...moved].map(takingOf), index => pointer(index - others.length))
  await keepBlocksApart(trx, open, moved, counterparts)
  const [after, , clashing, parts] = await Promise.all([
    changeIntensive(trx, open, spanOf(replaced(all, moved))),
    updateBlocks(trx, id, moved),
    moveReservations(trx, reservationsOfBlocks(moved), { isOffered: !keepsTime(reason.reasonCode) }),
    readParts(trx, id),
  ])
  await refuseBlocks(trx, clashing)
  trx.audit({ fields: ['blocks'] })
  await recordStep(trx, 'moved', after, { reason: given(reason), blocks: moved })
  return toIntensive(trx, after, parts)
}

/**
 * Cancels the whole, with what goes back of what was paid, or some blocks. Everybody's time is free again.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `unknown-reference`
 */
export async function cancelBlocks(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { blockIds, ...reason }: NewIntensiveCancellation,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  if (blockIds) assertIsIn(open.status, ...movedStates)
  else assertMayBecome(open.status, 'canceled')
  const all = await listBlocks(trx, id)
  const booked = pick(all, blockIds, ['booked'])
  assertKeepsCalendars(trx, booked)
  const canceled = booked.map(block => ({ ...block, status: 'canceled' }))
  const left = spanOf(replaced(all, canceled))
  if (blockIds && !left.starts_at)
    throw new Problem('invalid-state', { detail: 'Nothing would be left: cancel the whole.' })
  if (!blockIds) await settleCancellation(trx, open, reason.by)
  const [after, , parts] = await Promise.all([
    changeIntensive(trx, open, blockIds ? left : { ...left, ...cancellation(reason) }),
    updateBlocks(trx, id, canceled),
    readParts(trx, id),
  ])
  release(trx, booked.map(holderOf), { isOffered: !keepsTime(reason.reasonCode) })
  trx.audit({ fields: ['blocks'] })
  await recordStep(trx, blockIds ? 'blocks_canceled' : 'canceled', after, { reason, blocks: canceled })
  return toIntensive(trx, after, parts)
}

const cancellation = ({ by, reasonCode }: Pick<NewIntensiveCancellation, 'by' | 'reasonCode'>) => ({
  status: 'canceled',
  canceled_at: sql<Date>`now()`,
  cancellation_by: by,
  cancellation_reason: reasonCode,
})

const replaced = (all: readonly BlockRow[], by: readonly BlockRow[]): BlockRow[] =>
  all.map(block => by.find(({ id }) => id === block.id) ?? block)

function assertKeepsCalendars({ scope }: PracticeTransaction, blocks: readonly BlockRow[]): void {
  for (const id of new Set(blocks.flatMap(block => block.clinician_ids))) assertKeepsCalendarOf(scope, id)
}

/** Asked when the time is taken, not when it is planned: meanwhile a room may close and somebody leave. */
async function assertCanBeHeld(
  trx: PracticeTransaction,
  open: OpenIntensive,
  blocks: readonly BlockRow[],
  pointer: (index: number) => string,
): Promise<void> {
  assertKeepsCalendars(trx, blocks)
  const { clientIds } = open.chart
  if (blocks.some(({ client_ids }) => client_ids.some(id => !clientIds.includes(id))))
    throw new Problem('invalid-state', { detail: 'A participant is no longer in this care.' })
  const now = systemClock.now()
  const [supply, location] = await Promise.all([
    findBlockSupply(trx, open, blocks),
    findLocation(trx, open.row.location_id),
  ])
  if (location?.status !== 'active')
    throw new Problem('invalid-state', { detail: 'The location takes no new sessions.' })
  for (const [index, block] of blocks.entries()) {
    periodAt(block.starts_at, minutesOf(periodOf(block)), now, pointer(index))
    assertSupplyTakes(supply, block, pointer(index))
  }
}

type BlockMove = NonNullable<IntensiveMove['blocks']>[number]

function changed(open: OpenIntensive, block: BlockRow, move: Partial<BlockMove>, index: number): BlockRow {
  const { startsAt, durationMinutes, clinicianIds, roomId } = move
  const start = startsAt === undefined ? block.starts_at : instant(startsAt, `/blocks/${index}/startsAt`)
  const minutes = durationMinutes ?? minutesOf(periodOf(block))
  const period = periodAt(start, minutes, systemClock.now(), `/blocks/${index}/startsAt`)
  const clinician_ids = clinicianIds?.map(id => id.toLowerCase()) ?? block.clinician_ids
  const people = [...open.participants.keys()]
  const cast = {
    kind: block.kind as BlockKind,
    participants: namesIn(open, block),
    clinicians: clinician_ids.length,
  }
  const wrong = wrongWithCast(cast, people)
  if (wrong) throw invalidField(`/blocks/${index}/${wrong.field}`, wrong.code, wrong.detail)
  return {
    ...block,
    clinician_ids,
    room_id: roomId === undefined ? block.room_id : (roomId?.toLowerCase() ?? null),
    starts_at: period.startsAt,
    ends_at: period.endsAt,
  }
}

/** How many days lie between the day of this block and another. */
const daysTo = ({ row }: OpenIntensive, first: BlockRow, firstOn: string): number =>
  zoned(first.starts_at, row.time_zone).toPlainDate().until(firstOn, { largestUnit: 'days' }).days

/**
 * Keeps wall clock and length. A time that does not exist on its new day is moved forward by the gap; of one that comes
 * twice the first counts.
 */
function onOtherDay({ row }: OpenIntensive, block: BlockRow, days: number): BlockRow {
  const start = zoned(block.starts_at, row.time_zone).toPlainDateTime().add({ days })
  const starts_at = new Date(start.toZonedDateTime(row.time_zone).epochMilliseconds)
  const length = block.ends_at.getTime() - block.starts_at.getTime()
  return { ...block, starts_at, ends_at: new Date(starts_at.getTime() + length) }
}
