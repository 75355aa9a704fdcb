import { type FieldError, invalidField } from '../../lib/problems.ts'

export const recipientKinds = [
  'court',
  'probation',
  'attorney',
  'referrer',
  'employer',
  'licensing_board',
  'treatment_provider',
  'client',
  'other',
] as const
export type RecipientKind = (typeof recipientKinds)[number]

/**
 * What may be told. The first four are parts of a progress letter, the others and `attendance` kinds of reports of a
 * legal matter. Psychotherapy notes are none of them: an authorization for those stands alone (45 CFR 164.508(b)(3)(ii)).
 */
export const releaseCategories = [
  'attendance',
  'counts',
  'tasks',
  'stages',
  'compliance',
  'progress',
  'evaluation',
] as const
export type ReleaseCategory = (typeof releaseCategories)[number]

export const releaseStatuses = ['not_yet', 'in_force', 'expired', 'revoked'] as const
export type ReleaseStatus = (typeof releaseStatuses)[number]

export interface Term {
  from_on: string
  until_on: string
  revoked_at: Date | null
}

/** How a release stands on a day; one that was revoked is so for good. */
export function statusOn({ from_on, until_on, revoked_at }: Term, day: string): ReleaseStatus {
  if (revoked_at) return 'revoked'
  if (day < from_on) return 'not_yet'
  return day > until_on ? 'expired' : 'in_force'
}

/** @throws Problem `invalid-request` for what was not signed yet, begins before it was, or ends before today */
export function requireTerm(
  { signedOn, fromOn, untilOn }: { signedOn: string; fromOn: string; untilOn: string },
  today: string,
): void {
  if (signedOn > today) throw invalidField('/signedOn', 'range', 'Must not be after today.')
  if (fromOn < signedOn) throw invalidField('/fromOn', 'order', 'Must not be before it was signed.')
  if (untilOn < fromOn) throw invalidField('/untilOn', 'order', 'Must not be before the first day.')
  if (untilOn < today) throw invalidField('/untilOn', 'range', 'Must not be before today.')
}

/** What of a release decides whether it allows a disclosure. */
export interface Allowing extends Term {
  client_id: string
  recipient_kind: RecipientKind
  categories: readonly ReleaseCategory[]
  recipient: string
}

/** What is to be told, and of whom. */
export interface Telling {
  on: string
  categories: readonly ReleaseCategory[]
  /** Whoever has to allow it: the client, or everybody who ever was in the chart of a couple. */
  clientIds: readonly string[]
  /** Whether each of them has to, or one is enough (records of one person that were merged). */
  everybody: boolean
}

const why = {
  not_yet: 'It does not hold yet.',
  expired: 'It has expired.',
  revoked: 'It was revoked.',
} as const

/**
 * Why these releases do not allow it; nothing where they do.
 *
 * @param pointerOf where the request names the release at a place
 */
export function refusals(
  releases: readonly Allowing[],
  { on, categories, clientIds, everybody }: Telling,
  pointerOf: (at: number) => string,
): FieldError[] {
  const errors = releases.flatMap((release, at) => {
    const status = statusOn(release, on)
    const missing = categories.filter(category => !release.categories.includes(category))
    return [
      ...(status === 'in_force'
        ? []
        : [{ pointer: pointerOf(at), code: status.replace('_', '-'), detail: why[status] }]),
      ...missing.map(category => ({
        pointer: pointerOf(at),
        code: 'category',
        detail: `It does not allow this to be told: ${category}.`,
      })),
    ]
  })
  const [first, ...others] = releases
  const elsewhere = others.some(
    other =>
      other.recipient_kind !== first?.recipient_kind || !sameRecipient(other.recipient, first.recipient),
  )
  if (elsewhere)
    errors.push({ pointer: pointerOf(1), code: 'recipient', detail: 'They name different recipients.' })
  const signers = new Set(releases.map(({ client_id }) => client_id))
  const waiting = clientIds.filter(id => !signers.has(id)).length
  if (everybody ? waiting > 0 : waiting === clientIds.length)
    errors.push({
      pointer: pointerOf(0),
      code: 'signer-missing',
      detail: 'Everybody who was ever in this chart has to release it.',
    })
  return errors
}

/** Whether two texts name one recipient, however they are spaced and written. */
export const sameRecipient = (one: string, other: string) => plain(one) === plain(other)

const plain = (name: string) => name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
