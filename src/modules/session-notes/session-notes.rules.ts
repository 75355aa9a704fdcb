import { Temporal } from 'temporal-polyfill'
import { type FieldError, invalidField, Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import type { NoteTemplate } from './note-templates.ts'

export const noteStatuses = ['draft', 'signed', 'pending_cosign', 'cosigned', 'entered_in_error'] as const
export type NoteStatus = (typeof noteStatuses)[number]

/** What the author or their supervisor is through with: it does not become a draft again. */
export const finalStatuses: readonly NoteStatus[] = ['signed', 'cosigned', 'entered_in_error']

const hourMs = 3_600_000

const steps = {
  save: { from: ['draft'], refusal: 'This note is signed. Add an addendum instead.' },
  sign: { from: ['draft'], refusal: 'This note is signed.' },
  cosign: { from: ['pending_cosign'], refusal: 'This note does not wait for a co-signature.' },
  return: { from: ['pending_cosign'], refusal: 'Only a note that waits for a co-signature can be returned.' },
  amend: { from: ['signed', 'cosigned'], refusal: 'Addenda are added to a note that is signed and valid.' },
  markAsError: {
    from: ['signed', 'pending_cosign', 'cosigned'],
    refusal: 'Only a signed note that is still valid can be marked as entered in error.',
  },
} as const satisfies Record<string, { from: readonly NoteStatus[]; refusal: string }>

export type NoteStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: NoteStatus, step: NoteStep): void {
  const { from, refusal }: { from: readonly NoteStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/** Where a note stands once its author signed it. */
export const statusAfterSigning = (cosignRequired: boolean): NoteStatus =>
  cosignRequired ? 'pending_cosign' : 'signed'

/**
 * Whether this actor may read a note of a chart that is open to them. A draft is its author's alone, and an
 * integration is given what is final only.
 */
export function mayRead(actor: Scope['actor'], note: { authorId: string; status: NoteStatus }): boolean {
  if (actor.kind !== 'user') return finalStatuses.includes(note.status)
  return note.status !== 'draft' || note.authorId === actor.staffId
}

/** @throws Problem `invalid-request` for a section the template does not have */
export function requireKnownSections(template: NoteTemplate, sections: object): void {
  const known = template.sections.map(({ key }) => key)
  if (Object.keys(sections).every(key => known.includes(key))) return
  const expected = `The sections of this template are: ${known.join(', ')}.`
  throw invalidField('/sections', 'unknown-section', expected)
}

/** The sections after a change: null empties one, and what is left out stays. */
export function mergeSections(
  before: Record<string, string>,
  change: Record<string, string | null>,
): Record<string, string> {
  const kept = Object.entries({ ...before, ...change }).filter(entry => entry[1] !== null && entry[1] !== '')
  return Object.fromEntries(kept) as Record<string, string>
}

/** @throws Problem `invalid-state` that names the sections still without text */
export function requireComplete(template: NoteTemplate, sections: Record<string, string>): void {
  const errors: FieldError[] = template.sections
    .filter(({ key, required }) => required && !sections[key]?.trim())
    .map(({ key }) => ({
      pointer: `/sections/${key}`,
      code: 'required',
      detail: 'Needs text before signing.',
    }))
  if (errors.length === 0) return
  throw new Problem('invalid-state', { detail: 'Some sections of this note have no text yet.', errors })
}

/** When a session was. Instants are epoch-exact; the date is that of the zone. */
export interface SessionTimes {
  sessionDate: string
  startedAt: Date | null
  endedAt: Date | null
}

export interface GivenTimes {
  sessionDate?: string | undefined
  startedAt?: string | null | undefined
  endedAt?: string | null | undefined
}

/**
 * The times of a session from what is given and what is known. A start decides the date: giving both, they
 * must agree. Real start and stop must be documented apart from the booked ones, so those are never copied.
 *
 * @param known times a draft has, or a date to fall back on
 * @throws Problem `invalid-request`
 */
export function sessionTimes(
  { sessionDate, startedAt, endedAt }: GivenTimes,
  timeZone: string,
  known: Partial<SessionTimes>,
): SessionTimes {
  const start = startedAt === undefined ? (known.startedAt ?? null) : instant('/startedAt', startedAt)
  const end = endedAt === undefined ? (known.endedAt ?? null) : instant('/endedAt', endedAt)
  requireSpan(start, end)
  const date = start ? dateIn(timeZone, start) : (sessionDate ?? known.sessionDate)
  if (!date) throw invalidField('/sessionDate', 'required', 'The day of the session is needed.')
  if (sessionDate !== undefined && sessionDate !== date) {
    throw invalidField('/sessionDate', 'date', 'Must be the day of `startedAt` in the zone of the session.')
  }
  return { sessionDate: date, startedAt: start, endedAt: end }
}

function requireSpan(start: Date | null, end: Date | null): void {
  if (!end) return
  if (!start) throw invalidField('/startedAt', 'required', 'An end needs a start.')
  const length = end.getTime() - start.getTime()
  if (length <= 0 || length > 24 * hourMs) {
    throw invalidField('/endedAt', 'range', 'Must be after the start, by at most 24 hours.')
  }
}

/** The format admits instants that no calendar has, like a leap second. */
function instant(pointer: string, text: string | null): Date | null {
  if (text === null) return null
  const value = new Date(text)
  if (Number.isNaN(value.getTime())) throw invalidField(pointer, 'format', 'Must be an instant.')
  return value
}

/** The day of an instant in a zone. */
export const dateIn = (timeZone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** The end of a session: the documented one, or the end of its day where none was documented. */
function sessionEnd({ endedAt, sessionDate }: SessionTimes, timeZone: string): number {
  if (endedAt) return endedAt.getTime()
  return Temporal.PlainDate.from(sessionDate).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
}

/** @throws Problem `invalid-state` for a session that has not begun */
export function requireBegun({ startedAt, sessionDate }: SessionTimes, timeZone: string, now: Date): void {
  const begun = startedAt ? startedAt <= now : sessionDate <= dateIn(timeZone, now)
  if (!begun) throw new Problem('invalid-state', { detail: 'The session of this note has not begun yet.' })
}

/** Signed so long after the session that the practice wants it marked. */
export const isLateEntry = (times: SessionTimes, timeZone: string, signedAt: Date, afterHours: number) =>
  signedAt.getTime() - sessionEnd(times, timeZone) > afterHours * hourMs
