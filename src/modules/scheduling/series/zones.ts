import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { placementOf } from '../booking.rules.ts'
import { localCalendar } from '../slots/local-calendar.ts'
import { remembered } from '../slots/parties.rules.ts'
import { movedRow, wishToMove } from './change.plan.ts'
import { type Counts, recordSeries, type StepOfAppointment, tell } from './finish.ts'
import {
  findPlaced,
  keepManyFromSeries,
  lockUnchanged,
  nextVersions,
  type Placed,
  type SeriesOfZone,
  setZoneVersion,
  takeOutdated,
} from './going-on.repository.ts'
import { moveAppointments } from './many-appointments.repository.ts'
import { takeTimes } from './planning.ts'
import { clashesWith } from './wishes.ts'

const most = limits.scheduling.series.movesPerRound

interface Move {
  series: SeriesOfZone
  placed: Placed
  /** Where the clock of its place now has its hour. */
  startsAt: Date
}

/**
 * People agreed on an hour of the wall clock. When the rules of a zone change, dates to come are moved to the instants that
 * now have that hour; what cannot be moved stays and is on its own. Each series says in its history how many.
 *
 * @param zoneVersion of the time-zone data that this process has
 */
export async function followZones(
  trx: PracticeTransaction,
  zoneVersion = process.versions.tz ?? 'unknown',
): Promise<void> {
  const outdated = await takeOutdated(trx, zoneVersion)
  if (outdated.length === 0) return
  const placed = await findPlaced(
    trx,
    outdated.map(({ id }) => id),
  )
  const all = movesOf(outdated, placed)
  const now = all.slice(0, most)
  const later = new Set(all.slice(most).map(({ series }) => series.id))
  await setZoneVersion(
    trx,
    outdated.map(({ id }) => id).filter(id => !later.has(id)),
    zoneVersion,
  )
  if (now.length > 0) await make(trx, now)
}

/** Those that go forward from the last one on, those that go back from the first one on: none is in another's way. */
function movesOf(outdated: readonly SeriesOfZone[], placed: readonly Placed[]): Move[] {
  const byId = new Map(outdated.map(row => [row.id, row]))
  const calendarOf = remembered((zone: string) => localCalendar(zone))
  const moves = placed.flatMap((one): Move[] => {
    const series = byId.get(one.seriesId)
    const startsAt = new Date(calendarOf(one.timeZone).at(one.date, one.minute))
    return series && startsAt.getTime() !== one.startsAt.getTime() ? [{ series, placed: one, startsAt }] : []
  })
  const shift = ({ startsAt, placed: { startsAt: before } }: Move) => startsAt.getTime() - before.getTime()
  return moves.toSorted((a, b) => {
    const [isForward, other] = [shift(a) > 0, shift(b) > 0]
    if (isForward !== other) return isForward ? -1 : 1
    const difference = a.placed.startsAt.getTime() - b.placed.startsAt.getTime()
    return isForward ? -difference : difference
  })
}

async function make(trx: PracticeTransaction, moves: readonly Move[]): Promise<void> {
  const rows = await lockUnchanged(
    trx,
    moves.map(({ placed }) => placed),
  )
  const following = moves.flatMap(({ series, placed, startsAt }) => {
    const row = rows.get(placed.id)
    if (!row) return []
    const length = row.ends_at.getTime() - row.starts_at.getTime()
    const period = { startsAt, endsAt: new Date(startsAt.getTime() + length) }
    const placement = placementOf(row)
    const wish = wishToMove(row, period, placement, series.member_ids)
    return [{ wish, moved: movedRow(row.id, { ...placement, timeZone: row.time_zone }, period) }]
  })
  const wishes = following.map(({ wish }) => wish)
  const clashes = await clashesWith(trx, wishes, { lock: true })
  const moved = moves.filter(({ placed }) => rows.has(placed.id) && !clashes.has(placed.id))
  const touched = [...new Set(moves.map(({ series }) => series.id))]
  const [series] = await Promise.all([
    nextVersions(trx, touched),
    moveAppointments(
      trx,
      following.map(one => one.moved).filter(({ id }) => !clashes.has(id)),
    ),
    keepManyFromSeries(trx, [...clashes.keys()]),
    takeTimes(
      trx,
      wishes.filter(({ id }) => !clashes.has(id)),
    ),
  ])
  const events = []
  for (const after of series) {
    const own = moves.filter(move => move.series.id === after.id)
    const from = own.map(({ placed }) => placed.date).toSorted()[0] ?? after.first_on
    events.push(
      await recordSeries(trx, 'zone_changed', after, { from, counts: countsOf(own, moved, clashes) }),
    )
  }
  tell(trx, moved.map(stepOf), {}, events)
}

const stepOf = ({ series, placed }: Move): StepOfAppointment => ({
  id: placed.id,
  kind: 'moved',
  version: placed.version + 1,
  chartId: series.chart_id,
})

const countsOf = (
  own: readonly Move[],
  moved: readonly Move[],
  clashes: ReadonlyMap<string, unknown>,
): Counts => ({
  booked: 0,
  moved: own.filter(move => moved.includes(move)).length,
  canceled: 0,
  leftOut: own.filter(({ placed }) => clashes.has(placed.id)).length,
})
