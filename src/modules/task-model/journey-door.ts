import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import type { Permission } from '../charts/access-policy.ts'
import { type ChartNeed, type OpenChart, openChart, openOwnChart } from '../charts/index.ts'
import * as repository from './journeys.repository.ts'
import { requireActive } from './journeys.rules.ts'

export interface JourneyPlace {
  chartId: string
  journeyId: string
}

/**
 * What is asked for in the round trip that finds or locks a journey. It finds nothing where the journey is not of the
 * chart, and sees what the lock waited for. Refuse nothing in it: the journey has not been looked at.
 */
type Beside<T> = (journey: repository.JourneyKey) => Promise<T>
type With<T> = [journey: repository.OpenJourney, beside: T]

const nothing = async () => {}

const reading: ChartNeed = { dataClass: 'clinical', permission: 'programs:read' }

/** The door to one journey: through its chart. @throws Problem `not-found` */
export async function openJourney(
  trx: PracticeTransaction,
  place: JourneyPlace,
): Promise<repository.OpenJourney> {
  return (await openJourneyWith(trx, place, nothing))[0]
}

/** The same, with what is asked for beside it. @throws Problem `not-found` */
export function openJourneyWith<T>(
  trx: PracticeTransaction,
  { chartId, journeyId }: JourneyPlace,
  beside: Beside<T>,
): Promise<With<T>> {
  return enter(trx, journeyId, openChart(trx, chartId, reading), repository.findJourney, beside)
}

/**
 * The same to change it: whatever happens to a journey and its parts happens one by one, so nobody need lock more.
 *
 * @throws Problem `not-found`, `invalid-state` in a closed chart
 */
export function holdJourney<T>(
  trx: PracticeTransaction,
  { chartId, journeyId }: JourneyPlace,
  beside: Beside<T>,
  permission: Permission = 'programs:write',
): Promise<With<T>> {
  const opened = openChart(trx, chartId, { dataClass: 'clinical', permission, write: true })
  return enter(trx, journeyId, withKeys(trx, opened), repository.lockJourney, beside)
}

/** As `holdJourney`, for a change of its parts. @throws Problem `not-found`, `invalid-state` */
export async function holdActiveJourney<T>(
  trx: PracticeTransaction,
  place: JourneyPlace,
  beside: Beside<T>,
  permission: Permission = 'programs:write',
): Promise<With<T>> {
  const held = await holdJourney(trx, place, beside, permission)
  requireActive(held[0].row.status)
  return held
}

/** A client's own journey, where it was released to them. @throws Problem `not-found` */
export async function openOwnJourney<T>(
  trx: PracticeTransaction,
  journeyId: string,
  beside: Beside<T>,
): Promise<With<T>> {
  const own = await enter(trx, journeyId, openOwnChart(trx), repository.findJourney, beside)
  if (!own[0].row.released_at) throw notFound()
  return own
}

/** The same to send something for it. @throws Problem `not-found`, `invalid-state` */
export async function holdOwnJourney<T>(
  trx: PracticeTransaction,
  journeyId: string,
  beside: Beside<T>,
): Promise<With<T>> {
  const own = await enter(trx, journeyId, withKeys(trx, openOwnChart(trx)), repository.lockJourney, beside)
  const { released_at, status } = own[0].row
  if (!released_at) throw notFound()
  requireActive(status)
  return own
}

/** What is written to a journey is sealed, so the keys are there before they are waited for. */
async function withKeys(trx: PracticeTransaction, opened: Promise<OpenChart>): Promise<OpenChart> {
  const [chart] = await Promise.all([opened, trx.sealer()])
  return chart
}

async function enter<T>(
  trx: PracticeTransaction,
  journeyId: string,
  opened: Promise<OpenChart>,
  find: typeof repository.findJourney,
  beside: Beside<T>,
): Promise<With<T>> {
  trx.audit({ resourceType: 'journey', resourceId: journeyId })
  const chart = await opened
  const [row, found] = await Promise.all([
    find(trx, chart, journeyId),
    beside({ chart, row: { id: journeyId } }),
  ])
  if (!row) throw notFound()
  return [{ chart, row }, found]
}

/** Whether the actor is shown restricted words of this chart: its care team, and the client themselves. */
export const seesRestricted = ({ chart }: repository.OpenJourney) =>
  chart.via === 'care-team' || chart.via === 'self'
