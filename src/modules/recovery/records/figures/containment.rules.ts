import { dayAfter, daysThrough } from '../../days.rules.ts'
import { containmentInForce } from '../kinds/containment-plan.ts'
import { counted, type FigureRow, type FigureStep, ofKind } from './rows.ts'

const inForce: readonly string[] = containmentInForce

/**
 * The day from which a plan has been intact: when it came into force, after a breach the day after it or when it came
 * into force again, whichever is later.
 *
 * @returns null while it is not in force
 */
export function intactSince(steps: readonly FigureStep[]): string | null {
  let since: string | null = null
  let earliest = ''
  for (const { status, effectiveOn } of steps) {
    if (status === 'breached') earliest = [earliest, dayAfter(effectiveOn)].toSorted()[1] ?? ''
    if (!inForce.includes(status)) since = null
    else since ??= [effectiveOn, earliest].toSorted()[1] ?? effectiveOn
  }
  return since
}

/** The plan that was in force last, how long it has been intact, and what breached any plan. */
export function containmentOf(rows: readonly FigureRow[], steps: readonly FigureStep[], today: string) {
  const plans = ofKind(rows, 'containment_plan')
  const ids = new Set(plans.map(({ id }) => id))
  const current = plans.findLast(({ status }) => inForce.includes(status) || status === 'breached')
  const breaches = steps.filter(({ recordId, status }) => ids.has(recordId) && status === 'breached')
  return {
    plan: current ? planOf(current, steps, today) : null,
    breaches: counted(breaches.map(({ reasonKey }) => reasonKey ?? 'other')).map(({ word, count }) => ({
      reasonKey: word,
      count,
    })),
  }
}

function planOf({ id, status, reviewOn, measures }: FigureRow, steps: readonly FigureStep[], today: string) {
  const [blocks, inPlace] = measures
  const since = intactSince(steps.filter(({ recordId }) => recordId === id))
  return {
    recordId: id,
    status,
    intactSince: since,
    daysIntact: since ? daysThrough(since, today) : 0,
    outstandingBlocks: (blocks ?? 0) - (inPlace ?? 0),
    reviewOn,
    reviewOverdue: reviewOn !== null && reviewOn < today,
  }
}
