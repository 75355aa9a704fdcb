import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import { type NewAlert, raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientClock, clientMoment, clientToday } from '../../clients/index.ts'
import { getPolicies } from '../../practice/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { behaviorKind } from '../behaviors/behaviors.service.ts'
import { circleOfEvent, type DefinitionDays, daysThrough } from '../days.rules.ts'
import { notFuture } from '../days.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  requireKnown,
  type Stored,
} from '../documents/documents.ts'
import { documentReads, showOne } from '../documents/reads.ts'
import { type PhilosophyOn, philosophiesOf } from '../philosophy/philosophy.service.ts'
import { openRecovery, seesRestricted } from '../recovery-door.ts'
import { definitionDays } from '../sobriety/definition-days.ts'
import { settleDisclosure } from '../watched-dates.ts'
import { wordsOf } from '../words.ts'
import * as repository from './lapses.repository.ts'
import { checkLapseStep, type LapseStatus } from './lapses.rules.ts'
import type { Lapse, LapseChange, LapseContent, LapseStep, NewLapse } from './lapses.schemas.ts'

const lapseKind: DocumentKind<LapseStatus, LapseContent> = {
  kind: 'lapse',
  resourceType: 'lapse',
}

type StoredLapse = Stored<LapseStatus, LapseContent>

export const { list: listLapses, get: getLapse } = documentReads(lapseKind, showAll)

