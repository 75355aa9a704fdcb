import { Temporal } from 'temporal-polyfill'
import { Problem } from '../../lib/problems.ts'

export const assignmentStatuses = [
  'assigned',
  'in_progress',
  'completed',
  'reviewed',
  'expired',
  'voided',
] as const
export type AssignmentStatus = (typeof assignmentStatuses)[number]

export const modes = ['self', 'clinician'] as const

export const changes = [
  'assigned',
  'changed',
  'started',
  'completed',
  'reviewed',
  'released',
  'expired',
  'voided',
] as const
export type AssignmentChange = (typeof changes)[number]

/** Waiting for answers. */
export const openStatuses: readonly AssignmentStatus[] = ['assigned', 'in_progress']

/** Answered, and not taken back. */
export const scoredStatuses: readonly AssignmentStatus[] = ['completed', 'reviewed']

const steps = {
  change: { from: openStatuses, refusal: 'It does not wait for answers any more.' },
  answer: { from: openStatuses, refusal: 'It does not wait for answers any more. To correct it, void it.' },
  complete: { from: openStatuses, refusal: 'It does not wait for answers any more. To correct it, void it.' },
  review: { from: ['completed'], refusal: 'Only what was completed, and not reviewed yet, can be reviewed.' },
  release: { from: scoredStatuses, refusal: 'Only what was completed can be shown to the client.' },
  void: { from: [...openStatuses, ...scoredStatuses], refusal: 'It was voided, or ran out, before.' },
} as const satisfies Record<string, { from: readonly AssignmentStatus[]; refusal: string }>

export type AssignmentStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: string, step: AssignmentStep): void {
  const { from, refusal }: { from: readonly string[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

export interface Schedule {
  dueOn: string | null
  expiresOn: string | null
  repeatWeeks: number | null
}

/**
 * The days of the next assignment of a series: the first day of its rhythm after the day the last one ended. It stays
 * open as long after its due day as that one did.
 *
 * @param endedOn the day it was completed or ran out
 * @returns null when it does not repeat
 */
export function nextInSeries({ dueOn, expiresOn, repeatWeeks }: Schedule, endedOn: string): Schedule | null {
  if (repeatWeeks === null) return null
  const start = Temporal.PlainDate.from(dueOn ?? endedOn)
  const ended = Temporal.PlainDate.from(endedOn)
  const behind = Math.max(0, start.until(ended, { largestUnit: 'days' }).days)
  const rounds = Math.floor(behind / (7 * repeatWeeks)) + 1
  const due = start.add({ weeks: rounds * repeatWeeks })
  const open =
    dueOn && expiresOn ? Temporal.PlainDate.from(dueOn).until(expiresOn, { largestUnit: 'days' }) : null
  return { dueOn: due.toString(), expiresOn: open ? due.add(open).toString() : null, repeatWeeks }
}

/** Whole minutes from an instant to the end of a day in a zone, and some more so that it is surely over. */
export function minutesToEndOf(day: string, timeZone: string, now: Date): number {
  const end = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
  return Math.max(0, Math.ceil((end - now.getTime()) / 60_000)) + 2
}
