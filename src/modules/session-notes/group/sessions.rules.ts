import { plainLetters } from '../../../lib/plain-letters.ts'
import { type FieldError, Problem } from '../../../lib/problems.ts'
import type { WarningReason } from '../signed-content.ts'
import type { WrittenText } from '../texts.ts'
import { finderOf, phraseOf } from '../wording.ts'

export const groupSessionStatuses = ['draft', 'signed', 'cosigned', 'entered_in_error'] as const
export type GroupSessionStatus = (typeof groupSessionStatuses)[number]

/** What the author wrote of the group's process. */
export interface ProcessRecord {
  theme: string
  interventions: string[]
  dynamics?: string
}

/** All that a revision says, and that signatures on it bind. */
export interface GroupSessionContent {
  format: 1
  groupSessionId: string
  revision: number
  chartId: string
  authorId: string
  sessionDate: string
  startedAt: string | null
  endedAt: string | null
  timeZone: string
  headCount: number
  /** The meeting it documents, where it names one. */
  groupMeetingId?: string
  /** Who led it beside the author. */
  facilitatorIds: string[]
  record: ProcessRecord
  /** JSON pointers to what came from the meeting; none in records of before. */
  carried?: string[]
  /** Why words stand in it that are somebody's name too. */
  overrides: WarningReason[]
}

const steps = {
  correct: { from: ['draft'], refusal: 'This record is signed and can no longer be corrected.' },
  sign: {
    from: ['draft', 'signed'],
    refusal: 'Nobody’s signature is missing from this record, or it was entered in error.',
  },
  markAsError: {
    from: ['signed', 'cosigned'],
    refusal: 'Only a signed record that is still valid can be marked as entered in error.',
  },
} as const satisfies Record<string, { from: readonly GroupSessionStatus[]; refusal: string }>

export type GroupSessionStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: GroupSessionStatus, step: GroupSessionStep): void {
  const { from, refusal }: { from: readonly GroupSessionStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/** Where a record stands with these signatures: the author's comes first, then those of who led it with them. */
export function statusAfterSigning(
  facilitatorIds: readonly string[],
  signerIds: readonly string[],
): 'signed' | 'cosigned' {
  const all = facilitatorIds.length > 0 && facilitatorIds.every(id => signerIds.includes(id))
  return all ? 'cosigned' : 'signed'
}

/** Those who were there. */
export const headCountOf = (attendance: readonly { presence: string }[]): number =>
  attendance.filter(({ presence }) => presence !== 'absent').length

/** The texts of a process record. */
export const textsOfRecord = ({ theme, interventions, dynamics }: ProcessRecord): WrittenText[] => [
  { pointer: '/record/theme', text: theme },
  ...interventions.map((text, at) => ({ pointer: `/record/interventions/${at}`, text })),
  ...(dynamics === undefined ? [] : [{ pointer: '/record/dynamics', text: dynamics }]),
]

/**
 * Texts in which one of these names stands, in whatever case and accents. What is somebody's name may be a common word
 * too: it is a warning that a reason answers.
 *
 * @param names each as one name of a person; single letters are too short to tell
 */
export function namesIn(
  texts: readonly WrittenText[],
  names: readonly string[],
  { code, detail }: Pick<FieldError, 'code' | 'detail'>,
): FieldError[] {
  const finders = names
    .map(phraseOf)
    .filter(phrase => phrase.join('').length > 1)
    .map(finderOf)
  return texts
    .filter(({ text }) => {
      const plain = plainLetters(text)
      return finders.some(find => find(plain) >= 0)
    })
    .map(({ pointer }) => ({ pointer, code, detail }))
}
