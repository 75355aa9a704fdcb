import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { Problem } from '../../../lib/problems.ts'
import type { Warning } from './kind.ts'
import { containmentInForce } from './kinds/containment-plan.ts'
import { footing, type RecordRow, type Sight } from './records.repository.ts'

/** The steps that open what happened. */
const gated: readonly string[] = ['ready_to_process', 'processing']

const inWords: Readonly<Partial<Record<Warning, string>>> = {
  no_containment_plan: 'No containment plan is in force.',
  no_coping_skill: 'No coping skill is in use.',
  not_stabilized: 'It was not stabilized first.',
}

/**
 * What is missing for a step. Containment and coping come first, the work with trauma after them: a warning that takes a
 * reason, never a block (clinical practice of the founding clinician; a judgment, not a law).
 *
 * @returns the warnings that were passed over with a reason
 * @throws Problem `invalid-request` when something is missing and no reason is given: one error for each
 */
export async function warningsOfStep(
  trx: PracticeTransaction,
  { chart }: Sight,
  row: RecordRow,
  { status, overrideReason }: { status: string; overrideReason?: string },
): Promise<Warning[]> {
  if (row.kind !== 'trauma_event' || !gated.includes(status)) return []
  const missing = missingFor(row.status, await footing(trx, chart, containmentInForce))
  if (missing.length > 0 && !overrideReason) {
    throw new Problem('invalid-request', {
      errors: missing.map(warning => ({
        pointer: '/overrideReason',
        code: warning.replaceAll('_', '-'),
        detail: `${inWords[warning] ?? ''} Say in \`overrideReason\` why the step is right all the same.`,
      })),
    })
  }
  return missing
}

/** @param from the status before the step: a target comes to processing through stabilizing */
export function missingFor(
  from: string,
  { contained, coping }: { contained: boolean; coping: boolean },
): Warning[] {
  return [
    ...(contained ? [] : (['no_containment_plan'] as const)),
    ...(coping ? [] : (['no_coping_skill'] as const)),
    ...(from === 'identified' ? (['not_stabilized'] as const) : []),
  ]
}
