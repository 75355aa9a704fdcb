export const standings = ['not_started', 'in_progress', 'met', 'deferred', 'dropped'] as const
export type Standing = (typeof standings)[number]

/**
 * How far an objective has come from its baseline (0) to its target (100), in whole percent, whichever of the two is
 * the greater. Past the target it stays 100; further from the target than at the baseline it is negative, to −100.
 * Where baseline and target are one (something is to stay as it is) it is 100 or 0. Null when a number is missing.
 */
export function percentOf(
  baseline: number | null,
  target: number | null,
  value: number | null,
): number | null {
  if (baseline === null || target === null || value === null) return null
  if (baseline === target) return value === target ? 100 : 0
  const percent = Math.round((100 * (value - baseline)) / (target - baseline))
  // The addition turns −0 into 0.
  return Math.max(-100, Math.min(100, percent)) + 0
}

/** An entry about an objective, those that were replaced left out. */
export interface Entry {
  occurredOn: string
  value: number | null
  standing: Standing | null
}

/**
 * What entries, newest first, say of an objective now: the latest value with its day, and the latest standing. An
 * objective of which anything was noted has begun.
 */
export function nowOf(entries: readonly Entry[]): {
  current: { value: number; on: string } | null
  standing: Standing
} {
  const valued = entries.find(({ value }) => value !== null)
  const stood = entries.find(({ standing }) => standing !== null)
  return {
    current: valued?.value == null ? null : { value: valued.value, on: valued.occurredOn },
    standing: stood?.standing ?? (entries.length > 0 ? 'in_progress' : 'not_started'),
  }
}

/** An objective that should have been reached by now. Nothing is overdue that was met, put off or given up. */
export const isOverdue = (dueOn: string | null, standing: Standing, today: string) =>
  dueOn !== null && dueOn < today && (standing === 'not_started' || standing === 'in_progress')
