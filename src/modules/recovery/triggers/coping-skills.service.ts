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
  type Stored,
} from '../documents/documents.ts'
import { statusChange } from '../documents/status-change.ts'
import { openRecovery } from '../recovery-door.ts'
import type {
  CopingSkill,
  CopingSkillChange,
  CopingSkillContent,
  CopingSkillQuery,
  NewCopingSkill,
} from './coping-skills.schemas.ts'
import { type ToolStatus, toolStatuses } from './triggers.rules.ts'

export const copingSkillKind: DocumentKind<ToolStatus, CopingSkillContent> = {
  kind: 'coping_skill',
  resourceType: 'coping-skill',
  statuses: toolStatuses,
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listCopingSkills(
  trx: PracticeTransaction,
  chartId: string,
  query: CopingSkillQuery,
): Promise<Page<CopingSkill>> {
  const chart = await openRecovery(trx, chartId, 'read')
  return listDocuments(trx, chart, copingSkillKind, query, show)
}

/** @throws Problem `not-found` */
export async function getCopingSkill(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version?: number,
): Promise<CopingSkill> {
  const chart = await openRecovery(trx, chartId, 'read')
  return show(await readDocument(trx, chart, copingSkillKind, id, version))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function addCopingSkill(
  trx: PracticeTransaction,
  chartId: string,
  input: NewCopingSkill,
): Promise<CopingSkill> {
  const chart = await openRecovery(trx, chartId, 'write')
  const made = await createDocument(trx, chart, copingSkillKind, {
    status: 'active',
    statusOn: await clientToday(trx, chart),
    content: { ...input, note: input.note ?? null },
  })
  emit(trx, { type: 'coping-skill.created', resourceId: made.id, resourceVersion: 1, chartId })
  return show(made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state` */
export async function changeCopingSkill(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { status, statusOn, reason, ...fields }: CopingSkillChange,
): Promise<CopingSkill> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, copingSkillKind, id, version),
    clientToday(trx, chart),
  ])
  trx.audit({ fields: Object.keys(fields) })
  const step = statusChange(trx, today, current, { status, statusOn, reason })
  const content = { ...current.content, ...given(fields) }
  const after = await changeDocument(trx, current, { ...step, content })
  emit(trx, { type: 'coping-skill.updated', resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

const show = (document: Stored<ToolStatus, CopingSkillContent>): CopingSkill => ({
  ...headOf(document),
  ...document.content,
})
