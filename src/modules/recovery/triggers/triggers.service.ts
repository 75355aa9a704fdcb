import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { clientToday } from '../../clients/index.ts'
import { changeAsked } from '../documents/change.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  requireKnown,
  type Stored,
} from '../documents/documents.ts'
import { documentReads, each } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import { copingSkillKind } from './coping-skills.service.ts'
import { type ToolStatus } from './triggers.rules.ts'
import type { NewTrigger, Trigger, TriggerChange, TriggerContent } from './triggers.schemas.ts'

export const triggerKind: DocumentKind<ToolStatus, TriggerContent> = {
  kind: 'trigger',
  resourceType: 'recovery-trigger',
}

export const { list: listTriggers, get: getTrigger } = documentReads(triggerKind, each(show))

/** @throws Problem `not-found`, `unknown-reference`, `invalid-state` */
export async function addTrigger(
  trx: PracticeTransaction,
  chartId: string,
  { intensity = null, copingSkillIds = [], note = null, ...input }: NewTrigger,
): Promise<Trigger> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [today] = await Promise.all([
    clientToday(trx, chart),
    requireKnown(trx, chart, copingSkillKind, '/copingSkillIds', copingSkillIds),
  ])
  const made = await createDocument(trx, chart, triggerKind, {
    status: 'active',
    statusOn: today,
    content: { ...input, intensity, copingSkillIds, note },
  })
  emit(trx, { type: 'recovery-trigger.created', resourceId: made.id, resourceVersion: 1, chartId })
  return show(made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference`, `invalid-state` */
export async function changeTrigger(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  change: TriggerChange,
): Promise<Trigger> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, triggerKind, id, version),
    clientToday(trx, chart),
    requireKnown(trx, chart, copingSkillKind, '/copingSkillIds', change.copingSkillIds ?? []),
  ])
  const after = await changeDocument(trx, current, changeAsked(trx, today, current, change))
  emit(trx, { type: 'recovery-trigger.updated', resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

function show(document: Stored<ToolStatus, TriggerContent>): Trigger {
  return { ...headOf(document), ...document.content }
}
