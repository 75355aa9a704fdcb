import { thresholds } from '../thresholds.ts'

/** What a chart tells of whether its client stays. All of it within the window. */
export interface EngagementFacts {
  /** Sessions missed, or canceled late by the client. */
  missed: number
  lastMissedOn: string | null
  /** Means of the last feedback and of up to three before it, newest first. */
  feedback: readonly number[]
  lastFeedbackOn: string | null
  /** By how many points readiness about the same thing fell from one rating to the last one, at most; null for none. */
  readinessFall: number | null
  lastReadinessOn: string | null
}

export type DropoutSignal = 'missed_sessions' | 'alliance_fall' | 'readiness_fall'

/** @returns by how much the last mean is below the mean of those before it; null without any before it */
export function allianceFall([latest, ...before]: readonly number[]): number | null {
  if (latest === undefined || before.length === 0) return null
  return rounded(before.reduce((sum, mean) => sum + mean, 0) / before.length - latest)
}

export const hasFallen = (fall: number | null) => fall !== null && fall >= thresholds.alliance_fall.value

/** What points to somebody leaving. */
export function signalsOf({ missed, feedback, readinessFall }: EngagementFacts): DropoutSignal[] {
  return [
    ...(missed >= thresholds.missed_sessions.value ? (['missed_sessions'] as const) : []),
    ...(hasFallen(allianceFall(feedback)) ? (['alliance_fall'] as const) : []),
    ...((readinessFall ?? 0) >= thresholds.readiness_fall.value ? (['readiness_fall'] as const) : []),
  ]
}

/**
 * Missed sessions are a risk by themselves; each of the others is so only together with another signal (clinical judgment;
 * no published rule).
 */
export const isAtRisk = (signals: readonly DropoutSignal[]) =>
  signals.includes('missed_sessions') || signals.length > 1

/** The day of the latest of these signals: what comes later is another risk. */
export function lastSignalOn(facts: EngagementFacts, signals: readonly DropoutSignal[]): string {
  const days = {
    missed_sessions: facts.lastMissedOn,
    alliance_fall: facts.lastFeedbackOn,
    readiness_fall: facts.lastReadinessOn,
  }
  return (
    signals
      .flatMap(signal => days[signal] ?? [])
      .toSorted()
      .at(-1) ?? ''
  )
}

export const rounded = (value: number) => Math.round(value * 100) / 100

/** Of the four answers of a feedback. */
export const meanOf = (answers: readonly (number | null)[]): number =>
  answers.reduce<number>((sum, answer) => sum + (answer ?? 0), 0) / answers.length
