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
  type Stored,
} from '../documents/documents.ts'
import { documentReads, each } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import type {
  CopingSkill,
  CopingSkillChange,
  CopingSkillContent,
  NewCopingSkill,
} from './coping-skills.schemas.ts'
import { type ToolStatus } from './triggers.rules.ts'

export const copingSkillKind: DocumentKind<ToolStatus, CopingSkillContent> = {
  kind: 'coping_skill',
  resourceType: 'coping-skill',
}

export const { list: listCopingSkills, get: getCopingSkill } = documentReads(copingSkillKind, each(show))

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
  change: CopingSkillChange,
): Promise<CopingSkill> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, copingSkillKind, id, version),
    clientToday(trx, chart),
  ])
  const after = await changeDocument(trx, current, changeAsked(trx, today, current, change))
  emit(trx, { type: 'coping-skill.updated', resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

function show(document: Stored<ToolStatus, CopingSkillContent>): CopingSkill {
  return { ...headOf(document), ...document.content }
}
