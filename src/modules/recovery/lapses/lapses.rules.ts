import { Problem } from '../../../lib/problems.ts'

export const lapseStatuses = [
  'reported',
  'explored',
  'learning_captured',
  'plan_updated',
  'closed',
  'withdrawn',
] as const
export type LapseStatus = (typeof lapseStatuses)[number]

/** What may go before. Words of a list, so that what repeats can be counted. */
export const antecedents = [
  'hungry',
  'angry',
  'anxious',
  'lonely',
  'tired',
  'bored',
  'shame',
  'conflict',
  'rejection',
  'stress_at_work',
  'unstructured_time',
  'alone_with_device',
  'travel',
  'payday',
  'substance_use',
  'celebration',
  'physical_pain',
  'trauma_reminder',
  'other',
] as const

interface Learning {
  antecedents: readonly string[]
  chain: readonly unknown[]
  need: string | null
  alternative: string | null
  planChanges: readonly unknown[]
}

const order: readonly LapseStatus[] = ['reported', 'explored', 'learning_captured', 'plan_updated', 'closed']

/** What has to be written before a lapse may be said to have come so far. */
const missing: Partial<Record<LapseStatus, (learning: Learning) => string | undefined>> = {
  explored: ({ antecedents, chain }) =>
    antecedents.length + chain.length === 0
      ? 'First write what went before: antecedents or the chain.'
      : undefined,
  learning_captured: ({ need, alternative }) =>
    need && alternative ? undefined : 'First write the need and the alternative.',
  plan_updated: ({ planChanges }) =>
    planChanges.length === 0 ? 'First write what changes in the plan.' : undefined,
}

/**
 * Whether a lapse may go on to a status: step by step, back as far as one likes, and closed from wherever it is.
 *
 * @param hasReason back and withdrawal need one
 * @throws Problem `invalid-state`
 */
export function checkLapseStep(
  from: LapseStatus,
  to: LapseStatus,
  learning: Learning,
  hasReason: boolean,
): void {
  if (from === 'withdrawn') throw refused('It was withdrawn: report it anew.')
  if (to === from) throw refused('It has this status already.')
  const [at, next] = [order.indexOf(from), order.indexOf(to)]
  if ((to === 'withdrawn' || next < at) && !hasReason) throw refused('This step needs a `reason`.')
  if (to === 'withdrawn' || next < at || to === 'closed') return
  if (next > at + 1) throw refused('One step after the other.')
  const fault = missing[to]?.(learning)
  if (fault) throw refused(fault)
}

const refused = (detail: string) => new Problem('invalid-state', { detail })
