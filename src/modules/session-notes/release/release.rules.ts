import { invalidField, Problem } from '../../../lib/problems.ts'
import type { NoteStatus } from '../session-notes.rules.ts'
import type { SessionNote } from '../session-notes.schemas.ts'
import type { NoteAddendum } from '../steps.schemas.ts'
import reasons from './hold-reasons.json' with { type: 'json' }

export const holdReasonCodes = [
  'endangers_life_or_safety',
  'harms_another_person',
  'harm_through_representative',
] as const
export type HoldReasonCode = (typeof holdReasonCodes)[number]

/** A ground of the law to keep something from a client. Each can be reviewed by another licensed professional. */
export interface HoldReason {
  code: HoldReasonCode
  label: string
  source: string
  confidence: string
  keepsFrom: 'everybody' | 'representatives'
}

export const holdReasons = reasons as readonly HoldReason[]

/** Grounds that keep a note from a representative at the portal, and not from the client. */
export const againstRepresentatives: readonly HoldReasonCode[] = holdReasons
  .filter(({ keepsFrom }) => keepsFrom === 'representatives')
  .map(({ code }) => code)

/** What a client may be shown: signed, with no co-signature missing, and not found to be a mistake. */
export const releasable: readonly NoteStatus[] = ['signed', 'cosigned', 'locked']

const ofSeveral: Readonly<Record<string, string>> = {
  couple: 'A couple’s note is released to one of the two with the written agreement of the other.',
  group: 'What is written of a group is released to nobody of it.',
}

/**
 * @param kind of the charts whose notes may be released so
 * @throws Problem `invalid-state`
 */
export function requireReleasable(
  note: { status: NoteStatus },
  chart: { kind: string },
  kind: 'individual' | 'couple' = 'individual',
): void {
  if (chart.kind !== kind) {
    const detail = ofSeveral[chart.kind] ?? 'This note is of one client, and released to them.'
    throw new Problem('invalid-state', { detail })
  }
  if (!releasable.includes(note.status)) {
    const detail = 'Only a signed note that is valid, and that no co-signature is missing from, is released.'
    throw new Problem('invalid-state', { detail })
  }
}

/** @throws Problem `invalid-state` for a draft: it is shown to nobody, so there is nothing to keep back */
export function requireHoldable(note: { status: NoteStatus }, chart: { kind: string }): void {
  const kind = chart.kind === 'couple' ? 'couple' : 'individual'
  if (note.status === 'pending_cosign' && chart.kind === kind) return
  requireReleasable(note, chart, kind)
}

/**
 * Of a couple's note nothing is shown at the portal that is about one of the two beside the session itself: where they
 * were reached by video, what they scored, their diagnoses and risk, and what the other asked to be amended. What was
 * added after the other agreed they did not agree to: it takes a release of its own, unless it is what was done at the
 * reader's own request.
 */
export function asPartnerReads(
  note: SessionNote,
  { clientId, releasedAt }: { clientId: string; releasedAt: Date },
): SessionNote {
  const { measures: _measures, risk: _risk, diagnoses: _diagnoses, place, ...header } = note.header
  const { checkIn: _checkIn, ...where } = place ?? {}
  const amendmentRequests = note.amendmentRequests.filter(request => request.clientId === clientId)
  const asked = amendmentRequests.map(({ addendumId }) => addendumId)
  const isAgreedTo = ({ signedAt }: NoteAddendum) => new Date(signedAt) <= releasedAt
  return {
    ...note,
    header: { ...header, ...(place ? { place: { ...where, kind: place.kind } } : {}) },
    addenda: note.addenda.filter(addendum => isAgreedTo(addendum) || asked.includes(addendum.id)),
    amendmentRequests,
  }
}

const dayMs = 86_400_000

/** @throws Problem `invalid-request` */
export function requireExpiry(expiresAt: string, now: Date, longestDays: number): Date {
  const end = new Date(expiresAt)
  const isWithin = end > now && end.getTime() - now.getTime() <= longestDays * dayMs
  if (isWithin) return end
  throw invalidField('/expiresAt', 'range', `Must be in the future, at most ${longestDays} days from now.`)
}

export interface Hold {
  reason_code: string
  expires_at: Date
  ended_at: Date | null
}

export const isHeld = ({ expires_at, ended_at }: Pick<Hold, 'expires_at' | 'ended_at'>, now: Date) =>
  ended_at === null && expires_at > now

/** Whether the client can read it now. The database asks the same where notes are listed. */
export function isVisible(visibleFrom: Date | null, holds: readonly Hold[], now: Date): boolean {
  if (visibleFrom === null || visibleFrom > now) return false
  return !holds.some(hold => isHeld(hold, now) && !isOnlyAgainstRepresentatives(hold))
}

const isOnlyAgainstRepresentatives = ({ reason_code }: Hold) =>
  againstRepresentatives.some(code => code === reason_code)
