import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { CopingSkill, CopingSkillContent, NewCopingSkill } from './coping-skills.schemas.ts'
import { type ToolKind, tools } from './tools.ts'

export const copingSkillKind: ToolKind<CopingSkillContent> = {
  kind: 'coping_skill',
  resourceType: 'coping-skill',
}

const copingSkills = tools(copingSkillKind)

export const { list: listCopingSkills, get: getCopingSkill, change: changeCopingSkill } = copingSkills

/** @throws Problem `not-found`, `invalid-state` in a closed chart */
export const addCopingSkill = (
  trx: PracticeTransaction,
  chartId: string,
  input: NewCopingSkill,
): Promise<CopingSkill> => copingSkills.add(trx, chartId, contentOf(input))

/** Adds one to an open chart, whoever does. */
export const addSkillTo = (
  trx: PracticeTransaction,
  chart: OpenChart,
  input: NewCopingSkill,
): Promise<CopingSkill> => copingSkills.addTo(trx, chart, contentOf(input))

const contentOf = ({ note = null, ...input }: NewCopingSkill): CopingSkillContent => ({ ...input, note })
