import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { requireKnown } from '../documents/documents.ts'
import { copingSkillKind } from './coping-skills.service.ts'
import { type ToolKind, tools } from './tools.ts'
import type { NewTrigger, Trigger, TriggerContent } from './triggers.schemas.ts'

export const triggerKind: ToolKind<TriggerContent> = {
  kind: 'trigger',
  resourceType: 'recovery-trigger',
}

const triggers = tools(triggerKind, (trx, chart, { copingSkillIds = [] }) =>
  requireKnown(trx, chart, copingSkillKind, '/copingSkillIds', copingSkillIds),
)

export const { list: listTriggers, get: getTrigger, change: changeTrigger } = triggers

/** @throws Problem `not-found`, `unknown-reference`, `invalid-state` in a closed chart */
export const addTrigger = (trx: PracticeTransaction, chartId: string, input: NewTrigger): Promise<Trigger> =>
  triggers.add(trx, chartId, contentOf(input))

/** Adds one to an open chart, whoever does. @throws Problem `unknown-reference` */
export const addTriggerTo = (
  trx: PracticeTransaction,
  chart: OpenChart,
  input: NewTrigger,
): Promise<Trigger> => triggers.addTo(trx, chart, contentOf(input))

const contentOf = ({
  intensity = null,
  copingSkillIds = [],
  note = null,
  ...input
}: NewTrigger): TriggerContent => ({ ...input, intensity, copingSkillIds, note })
