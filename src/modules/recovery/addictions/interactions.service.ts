import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { invalidField } from '../../../lib/problems.ts'
import { clientToday } from '../../clients/index.ts'
import { happenedOn, notAfter, rangeOf } from '../days.ts'
import { changeAsked } from '../documents/change.ts'
import {
  allDocuments,
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  type Stored,
} from '../documents/documents.ts'
import { canonicalId } from '../documents/ids.ts'
import { documentReads, each } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import * as repository from './addictions.repository.ts'
import { type AddictionStatus, type InteractionStatus } from './addictions.rules.ts'
import type {
  AddictionMap,
  Interaction,
  InteractionChange,
  InteractionContent,
  MapQuery,
  NewInteraction,
} from './interactions.schemas.ts'

const interactionKind: DocumentKind<InteractionStatus, InteractionContent> = {
  kind: 'addiction_interaction',
  resourceType: 'addiction-interaction',
}

export const { list: listInteractions, get: getInteraction } = documentReads(interactionKind, each(show))

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function addInteraction(
  trx: PracticeTransaction,
  chartId: string,
  { since = null, evidence = null, ...input }: NewInteraction,
): Promise<Interaction> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [fromId, toId] = [canonicalId(input.fromAddictionId), canonicalId(input.toAddictionId)]
  if (fromId === toId) throw invalidField('/toAddictionId', 'same', 'Must be another addiction.')
  const [statusOn] = await Promise.all([
    happenedOn(trx, chart, '/since', since),
    repository.requireAddictions(trx, chart, '/fromAddictionId', [fromId]),
    repository.requireAddictions(trx, chart, '/toAddictionId', [toId]),
  ])
  const id = uuidv7()
  const made = await createDocument(trx, chart, interactionKind, {
    id,
    status: 'observed',
    statusOn,
    content: { ...input, since, evidence },
  })
  repository.insertInteraction(trx, chart, { id, fromId, toId })
  emit(trx, { type: 'addiction-interaction.created', resourceId: id, resourceVersion: 1, chartId })
  return show(made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state` */
export async function changeInteraction(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  change: InteractionChange,
): Promise<Interaction> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, interactionKind, id, version),
    clientToday(trx, chart),
  ])
  notAfter(today, '/since', change.since)
  const after = await changeDocument(trx, current, changeAsked(trx, today, current, change))
  emit(trx, {
    type: 'addiction-interaction.updated',
    resourceId: id,
    resourceVersion: after.version,
    chartId,
  })
  return show(after)
}

/** From this strength on an urge counts as a day on which an addiction was there. */
const presentFrom = 5
const mapDays = 90

/** The graph of a chart's addictions. @throws Problem `not-found`, `invalid-request` */
export async function getAddictionMap(
  trx: PracticeTransaction,
  chartId: string,
  query: MapQuery,
): Promise<AddictionMap> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'addiction-map' })
  const { from, to } = rangeOf(query, await clientToday(trx, chart), mapDays)
  const [addictions, interactions, together] = await Promise.all([
    repository.addictionsOf(trx, chart),
    allDocuments(trx, chart, interactionKind),
    repository.coOccurrences(trx, chart, { from, to, urge: presentFrom }),
  ])
  return {
    from,
    to,
    nodes: addictions.map(row => ({
      addictionId: row.id,
      status: row.status as AddictionStatus,
      isPrimary: row.is_primary,
    })),
    edges: interactions.filter(({ status }) => status === 'observed').map(toEdge),
    sameDay: together.map(row => ({
      firstAddictionId: row.first_id,
      secondAddictionId: row.second_id,
      days: row.days,
    })),
  }
}

type StoredInteraction = Stored<InteractionStatus, InteractionContent>

const toEdge = ({ id, content }: StoredInteraction): AddictionMap['edges'][number] => ({
  interactionId: id,
  fromAddictionId: content.fromAddictionId,
  toAddictionId: content.toAddictionId,
  mode: content.mode,
  direction: content.direction,
})

function show(document: StoredInteraction): Interaction {
  return { ...headOf(document), ...document.content }
}
