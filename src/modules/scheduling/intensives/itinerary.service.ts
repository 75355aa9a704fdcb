import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { namesOf, type OpenChart, openOwnChart } from '../../charts/index.ts'
import { findPractice } from '../../practice/index.ts'
import { calendarFile } from '../feeds/calendar-file.ts'
import { openIntensive } from './intensive-door.ts'
import { findIntensive, type IntensiveRow } from './intensives.repository.ts'
import type { ParticipantName } from './intensives.rules.ts'
import { zoned } from './intensives.view.ts'
import * as repository from './itinerary.repository.ts'
import type { Itinerary, OwnIntensive, OwnIntensiveQuery } from './itinerary.schemas.ts'
import { drawItinerary } from './itinerary-document.ts'

/** What a participant takes part in, after the door was passed. */
export interface OpenItinerary {
  row: IntensiveRow
  clientId: string
  /** A chart through whose door somebody came who may know who the participant is. */
  chart: OpenChart | null
}

/**
 * The itinerary of a participant, for staff.
 *
 * @throws Problem `not-found` for somebody who does not take part, and for billers
 */
export async function openItinerary(
  trx: PracticeTransaction,
  intensiveId: string,
  participant: ParticipantName,
): Promise<OpenItinerary> {
  const { row, chart, participants, seesClients } = await openIntensive(trx, intensiveId)
  const clientId = participants.get(participant)
  if (!clientId || chart.limited) throw notFound()
  const names = seesClients && trx.scope.actor.permissions.has('clients:read')
  return { row, clientId, chart: names ? chart : null }
}

/**
 * The itinerary of the client whose token this is. The door is that of the own chart; the couple's stays shut.
 *
 * @throws Problem `not-found`
 */
export async function openOwnItinerary(
  trx: PracticeTransaction,
  intensiveId: string,
): Promise<OpenItinerary> {
  trx.audit({ resourceType: 'intensive', resourceId: intensiveId })
  const chart = await openOwnChart(trx)
  const clientId = trx.scope.actor.id
  const [row, own] = await Promise.all([
    findIntensive(trx, intensiveId),
    repository.isOwn(trx, intensiveId, clientId),
  ])
  if (!row || !own) throw notFound()
  return { row, clientId, chart }
}

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnIntensives(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: OwnIntensiveQuery,
): Promise<Page<OwnIntensive>> {
  trx.audit({ resourceType: 'intensive' })
  await openOwnChart(trx)
  const after = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const rows = await repository.listOwnIntensives(trx, trx.scope.actor.id, { limit, after })
  return toPage(
    rows,
    limit,
    row => ({
      id: row.id,
      isCanceled: row.status === 'canceled',
      timeZone: row.time_zone,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    }),
    row => trx.cursorAfter({}, [row.id]),
  )
}

/** Joint blocks and the own ones, by day. */
export async function showItinerary(
  trx: PracticeTransaction,
  { row, clientId }: OpenItinerary,
): Promise<Itinerary> {
  const [blocks, place] = await Promise.all([
    repository.listOwnBlocks(trx, row.id, clientId),
    repository.findPlace(trx, row),
  ])
  const dateOf = (block: repository.ItineraryRow) =>
    zoned(block.starts_at, row.time_zone).toPlainDate().toString()
  return {
    intensiveId: row.id,
    timeZone: row.time_zone,
    locationName: place.name,
    address: place.address,
    days: [...Map.groupBy(blocks, dateOf)].map(([date, ofDay]) => ({
      date,
      blocks: ofDay.map(block => toItineraryBlock(block, row.time_zone)),
    })),
    version: versionOf(blocks),
  }
}

/** As a PDF; what was canceled is left out. */
export async function printItinerary(
  trx: PracticeTransaction,
  open: OpenItinerary,
): Promise<{ version: number; bytes: Uint8Array }> {
  const [itinerary, practice, names] = await Promise.all([
    showItinerary(trx, open),
    findPractice(trx),
    open.chart ? namesOf(trx, open.chart) : [],
  ])
  const bytes = await drawItinerary({
    practiceName: practice?.name ?? '',
    name: names.find(({ clientId }) => clientId === open.clientId)?.name ?? null,
    itinerary,
    createdAt: open.row.created_at.toISOString(),
  })
  return { version: itinerary.version, bytes }
}

/** As a calendar, in neutral words, with the UIDs of the client's feed. */
export async function calendarOf(
  trx: PracticeTransaction,
  { row, clientId }: OpenItinerary,
): Promise<{ version: number; bytes: Uint8Array }> {
  const [blocks, place] = await Promise.all([
    repository.listOwnBlocks(trx, row.id, clientId),
    repository.findPlace(trx, row),
  ])
  const bytes = await calendarFile(
    blocks.map(block => ({
      id: block.id,
      version: block.version,
      startsAt: block.starts_at,
      endsAt: block.ends_at,
      isCanceled: isOff(block),
      changedAt: block.updated_at,
      place: place.address,
    })),
  )
  return { version: versionOf(blocks), bytes }
}

/** Of the own blocks only: a version of the whole would tell that something of the other's has changed. */
const versionOf = (blocks: readonly repository.ItineraryRow[]): number =>
  Math.max(
    1,
    blocks.reduce((sum, { version }) => sum + version, 0),
  )

const isOff = ({ status }: repository.ItineraryRow) => status === 'canceled' || status === 'not_delivered'

const told: Readonly<Record<string, Itinerary['days'][number]['blocks'][number]['status']>> = {
  booked: 'booked',
  delivered: 'given',
  partly_delivered: 'given',
  not_delivered: 'not_given',
}

const toItineraryBlock = (row: repository.ItineraryRow, zone: string) => ({
  id: row.id,
  kind: row.kind as Itinerary['days'][number]['blocks'][number]['kind'],
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  localStart: clock(row.starts_at, zone),
  localEnd: clock(row.ends_at, zone),
  clinicians: row.clinicians,
  room: row.room,
  status: told[row.status] ?? 'canceled',
})

const clock = (instant: Date, zone: string) =>
  zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' })
