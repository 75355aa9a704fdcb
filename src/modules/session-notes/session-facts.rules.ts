import type { FieldError } from '../../lib/problems.ts'
import type { NoteDocument } from './note-document.ts'
import { caseManagement, collateralContact } from './parts/contacts.ts'
import { noShow } from './parts/endings.ts'
import type { PartChart } from './parts/part.ts'

/** Notes of which every part is one of these are of no session with a client. */
const withoutSession: readonly string[] = [noShow, collateralContact, caseManagement].map(({ kind }) => kind)

const remote: readonly string[] = ['telehealth_home', 'telehealth_other', 'phone']

/** When a session really was; nulls where that is not documented. */
interface Times {
  startedAt: Date | null
  endedAt: Date | null
}

/**
 * What a session with a client should say of itself and does not: when it was, where the client was, and by video or
 * phone what was asked as it began. An emergency and a claim both ask for it.
 */
export function factsMissingIn(
  { header, parts }: Pick<NoteDocument, 'header' | 'parts'>,
  { startedAt, endedAt }: Times,
  chart: PartChart,
): FieldError[] {
  if (parts.length > 0 && parts.every(({ kind }) => withoutSession.includes(kind))) return []
  // A note in a group's chart names nobody.
  const wasHeld = chart === 'group' || header.attendance?.some(({ presence }) => presence !== 'absent')
  if (!wasHeld) return []
  const { place } = header
  const rules: readonly (readonly [isMissing: boolean, pointer: string, code: string, detail: string])[] = [
    [
      startedAt === null || endedAt === null,
      startedAt === null ? '/startedAt' : '/endedAt',
      'times_missing',
      'When the session really began and ended is not documented.',
    ],
    [place === undefined, '/header/place', 'place_missing', 'Where the client was is not documented.'],
    [
      place !== undefined && remote.includes(place.kind) && place.checkIn === undefined,
      '/header/place/checkIn',
      'check_in_missing',
      'By video or phone: where the client was, whom to call, and that nobody listened is not documented.',
    ],
  ]
  return rules.flatMap(([isMissing, pointer, code, detail]) => (isMissing ? [{ pointer, code, detail }] : []))
}
