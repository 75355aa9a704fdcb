import { Temporal } from 'temporal-polyfill'
import { invalidField } from '../../../lib/problems.ts'
import { criteria } from './criteria.ts'

export const targetKinds = ['past', 'present_trigger', 'future_template', 'urge'] as const
export type TargetKind = (typeof targetKinds)[number]

/** In the order of the work. */
export const targetStatuses = [
  'identified',
  'assessed',
  'processing',
  'incomplete',
  'desensitized',
  'installed',
  'cleared',
  'rechecked',
  'reopened',
] as const
export type TargetStatus = (typeof targetStatuses)[number]

/** What the next session has to look at, the most urgent first. The column `attention` has the same order. */
export const openStatuses = [
  'incomplete',
  'reopened',
  'processing',
  'desensitized',
  'installed',
  'cleared',
] as const satisfies readonly TargetStatus[]

/** What a session found of a target, in the order in which a session comes to it. */
export const findings = [
  'held',
  'came_back',
  'assessed',
  'processed',
  'desensitized',
  'installed',
  'cleared',
  'left',
] as const
export type Finding = (typeof findings)[number]

/** The eight phases. */
export const phases = [
  'history_and_planning',
  'preparation',
  'assessment',
  'desensitization',
  'installation',
  'body_scan',
  'closure',
  'reevaluation',
] as const
export type Phase = (typeof phases)[number]

/**
 * Where a finding takes a target. What is not listed changes nothing: an installation before the disturbance is worked
 * through is warned of in the note, and does not move the target. Disturbance may settle between sessions, so a
 * re-evaluation alone may find an unfinished target desensitized.
 */
const next: Readonly<Record<TargetStatus, Readonly<Partial<Record<Finding, TargetStatus>>>>> = {
  identified: { assessed: 'assessed', processed: 'processing' },
  assessed: { processed: 'processing' },
  processing: { desensitized: 'desensitized', left: 'incomplete' },
  incomplete: { processed: 'processing', desensitized: 'desensitized' },
  desensitized: { came_back: 'reopened', processed: 'processing', installed: 'installed' },
  installed: { came_back: 'reopened', processed: 'processing', cleared: 'cleared' },
  cleared: { held: 'rechecked', came_back: 'reopened', processed: 'processing' },
  rechecked: { came_back: 'reopened', processed: 'processing' },
  reopened: { assessed: 'assessed', processed: 'processing', desensitized: 'desensitized' },
}

/** The status after a session that found all this. */
export const statusAfter = (from: TargetStatus, found: readonly Finding[]): TargetStatus =>
  findings
    .filter(finding => found.includes(finding))
    .reduce<TargetStatus>((status, finding) => next[status][finding] ?? status, from)

/** What a note says of the work on one target. SUD is 0–10, VOC 1–7. */
export interface TargetWork {
  phases?: readonly Phase[] | undefined
  sudStart?: number | undefined
  sudEnd?: number | undefined
  vocStart?: number | undefined
  vocEnd?: number | undefined
  /** Why a SUD of 1 or a VOC of 6 is as far as it goes for this client. */
  ecologicalReason?: string | undefined
  bodyScan?: { clear?: boolean | undefined } | undefined
}

/** Whether this disturbance counts as worked through. What was not measured does not. */
export function isSettled(sud: number | undefined, ecologicalReason: string | undefined): boolean {
  const most = ecologicalReason?.trim() ? criteria.settledWithReason : criteria.settled
  return sud !== undefined && sud <= most.value
}

/** Whether the positive belief counts as installed. */
export function isHeld(voc: number | undefined, ecologicalReason: string | undefined): boolean {
  const least = ecologicalReason?.trim() ? criteria.heldWithReason : criteria.held
  return voc !== undefined && voc >= least.value
}

/** The last measures of a session. */
export const lastSud = ({ sudStart, sudEnd }: TargetWork) => sudEnd ?? sudStart
export const lastVoc = ({ vocStart, vocEnd }: TargetWork) => vocEnd ?? vocStart

