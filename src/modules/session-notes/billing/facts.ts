import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { identifiedPatientOf } from '../../couples/index.ts'
import { findService } from '../../practice/index.ts'
import { findAppointment } from '../../scheduling/index.ts'
import type { NoteSigned } from '../consequences.ts'
import type { NoteHeader } from '../header.schemas.ts'
import type { SignedContentV2 } from '../signed-content.ts'
import * as repository from './billing.repository.ts'
import { type CodeSuggestion, placeOf, type SessionKind, settingOf, suggestCode } from './codes.rules.ts'

/** What billing needs of one signed revision: no words of the note, but for codes. Sealed, and never changed. */
export interface FactsDocument {
  format: 1
  authorId: string
  appointmentId: string | null
  startedAt: string | null
  endedAt: string | null
  timeZone: string
  /** Face to face; null where the note does not say. */
  minutes: number | null
  presentIds: string[]
  identifiedPatientId: string | null
  diagnoses: { system: 'icd10cm' | 'icd11'; code: string }[]
  placeOfService: string | null
  modifiers: string[]
  suggestion: CodeSuggestion
}

/** With an author's signature: what billing needs leaves the note as a document of its own. */
export async function writeBillingFacts(
  trx: PracticeTransaction,
  { chart, content }: Pick<NoteSigned, 'chart' | 'content'>,
): Promise<void> {
  const [identifiedPatientId, bookedAsIntensive] = await Promise.all([
    chart.kind === 'couple' ? identifiedPatientOf(trx, chart.id, content.sessionDate) : null,
    isBookedAsIntensive(trx, content.appointmentId),
  ])
  const facts = factsOf(content, { chartKind: chart.kind, identifiedPatientId, bookedAsIntensive })
  await repository.insertFacts(trx, chart, content, facts)
}

async function isBookedAsIntensive(trx: PracticeTransaction, appointmentId: string | null): Promise<boolean> {
  const booked = appointmentId === null ? undefined : await findAppointment(trx, appointmentId)
  return booked !== undefined && (await findService(trx, booked.serviceId))?.kind === 'intensive'
}

type Setup = Pick<SessionKind, 'chartKind' | 'identifiedPatientId' | 'bookedAsIntensive'>

function factsOf(content: SignedContentV2, setup: Setup): FactsDocument {
  const { chartKind, identifiedPatientId } = setup
  const { header, parts, sessionDate } = content
  const partKinds = parts.map(({ kind }) => kind)
  const presentIds = (header.attendance ?? [])
    .filter(({ presence }) => presence !== 'absent')
    .map(({ clientId }) => clientId)
  const setting = settingOf({ ...setup, partKinds, presentIds })
  const minutes = minutesOf(chartKind, content)
  const biofeedback = partKinds.includes('neurofeedback')
  const { placeOfService, modifier } = placeOf(header.place?.kind, sessionDate)
  return {
    format: 1,
    authorId: content.authorId,
    appointmentId: content.appointmentId,
    startedAt: content.startedAt,
    endedAt: content.endedAt,
    timeZone: content.timeZone,
    minutes,
    presentIds,
    identifiedPatientId,
    diagnoses: header.diagnoses ?? [],
    placeOfService,
    modifiers: modifier === null ? [] : [modifier],
    suggestion: suggestCode({ setting, minutes, sessionDate, biofeedback }),
  }
}

const minuteMs = 60_000

/**
 * Whole minutes face to face. In a client's own chart the time they were there counts, where it was written down;
 * otherwise the time from the real start to the real end.
 */
function minutesOf(
  chartKind: NoteSigned['chart']['kind'],
  { header, startedAt, endedAt }: Pick<SignedContentV2, 'header' | 'startedAt' | 'endedAt'>,
): number | null {
  const own = longestOf(header)
  if (chartKind === 'individual' && own !== null) return own
  if (startedAt === null || endedAt === null) return own
  return Math.floor((Date.parse(endedAt) - Date.parse(startedAt)) / minuteMs)
}

function longestOf({ attendance = [] }: NoteHeader): number | null {
  const counted = attendance.flatMap(({ presence, minutes }) =>
    presence === 'absent' || minutes === undefined ? [] : [minutes],
  )
  return counted.length === 0 ? null : Math.max(...counted)
}
