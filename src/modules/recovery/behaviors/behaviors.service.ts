import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { daysThrough } from '../days.rules.ts'
import { notFuture } from '../days.ts'
import { changeAsked } from '../documents/change.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  type Stored,
} from '../documents/documents.ts'
import { documentReads } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import { type BehaviorStatus, mayBecome } from './behaviors.rules.ts'
import type { Behavior, BehaviorChange, BehaviorContent, NewBehavior } from './behaviors.schemas.ts'

export const behaviorKind: DocumentKind<BehaviorStatus, BehaviorContent> = {
  kind: 'behavior',
  resourceType: 'behavior',
}

type StoredBehavior = Stored<BehaviorStatus, BehaviorContent>

export const { list: listBehaviors, get: getBehavior } = documentReads(behaviorKind, showAll, 'restricted')

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
  return show(today, made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function changeBehavior(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  change: BehaviorChange,
): Promise<Behavior> {
  const chart = await openRecovery(trx, chartId, 'write', 'restricted')
  const [current, today, lapses] = await Promise.all([
    documentAt(trx, chart, behaviorKind, id, version),
    clientToday(trx, chart),
    lastLapses(trx, [id]),
    requireAddictions(trx, chart, '/addictionId', [change.addictionId]),
  ])
  const asked = changeAsked(trx, today, current, change)
  checkDays(today, asked.content)
  if (asked.status && !mayBecome(current.status, asked.status)) {
    throw new Problem('invalid-state', {
      detail: 'A behavior goes into remission, and may return from there.',
    })
  }
  const after = await changeDocument(trx, current, asked)
  const type = asked.status ? 'behavior.status-changed' : 'behavior.updated'
  emit(trx, { type, resourceId: id, resourceVersion: after.version, chartId })
  return show(today, after, lapses.get(after.id))
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

async function showAll(
  trx: PracticeTransaction,
  chart: OpenChart,
  documents: readonly StoredBehavior[],
): Promise<Behavior[]> {
  const ids = documents.map(({ id }) => id)
  const [today, lapses] = await Promise.all([clientToday(trx, chart), lastLapses(trx, ids)])
  return documents.map(document => show(today, document, lapses.get(document.id)))
}

function show(today: string, document: StoredBehavior, lastLapse?: string): Behavior {
  const { content } = document
  const last = [lastLapse, content.lastOn]
    .filter(day => typeof day === 'string')
    .toSorted()
    .at(-1)
  return {
    ...headOf(document),
    ...content,
    daysSinceLast: last === undefined ? null : Math.max(0, daysThrough(last, today) - 1),
    checklist: content.legalRisk === 'yes' ? 'mandated_report_review' : null,
  }
}
