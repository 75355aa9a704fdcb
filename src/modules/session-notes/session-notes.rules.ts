import { Temporal } from 'temporal-polyfill'
import { type FieldError, invalidField, Problem, unknownReference } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import { type Heading, isAllCarried, type NoteDocument } from './note-document.ts'
import { partOf } from './parts/index.ts'
import type { PartChart } from './parts/part.ts'
import type { NotePart } from './parts/parts.schemas.ts'
import type { WarningReason } from './signed-content.ts'

export const noteStatuses = [
  'draft',
  'ready',
  'signed',
  'pending_cosign',
  'cosigned',
  'locked',
  'entered_in_error',
] as const
export type NoteStatus = (typeof noteStatuses)[number]

/** What its author is still to sign: nobody else sees it. */
export const unsignedStatuses: readonly NoteStatus[] = ['draft', 'ready']

/** What the author or their supervisor is through with: it does not become a draft again. */
export const finalStatuses: readonly NoteStatus[] = ['signed', 'cosigned', 'locked', 'entered_in_error']

export const isUnsigned = (status: NoteStatus) => unsignedStatuses.includes(status)

const hourMs = 3_600_000

const steps = {
  save: {
    from: ['draft'],
    refusal: 'A note that is ready is reopened before it is changed; one that is signed gets an addendum.',
  },
  ready: { from: ['draft'], refusal: 'Only a draft becomes ready.' },
  reopen: { from: ['ready'], refusal: 'Only a note that is ready and not signed becomes a draft again.' },
  sign: { from: ['draft', 'ready'], refusal: 'This note is signed.' },
  cosign: { from: ['pending_cosign'], refusal: 'This note does not wait for a co-signature.' },
  return: { from: ['pending_cosign'], refusal: 'Only a note that waits for a co-signature can be returned.' },
  lock: {
    from: ['signed', 'cosigned'],
    refusal: 'A note is locked once it is signed and no co-signature is missing from it.',
  },
  amend: {
    from: ['signed', 'cosigned', 'locked'],
    refusal: 'Addenda are added to a note that is signed and valid.',
  },
  markAsError: {
    from: ['signed', 'pending_cosign', 'cosigned', 'locked'],
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
  return !isUnsigned(note.status) || note.authorId === actor.staffId
}

/** @throws Problem `invalid-request` for a section that the note has no heading for */
export function requireKnownSections(headings: readonly Heading[], sections: object): void {
  const known = headings.map(({ key }) => key)
  if (Object.keys(sections).every(key => known.includes(key))) return
  const expected =
    known.length > 0 ? `The sections of this note are: ${known.join(', ')}.` : 'This note has no sections.'
  throw invalidField('/sections', 'unknown-section', expected)
}

/**
 * Who was there is of the chart: nobody else is named in it.
 *
 * @throws Problem `unknown-reference`
 */
export function requireMembers(
  { clientIds }: { clientIds: readonly string[] },
  { attendance }: { attendance?: readonly { clientId: string }[] | null },
): void {
  const at = attendance?.findIndex(({ clientId }) => !clientIds.includes(clientId)) ?? -1
  if (at >= 0) throw unknownReference(`/header/attendance/${at}/clientId`)
}

/** The sections after a change: null empties one, and what is left out stays. */
export function mergeSections(
  before: Record<string, string>,
  change: Record<string, string | null>,
): Record<string, string> {
  const kept = Object.entries({ ...before, ...change }).filter(entry => entry[1] !== null && entry[1] !== '')
  return Object.fromEntries(kept) as Record<string, string>
}

/** What is still missing before this note can be signed: texts, the header, and what each part asks for. */
export function missingIn(document: NoteDocument, chart: PartChart): FieldError[] {
  const { headings, sections, parts } = document
  return [
    ...headings
      .filter(({ key, required }) => required && !sections[key]?.trim())
      .map(({ key }) => needed(`/sections/${key}`, 'Needs text before signing.')),
    ...missingInHeader(document, chart),
    ...(headings.length + parts.length === 0 ? [needed('/parts', 'Needs a part before signing.')] : []),
    ...parts.flatMap(part => below(part, partOf(part.kind, part.version).missing(part.content))),
  ]
}

const needed = (pointer: string, detail: string): FieldError => ({ pointer, code: 'required', detail })

function missingInHeader({ header }: NoteDocument, chart: PartChart): FieldError[] {
  const errors: FieldError[] = []
  // The record of a group's process names nobody.
  if (chart !== 'group' && !header.attendance?.length)
    errors.push(needed('/header/attendance', 'Say who was there before signing.'))
  if (!header.risk) errors.push(needed('/header/risk', 'Say what is known of risk before signing.'))
  return errors
}

/** What the rules of a part's method ask to look at, and of the header. A signature answers each with a reason. */
export function warningsIn({ header, parts }: NoteDocument): FieldError[] {
  const fromHeader =
    header.risk?.status === 'present' && header.risk.riskAssessmentId === undefined
      ? [
          {
            pointer: '/header/risk',
            code: 'risk_without_assessment',
            detail: 'Risk is present, and no risk assessment is named.',
          },
        ]
      : []
  return [
    ...fromHeader,
    ...parts.flatMap(part => below(part, partOf(part.kind, part.version).warnings(part.content))),
  ]
}

const below = ({ id }: NotePart, found: readonly FieldError[]): FieldError[] =>
  found.map(({ pointer, code, detail }) => ({ pointer: `/parts/${id}/content${pointer}`, code, detail }))

/** @throws Problem `invalid-state` that names what is missing */
export function requireComplete(document: NoteDocument, chart: PartChart): void {
  const errors = missingIn(document, chart)
  if (errors.length === 0) return
  throw new Problem('invalid-state', { detail: 'Something is still missing in this note.', errors })
}

/**
 * Every warning needs a reason, and a reason a warning.
 *
 * @returns the reasons in the order of the warnings
 * @throws Problem `invalid-state` that names the warnings without a reason, `invalid-request`
 */
export function requireReasons(
  warnings: readonly FieldError[],
  given: readonly WarningReason[],
): WarningReason[] {
  const isAbout = (reason: WarningReason, { pointer, code }: FieldError) =>
    reason.pointer === pointer && reason.code === code
  const idle = given.findIndex(reason => !warnings.some(warning => isAbout(reason, warning)))
  if (idle >= 0)
    throw invalidField(`/overrides/${idle}`, 'unknown-warning', 'Nothing of this note is warned about so.')
  const unanswered = warnings.filter(warning => !given.some(reason => isAbout(reason, warning)))
  if (unanswered.length > 0)
    throw new Problem('invalid-state', {
      detail: 'Rules ask to look at something in this note. Change it, or sign with a reason for each.',
      errors: unanswered,
    })
  return warnings.flatMap(warning => given.find(reason => isAbout(reason, warning)) ?? [])
}

/** @throws Problem `invalid-state` for a note in which nothing was written for this session, unless that was said */
export function requireOwnWords(document: NoteDocument, confirmed: boolean): void {
  if (confirmed || !isAllCarried(document)) return
  throw new Problem('invalid-state', {
    detail: 'All of this note was carried over from elsewhere. Sign with `confirmCarried` if it is so.',
  })
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

/** The clock of whoever writes the end down may be ahead of ours. */
const clockToleranceMs = 60_000

/**
 * Nobody signs for minutes that are still to come: they are billed.
 *
 * @throws Problem `invalid-state` for a session that has not begun, or whose documented end is still to come
 */
export function requireHappened(
  { startedAt, endedAt, sessionDate }: SessionTimes,
  timeZone: string,
  now: Date,
): void {
  const begun = startedAt ? startedAt <= now : sessionDate <= dateIn(timeZone, now)
  if (!begun) throw new Problem('invalid-state', { detail: 'The session of this note has not begun yet.' })
  if (endedAt && endedAt.getTime() > now.getTime() + clockToleranceMs)
    throw new Problem('invalid-state', {
      detail: 'The documented end of the session is still to come: correct `endedAt`, or sign afterwards.',
    })
}

/** Signed so long after the session that the practice wants it marked. */
export const isLateEntry = (times: SessionTimes, timeZone: string, signedAt: Date, afterHours: number) =>
  signedAt.getTime() - sessionEnd(times, timeZone) > afterHours * hourMs