/** Whether a chart has such a lapse that counts. */
export async function isLapseOf(trx: PracticeTransaction, chart: OpenChart, id: string): Promise<boolean> {
  const lapse = await repository.findLapse(trx, chart, id)
  return lapse !== undefined && lapse.status !== 'withdrawn'
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` in a closed chart */
export async function reportLapse(
  trx: PracticeTransaction,
  chartId: string,
  input: NewLapse,
): Promise<Lapse> {
  const chart = await openRecovery(trx, chartId, 'write')
  return showOne(showAll, trx, chart, await addLapse(trx, chart, input))
}

/**
 * Records a lapse in an open chart, whoever tells of it. What may need somebody's attention raises an alert.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
export async function addLapse(
  trx: PracticeTransaction,
  chart: OpenChart,
  input: NewLapse,
): Promise<StoredLapse> {
  const content: LapseContent = {
    occurredAt: null,
    circle: null,
    itemIds: [],
    durationMinutes: null,
    antecedents: [],
    whatHappened: null,
    need: null,
    alternative: null,
    shame: null,
    safetyConcern: false,
    behaviorIds: [],
    chain: [],
    planChanges: [],
    disclosedTo: [],
    substances: [],
    partnerDisclosureDueAt: null,
    partnerToldOn: null,
    ...given(input),
    addictionId: input.addictionId,
    occurredOn: input.occurredOn,
    severity: input.severity,
  }
  const [today] = await Promise.all([
    check(trx, chart, content),
    requireAddictions(trx, chart, '/addictionId', [content.addictionId]),
  ])
  const id = uuidv7()
  const made = await createDocument(trx, chart, lapseKind, {
    id,
    status: 'reported',
    statusOn: today,
    content,
  })
  repository.insertLapse(
    trx,
    chart,
    { id, addiction_id: content.addictionId, reported_on: today, ...columnsOf(content) },
    content,
  )
  emit(trx, { type: 'lapse.reported', resourceId: id, resourceVersion: 1, chartId: chart.id })
  await alertOf(trx, chart, made)
  return made
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function changeLapse(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { reason, ...fields }: LapseChange,
): Promise<Lapse> {
  const chart = await openRecovery(trx, chartId, 'write')
  const current = await documentAt(trx, chart, lapseKind, id, version)
  if (current.status === 'withdrawn') throw new Problem('invalid-state', { detail: 'It was withdrawn.' })
  trx.audit({ fields: Object.keys(fields) })
  const content = { ...current.content, ...given(fields) }
  await check(trx, chart, content)
  const after = await changeDocument(trx, current, { content, reason: reason ?? null })
  repository.updateLapse(trx, chart, id, columnsOf(content), content)
  await settle(trx, chart, { lapseId: id, before: current.content, after: content })
  emit(trx, { type: 'lapse.updated', resourceId: id, resourceVersion: after.version, chartId })
  await alertOf(trx, chart, after, current.content)
  return showOne(showAll, trx, chart, after)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function changeLapseStatus(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { to, reason }: LapseStep,
): Promise<Lapse> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, lapseKind, id, version),
    clientToday(trx, chart),
  ])
  checkLapseStep(current.status, to, current.content, reason !== undefined)
  trx.audit({ fields: ['status'] })
  const after = await changeDocument(trx, current, {
    status: to,
    statusOn: today,
    reason: reason ?? null,
  })
  if (to === 'withdrawn') await settle(trx, chart, { lapseId: id, before: current.content, after: null })
  emit(trx, { type: 'lapse.status-changed', resourceId: id, resourceVersion: after.version, chartId })
  return showOne(showAll, trx, chart, after)
}

/** What a change makes of an alert that the partner was not told in time. `after` is null of a lapse withdrawn. */
async function settle(
  trx: PracticeTransaction,
  chart: OpenChart,
  { lapseId, before, after }: { lapseId: string; before: LapseContent; after: LapseContent | null },
): Promise<void> {
  const dueAt = before.partnerDisclosureDueAt
  if (!dueAt || before.partnerToldOn) return
  const wasTold = Boolean(after?.partnerToldOn)
  if (after?.partnerDisclosureDueAt === dueAt && !wasTold) return
  await settleDisclosure(trx, chart, { lapseId, dueAt, outcome: wasTold ? 'handled' : 'no_longer_applies' })
}

/** @returns today @throws Problem `invalid-request`, `unknown-reference` */
async function check(trx: PracticeTransaction, chart: OpenChart, content: LapseContent): Promise<string> {
  const { addictionId, occurredOn, occurredAt, itemIds, behaviorIds, partnerToldOn } = content
  const [clock, itemCount] = await Promise.all([
    occurredAt ? clientMoment(trx, chart, occurredAt) : clientClock(trx, chart),
    repository.countItems(trx, addictionId, itemIds),
    requireKnown(trx, chart, behaviorKind, '/behaviorIds', behaviorIds),
  ])
  const { today } = clock
  if (occurredOn > today) throw notFuture('/occurredOn')
  if (partnerToldOn && partnerToldOn > today) throw notFuture('/partnerToldOn')
  if ('on' in clock && clock.on !== occurredOn) {
    throw invalidField(
      '/occurredAt',
      'other-day',
      'Must be on the day of `occurredOn`, where the client lives.',
    )
  }
  if (itemCount < itemIds.length) throw unknownReference('/itemIds')
  return today
}

const columnsOf = ({
  circle,
  severity,
  occurredOn,
  antecedents,
  planChanges,
  partnerDisclosureDueAt,
  partnerToldOn,
}: LapseContent) => ({
  circle,
  severity,
  occurred_on: occurredOn,
  antecedents: [...antecedents],
  plan_changes: planChanges.length,
  partner_disclosure_due_at:
    partnerDisclosureDueAt === null || partnerToldOn ? null : new Date(partnerDisclosureDueAt),
})

/**
 * Somebody may not be safe; or risk is to be screened again, as after any return to an earlier pattern. What was said
 * before has had its alert.
 */
async function alertOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, content }: StoredLapse,
  before?: LapseContent,
): Promise<void> {
  const about = { key: id, evidence: { lapseId: id, occurredOn: content.occurredOn } }
  const alerts: NewAlert[] = []
  if (content.safetyConcern && !before?.safetyConcern) {
    const { riskResponseMinutes: respondWithinMinutes } = await getPolicies(trx)
    alerts.push({ ...about, rule: 'lapse_safety', severity: 'urgent', respondWithinMinutes })
  }
  if (content.severity === 'relapse' && before?.severity !== 'relapse')
    alerts.push({ ...about, rule: 'rescreen_after_relapse', severity: 'attention' })
  await Promise.all(alerts.map(alert => raiseAlert(trx, chart, alert)))
}

async function showAll(
  trx: PracticeTransaction,
  chart: OpenChart,
  documents: readonly StoredLapse[],
): Promise<Lapse[]> {
  const [philosophyOn, definitions] = await Promise.all([
    philosophiesOf(trx, chart),
    definitionDays(trx, chart),
  ])
  const restricted = seesRestricted(trx, chart)
  return documents.map(document => ({
    ...headOf(document),
    ...document.content,
    behaviorIds: restricted ? document.content.behaviorIds : null,
    ...disclosureOf(document),
    ...derived(document, philosophyOn, definitions),
    ...reported(document),
  }))
}

/** What was told before it was asked is not known. */
const disclosureOf = ({
  status,
  content: { partnerDisclosureDueAt: dueAt, partnerToldOn = null },
}: StoredLapse) => ({
  partnerToldOn,
  partnerDisclosureOverdue:
    status !== 'withdrawn' && dueAt !== null && partnerToldOn === null && Date.parse(dueAt) <= Date.now(),
})

function derived(
  { content }: StoredLapse,
  philosophyOn: PhilosophyOn,
  definitions: ReadonlyMap<string, DefinitionDays[]>,
) {
  const { addictionId, occurredOn: on, itemIds, circle, severity } = content
  const words = wordsOf[philosophyOn(on) ?? 'integrated']
  const own = definitions.get(addictionId) ?? []
  return { word: words.event[severity], countsAs: circleOfEvent(own, { on, itemIds, circle }) }
}

/** It was reported on the day of its first revision. */
function reported({ content, history, statusOn }: StoredLapse) {
  const reportedOn = history[0]?.statusOn ?? statusOn
  return { reportedOn, daysUntilReported: Math.max(0, daysThrough(content.occurredOn, reportedOn) - 1) }
}
