import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import type { Page } from '../../../lib/pages.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { clientToday } from '../../clients/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { daysThrough } from '../days.rules.ts'
import { notFuture } from '../days.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  listDocuments,
  readDocument,
  type Stored,
} from '../documents/documents.ts'
import { statusChange } from '../documents/status-change.ts'
import { openRecovery } from '../recovery-door.ts'
import { type BehaviorStatus, behaviorStatuses, mayBecome } from './behaviors.rules.ts'
import type {
  Behavior,
  BehaviorChange,
  BehaviorContent,
  BehaviorQuery,
  NewBehavior,
} from './behaviors.schemas.ts'

export const behaviorKind: DocumentKind<BehaviorStatus, BehaviorContent> = {
  kind: 'behavior',
  resourceType: 'behavior',
  statuses: behaviorStatuses,
}

type StoredBehavior = Stored<BehaviorStatus, BehaviorContent>

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listBehaviors(
  trx: PracticeTransaction,
  chartId: string,
  query: BehaviorQuery,
): Promise<Page<Behavior>> {
  const chart = await openRecovery(trx, chartId, 'read', 'restricted')
  const [page, today] = await Promise.all([
    listDocuments(trx, chart, behaviorKind, query, document => document),
    clientToday(trx, chart),
  ])
  return { ...page, data: await showAll(trx, today, page.data) }
}

/** @throws Problem `not-found` */
export async function getBehavior(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version?: number,
): Promise<Behavior> {
  const chart = await openRecovery(trx, chartId, 'read', 'restricted')
  const [document, today] = await Promise.all([
    readDocument(trx, chart, behaviorKind, id, version),
    clientToday(trx, chart),
  ])
  return show(trx, today, document)
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function addBehavior(
  trx: PracticeTransaction,
  chartId: string,
  input: NewBehavior,
): Promise<Behavior> {
  const chart = await openRecovery(trx, chartId, 'write', 'restricted')
  const content: BehaviorContent = {
    clientWording: null,
    addictionId: null,
    circle: null,
    frequency: null,
    firstOn: null,
    lastOn: null,
    ritual: [],
    settings: [],
    devices: [],
    substances: [],
    monthlyCost: null,
    ...given(input),
    code: input.code,
    legalRisk: input.legalRisk,
    consentConcern: input.consentConcern,
  }
  const [today] = await Promise.all([
    clientToday(trx, chart),
    requireAddictions(trx, chart, '/addictionId', [content.addictionId]),
  ])
  checkDays(today, content)
  const made = await createDocument(trx, chart, behaviorKind, { status: 'active', statusOn: today, content })
  emit(trx, { type: 'behavior.created', resourceId: made.id, resourceVersion: 1, chartId })
  return show(trx, today, made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function changeBehavior(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { status, statusOn, reason, ...fields }: BehaviorChange,
): Promise<Behavior> {
  const chart = await openRecovery(trx, chartId, 'write', 'restricted')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, behaviorKind, id, version),
    clientToday(trx, chart),
    requireAddictions(trx, chart, '/addictionId', [fields.addictionId]),
  ])
  trx.audit({ fields: Object.keys(fields) })
  const content = { ...current.content, ...given(fields) }
  checkDays(today, content)
  const step = statusChange(trx, today, current, { status, statusOn, reason })
  if (step.status && !mayBecome(current.status, step.status)) {
    throw new Problem('invalid-state', {
      detail: 'A behavior goes into remission, and may return from there.',
    })
  }
  const after = await changeDocument(trx, current, { ...step, content })
  const type = step.status ? 'behavior.status-changed' : 'behavior.updated'
  emit(trx, { type, resourceId: id, resourceVersion: after.version, chartId })
  return show(trx, today, after)
}

/** @throws Problem `invalid-request` */
function checkDays(today: string, { firstOn, lastOn }: BehaviorContent): void {
  if (firstOn && firstOn > today) throw notFuture('/firstOn')
  if (lastOn && lastOn > today) throw notFuture('/lastOn')
  if (firstOn && lastOn && lastOn < firstOn) {
    throw invalidField('/lastOn', 'order', 'Must not be before `firstOn`.')
  }
}

/** The last day of a lapse by each of these behaviors. */
async function lastLapses(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ behavior_id: string; last_on: string }>`
    select b.behavior_id, max(l.occurred_on) as last_on from lapse_behaviors b
    join lapses l on l.practice_id = b.practice_id and l.id = b.lapse_id
    join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
    where b.practice_id = ${trx.practiceId} and b.behavior_id = any(${ids}::uuid[])
    group by b.behavior_id`.execute(trx)
  return new Map(rows.map(row => [row.behavior_id, row.last_on]))
}

async function show(trx: PracticeTransaction, today: string, document: StoredBehavior): Promise<Behavior> {
  const [shown] = await showAll(trx, today, [document])
  if (!shown) throw new Error('One document is shown as one')
  return shown
}

async function showAll(
  trx: PracticeTransaction,
  today: string,
  documents: readonly StoredBehavior[],
): Promise<Behavior[]> {
  const lapses = await lastLapses(
    trx,
    documents.map(({ id }) => id),
  )
  return documents.map(document => {
    const { content } = document
    const [last] = [lapses.get(document.id), content.lastOn]
      .filter(day => typeof day === 'string')
      .toSorted()
      .toReversed()
    return {
      ...headOf(document),
      ...content,
      daysSinceLast: last === undefined ? null : Math.max(0, daysThrough(last, today) - 1),
      checklist: content.legalRisk === 'yes' ? ('mandated_report_review' as const) : null,
    }
  })
}
