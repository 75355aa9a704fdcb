import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import type { Page } from '../../../lib/pages.ts'
import { clientToday } from '../../clients/index.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  listDocuments,
  readDocument,
  requireKnown,
  type Stored,
} from '../documents/documents.ts'
import { statusChange } from '../documents/status-change.ts'
import { openRecovery } from '../recovery-door.ts'
import { copingSkillKind } from './coping-skills.service.ts'
import { type ToolStatus, toolStatuses } from './triggers.rules.ts'
import type { NewTrigger, Trigger, TriggerChange, TriggerContent, TriggerQuery } from './triggers.schemas.ts'

export const triggerKind: DocumentKind<ToolStatus, TriggerContent> = {
  kind: 'trigger',
  resourceType: 'recovery-trigger',
  statuses: toolStatuses,
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listTriggers(
  trx: PracticeTransaction,
  chartId: string,
  query: TriggerQuery,
): Promise<Page<Trigger>> {
  const chart = await openRecovery(trx, chartId, 'read')
  return listDocuments(trx, chart, triggerKind, query, show)
}

/** @throws Problem `not-found` */
export async function getTrigger(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version?: number,
): Promise<Trigger> {
  const chart = await openRecovery(trx, chartId, 'read')
  return show(await readDocument(trx, chart, triggerKind, id, version))
}

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
  { status, statusOn, reason, ...fields }: TriggerChange,
): Promise<Trigger> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, triggerKind, id, version),
    clientToday(trx, chart),
    requireKnown(trx, chart, copingSkillKind, '/copingSkillIds', fields.copingSkillIds ?? []),
  ])
  trx.audit({ fields: Object.keys(fields) })
  const step = statusChange(trx, today, current, { status, statusOn, reason })
  const content = { ...current.content, ...given(fields) }
  const after = await changeDocument(trx, current, { ...step, content })
  emit(trx, { type: 'recovery-trigger.updated', resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

const show = (document: Stored<ToolStatus, TriggerContent>): Trigger => ({
  ...headOf(document),
  ...document.content,
})
