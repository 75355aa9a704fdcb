import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { clientClock } from '../clients/index.ts'
import { findAppointment } from '../scheduling/index.ts'
import * as evidence from './evidence.repository.ts'
import { insertStep, sealStep } from './history.repository.ts'
import { Contents, templateTaskOf, toPerformable } from './journey.view.ts'
import { holdActiveJourney, type JourneyPlace, openJourneyWith, seesRestricted } from './journey-door.ts'
import { type JourneyKey, type OpenJourney, touch } from './journeys.repository.ts'
import { checkNotFuture } from './journeys.service.ts'
import { checkEvidence, type PerformableStatus, requirePerformableStep } from './performables.rules.ts'
import type {
  Evidence,
  JourneyPerformableDetail,
  NewEvidence,
  PerformableStatusChange,
} from './performables.schemas.ts'
import { places } from './sealed-places.ts'
import * as repository from './tasks.repository.ts'
import { findContentsOf } from './templates.repository.ts'

export interface PerformablePlace extends JourneyPlace {
  performableId: string
}

/** @throws Problem `not-found` */
export async function getPerformable(
  trx: PracticeTransaction,
  place: PerformablePlace,
): Promise<JourneyPerformableDetail> {
  const { performableId } = place
  const [journey, asked] = await openJourneyWith(trx, place, key => ask(trx, key, performableId))
  trx.audit({ resourceType: 'journey-performable', resourceId: performableId })
  return show(trx, journey, asked)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function changePerformableStatus(
  trx: PracticeTransaction,
  place: PerformablePlace,
  version: number,
  { to, note }: PerformableStatusChange,
): Promise<JourneyPerformableDetail> {
  const { performableId } = place
  const [journey, found] = await holdActiveJourney(trx, place, key => find(trx, key, performableId))
  const performable = atVersion(current(trx, performableId, found), version)
  const after = () => ask(trx, journey, performableId)
  return show(trx, journey, await movePerformable(trx, journey, performable, { to, words: note }, after))
}

/** Adds what was done, or where it was presented. @throws Problem `not-found`, `invalid-state`, `invalid-request` */
export async function addEvidence(
  trx: PracticeTransaction,
  place: PerformablePlace,
  input: NewEvidence,
): Promise<JourneyPerformableDetail> {
  const { performableId } = place
  const [journey, [found, grounds]] = await holdActiveJourney(trx, place, key =>
    Promise.all([find(trx, key, performableId), groundsFor(trx, key, input)]),
  )
  const performable = current(trx, performableId, found)
  await recordEvidence(trx, journey, performable, { input, grounds })
  return show(trx, journey, await ask(trx, journey, performableId))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function withdrawEvidence(
  trx: PracticeTransaction,
  place: PerformablePlace & { evidenceId: string },
): Promise<JourneyPerformableDetail> {
  const { performableId, evidenceId } = place
  const [journey, [found, entries]] = await holdActiveJourney(trx, place, key =>
    Promise.all([find(trx, key, performableId), evidence.listEvidence(trx, performableId)]),
  )
  const performable = current(trx, performableId, found)
  const entry = entries.find(({ id }) => id === evidenceId)
  if (!entry) throw notFound()
  if (entry.withdrawn_at) throw new Problem('invalid-state', { detail: 'This entry was withdrawn before.' })
  trx.audit({ fields: ['evidence'] })
  const step = await sealStep(trx, journey.row.id, stepOf(performable, 'evidence_withdrawn'))
  const [, changed, , asked] = await Promise.all([
    evidence.withdrawEvidence(trx, evidenceId),
    repository.updatePerformable(trx, performable),
    insertStep(trx, step),
    ask(trx, journey, performableId),
  ])
  touch(trx, journey)
  announce(trx, journey, changed, 'journey-performable.evidence-withdrawn')
  return show(trx, journey, asked)
}

type Found = [performable: repository.PerformableRow | undefined, task: repository.TaskRow | undefined]

/** A performable and its task, in one round trip. */
export const find = (trx: PracticeTransaction, journey: JourneyKey, performableId: string): Promise<Found> =>
  Promise.all([
    repository.findPerformable(trx, journey, performableId),
    repository.findTaskOf(trx, journey, performableId),
  ])

/** @throws Problem `not-found`, `invalid-state` for one that a migration left behind */
export function current(
  trx: PracticeTransaction,
  performableId: string,
  [performable, task]: Found,
): repository.PerformableRow {
  trx.audit({ resourceType: 'journey-performable', resourceId: performableId })
  if (!performable) throw notFound()
  if (performable.dropped_at || task?.dropped_at)
    throw new Problem('invalid-state', { detail: 'A migration left this performable behind.' })
  return performable
}

/**
 * @param after asked for in the same round trip; it sees what was written
 * @returns what was asked for
 * @throws Problem `invalid-state`
 */
export async function movePerformable<T>(
  trx: PracticeTransaction,
  journey: OpenJourney,
  performable: repository.PerformableRow,
  { to, words }: { to: PerformableStatus; words?: string | null | undefined },
  after: () => Promise<T>,
): Promise<T> {
  trx.audit({ fields: ['status'] })
  const { status: from } = performable
  requirePerformableStep(from, to)
  const step = { ...stepOf(performable, 'status_changed'), from, to, words }
  const sealed = await sealStep(trx, journey.row.id, step)
  const [changed, , asked] = await Promise.all([
    repository.updatePerformable(trx, performable, to),
    insertStep(trx, sealed),
    after(),
  ])
  touch(trx, journey)
  announce(trx, journey, changed, 'journey-performable.status-changed')
  return asked
}

/** What evidence is held against. */
export interface Grounds {
  today: string
  /** The chart of the appointment that it names. */
  appointmentChartId: string | undefined
}

/** Asked for in one round trip. */
export async function groundsFor(
  trx: PracticeTransaction,
  { chart }: JourneyKey,
  { appointmentId }: Pick<NewEvidence, 'appointmentId'>,
): Promise<Grounds> {
  const [{ today }, booked] = await Promise.all([
    clientClock(trx, chart),
    appointmentId ? findAppointment(trx, appointmentId) : undefined,
  ])
  return { today, appointmentChartId: booked?.chartId }
}

/**
 * @returns the performable as it is then
 * @throws Problem `invalid-request`, `unknown-reference` for an appointment of another chart
 */
export async function recordEvidence(
  trx: PracticeTransaction,
  journey: OpenJourney,
  performable: repository.PerformableRow,
  { input, grounds, at = '' }: { input: NewEvidence; grounds: Grounds; at?: string },
): Promise<repository.PerformableRow> {
  checkEvidence(performable.evidence_type, input, at)
  checkNotFuture(`${at}/occurredOn`, input.occurredOn, grounds.today)
  if (input.appointmentId && grounds.appointmentChartId !== journey.chart.id)
    throw unknownReference(`${at}/appointmentId`)
  trx.audit({ fields: ['evidence'] })
  const id = uuidv7()
  const { note = null, instrumentKey = null } = input
  const content = note === null && instrumentKey === null ? null : JSON.stringify({ note, instrumentKey })
  const content_sealed = content === null ? null : await trx.seal(places.evidence(id), content)
  const step = await sealStep(trx, journey.row.id, stepOf(performable, 'evidence_added'))
  const [changed] = await Promise.all([
    repository.updatePerformable(trx, performable),
    evidence.insertEvidence(trx, {
      id,
      journey_id: journey.row.id,
      performable_id: performable.id,
      kind: input.kind,
      occurred_on: input.occurredOn,
      quantity: input.quantity ?? null,
      presented_in: input.presentedIn ?? null,
      appointment_id: input.appointmentId ?? null,
      content_sealed,
    }),
    insertStep(trx, step),
  ])
  touch(trx, journey)
  announce(trx, journey, changed, 'journey-performable.evidence-added')
  return changed
}

const stepOf = (
  { id: performableId, task_id: taskId }: repository.PerformableRow,
  kind: 'evidence_added' | 'evidence_withdrawn' | 'status_changed',
) => ({ kind, taskId, performableId })

function announce(
  trx: PracticeTransaction,
  { chart }: OpenJourney,
  { id: resourceId, version: resourceVersion }: repository.PerformableRow,
  type: EventType,
): void {
  emit(trx, { type, resourceId, resourceVersion, chartId: chart.id })
}

/** All that a performable is shown with, in one round trip. */
const ask = (trx: PracticeTransaction, journey: JourneyKey, performableId: string) =>
  Promise.all([
    find(trx, journey, performableId),
    findContentsOf(trx, journey),
    evidence.listEvidence(trx, performableId),
  ])

/** A performable with its evidence. @throws Problem `not-found` */
async function show(
  trx: PracticeTransaction,
  journey: OpenJourney,
  [[row, task], contents, entries]: Awaited<ReturnType<typeof ask>>,
): Promise<JourneyPerformableDetail> {
  if (!row || !task) throw notFound()
  const showWords = !row.restricted || seesRestricted(journey)
  return {
    journeyId: journey.row.id,
    taskId: task.id,
    ...toPerformable(row, templateTaskOf(new Contents(contents), task)),
    evidence: await Promise.all(entries.map(entry => toEvidence(trx, entry, showWords))),
  }
}

async function toEvidence(
  trx: PracticeTransaction,
  row: evidence.EvidenceRow,
  showWords: boolean,
): Promise<Evidence> {
  return {
    id: row.id,
    kind: row.kind as Evidence['kind'],
    occurredOn: row.occurred_on,
    ...(showWords ? await openContent(trx, row) : noWords),
    quantity: row.quantity,
    appointmentId: row.appointment_id,
    presentedIn: row.presented_in as Evidence['presentedIn'],
    enteredBy: row.entered_by as Evidence['enteredBy'],
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  }
}

const noWords: Pick<Evidence, 'note' | 'instrumentKey'> = { note: null, instrumentKey: null }

async function openContent(
  trx: PracticeTransaction,
  { id, content_sealed }: evidence.EvidenceRow,
): Promise<Pick<Evidence, 'note' | 'instrumentKey'>> {
  if (!content_sealed) return noWords
  return JSON.parse((await trx.open(places.evidence(id), content_sealed)).toString()) as typeof noWords
}