/**
 * What the work on a target amounts to.
 *
 * @param goesOn the work goes on in another part of the same day, so that nothing was left for another session
 */
export function findingsOf(work: TargetWork, goesOn: boolean): Finding[] {
  const did = (phase: Phase) => work.phases?.includes(phase) ?? false
  const { ecologicalReason: reason } = work
  const settled = isSettled(lastSud(work), reason)
  const believes = work.vocStart === undefined || isHeld(work.vocStart, reason)
  const measured = did('desensitization') || did('reevaluation')
  const holds: Readonly<Record<Finding, boolean>> = {
    held: did('reevaluation') && isSettled(work.sudStart, reason) && believes,
    came_back: did('reevaluation') && work.sudStart !== undefined && !isSettled(work.sudStart, reason),
    assessed: did('assessment'),
    processed: did('desensitization'),
    desensitized: measured && settled,
    installed: did('installation') && isHeld(lastVoc(work), reason),
    cleared: did('body_scan') && work.bodyScan?.clear === true,
    left: !goesOn,
  }
  return findings.filter(finding => holds[finding])
}

/** One row of a target's history, as far as its status follows from it. */
export interface HistoryStep {
  version: number
  change: 'created' | 'revised' | 'set_by_hand' | 'moved_by_note' | 'taken_back'
  occurredAt: Date
  toStatus: TargetStatus
  findings: readonly Finding[]
  noteId: string | null
  noteRevision: number | null
  sessionOn: string | null
  sud: number | null
  voc: number | null
}

/** Where a target stands. */
export interface Standing {
  status: TargetStatus
  lastSud: number | null
  lastVoc: number | null
  lastSessionOn: string | null
  /** Sessions in which it was left unfinished. */
  incompleteSessions: number
}

const untouched: Standing = {
  status: 'identified',
  lastSud: null,
  lastVoc: null,
  lastSessionOn: null,
  incompleteSessions: 0,
}

/**
 * Where a target stands by its history: every note that still counts and everything set by hand, in the order of the
 * sessions and not of the signatures. A note that was returned or entered in error counts no longer, whatever came after
 * it; a note signed late counts where its session was.
 */
export function standingAfter(history: readonly HistoryStep[]): Standing {
  return history
    .filter(step => counts(step, history))
    .toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || a.version - b.version)
    .reduce(after, untouched)
}

function counts(step: HistoryStep, history: readonly HistoryStep[]): boolean {
  if (step.change === 'set_by_hand') return true
  if (step.change !== 'moved_by_note') return false
  return !history.some(
    ({ change, noteId, noteRevision }) =>
      change === 'taken_back' && noteId === step.noteId && noteRevision === step.noteRevision,
  )
}

function after(before: Standing, step: HistoryStep): Standing {
  const measured = { lastSud: step.sud ?? before.lastSud, lastVoc: step.voc ?? before.lastVoc }
  if (step.change === 'set_by_hand') return { ...before, ...measured, status: step.toStatus }
  const status = statusAfter(before.status, step.findings)
  const leftOpen = status === 'incomplete' && step.findings.includes('processed')
  return {
    ...measured,
    status,
    lastSessionOn: step.sessionOn,
    incompleteSessions: before.incompleteSessions + (leftOpen ? 1 : 0),
  }
}

/** A session as its note tells of it. */
export interface SessionTime {
  startedAt: Date | null
  sessionDate: string
  timeZone: string
}

/** When a session was: its start. One without times counts as at its signing, at the latest at the end of its day. */
export function sessionInstant({ startedAt, sessionDate, timeZone }: SessionTime, signedAt: Date): Date {
  if (startedAt) return startedAt
  const dayAfter = Temporal.PlainDate.from(sessionDate).add({ days: 1 })
  const end = dayAfter.toZonedDateTime(timeZone).epochMilliseconds
  return new Date(Math.min(end, signedAt.getTime()))
}

/** @throws Problem `invalid-request` when somebody sets the status that it has */
export function requireOther(from: TargetStatus, to: TargetStatus): void {
  if (from === to) throw invalidField('/status', 'same', 'The target has this status already.')
}
