import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { identifiedPatientOf } from '../../couples/index.ts'
import { findService } from '../../practice/index.ts'
import { findAppointment, type MeetingFacts } from '../../scheduling/index.ts'
import type { NoteSigned } from '../consequences.ts'
import type { NoteHeader } from '../header.schemas.ts'
import { ofKind } from '../part-ties.ts'
import { crisis } from '../parts/crisis.ts'
import { neurofeedback } from '../parts/neurofeedback.ts'
import { hasText } from '../parts/numbers.ts'
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

/**
 * With an author's signature: what billing needs leaves the note as a document of its own. The minutes of blocks of an
 * intensive are what was given of them.
 *
 * @param meeting of the group that the note is about: start, stop and attendance are what it says
 */
export async function writeBillingFacts(
  trx: PracticeTransaction,
  { chart, content: signed, given }: Pick<NoteSigned, 'chart' | 'content' | 'given'>,
  meeting: MeetingFacts | undefined,
): Promise<void> {
  const content = meeting ? asMet(signed, meeting, chart.clientIds) : timed(signed, given)
  const [identifiedPatientId, bookedAsIntensive] = await Promise.all([
    chart.kind === 'couple' ? identifiedPatientOf(trx, chart.id, content.sessionDate) : null,
    given !== undefined || isBookedAsIntensive(trx, content.appointmentId),
  ])
  const setup = {
    chartKind: chart.kind,
    identifiedPatientId,
    bookedAsIntensive,
    givenMinutes: given?.minutes,
  }
  const facts = factsOf(content, setup)
  await repository.insertFacts(trx, chart, content, facts)
}

/** A member's note with the times of its meeting, and the client's presence there. Their minutes are the note's own. */
function asMet(
  content: SignedContentV2,
  { actualStartsAt, actualEndsAt, timeZone, attendance }: MeetingFacts,
  clientIds: readonly string[],
): SignedContentV2 {
  const said = attendance.filter(({ clientId }) => clientIds.includes(clientId))
  if (!actualStartsAt || !actualEndsAt || said.length === 0) return content
  const span = Math.floor((actualEndsAt.getTime() - actualStartsAt.getTime()) / minuteMs)
  const { attendance: own = [] } = content.header
  const minutesOf = (id: string) => own.find(({ clientId }) => clientId === id)?.minutes
  const met = said.map(({ clientId, presence }) => {
    const minutes = minutesOf(clientId)
    return { clientId, presence, ...(minutes === undefined ? {} : { minutes: Math.min(minutes, span) }) }
  })
  return {
    ...content,
    startedAt: actualStartsAt.toISOString(),
    endedAt: actualEndsAt.toISOString(),
    timeZone,
    header: { ...content.header, attendance: met },
  }
}

/** A note that does not say when its session was has the times of its blocks. */
const timed = (content: SignedContentV2, given: NoteSigned['given']): SignedContentV2 =>
  !given || (content.startedAt !== null && content.endedAt !== null)
    ? content
    : { ...content, startedAt: given.startedAt.toISOString(), endedAt: given.endedAt.toISOString() }

async function isBookedAsIntensive(trx: PracticeTransaction, appointmentId: string | null): Promise<boolean> {
  const booked = appointmentId === null ? undefined : await findAppointment(trx, appointmentId)
  return booked !== undefined && (await findService(trx, booked.serviceId))?.kind === 'intensive'
}

interface Setup extends Pick<SessionKind, 'chartKind' | 'identifiedPatientId' | 'bookedAsIntensive'> {
  /** Of the blocks of an intensive that the note documents. */
  givenMinutes: number | undefined
}

function factsOf(content: SignedContentV2, setup: Setup): FactsDocument {
  const { identifiedPatientId } = setup
  const { header, parts, sessionDate } = content
  const partKinds = parts.map(({ kind }) => kind)
  const present = (header.attendance ?? []).filter(({ presence }) => presence !== 'absent')
  // Somebody who is written down twice was there once.
  const presentIds = [...new Set(present.map(({ clientId }) => clientId))]
  const training = trainingIn(content)
  const { authorIsTechnician } = training
  const setting = settingOf({ ...setup, partKinds, presentIds, authorIsTechnician })
  const minutes =
    setup.givenMinutes ??
    (setting === 'crisis' ? crisisMinutes(content) : minutesOf(setup.chartKind, content))
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
    suggestion: suggestCode({ setting, minutes, sessionDate, ...training }),
  }
}

const minuteMs = 60_000

/** Training in a session: how long it was, and whether the author, a clinician, held more than that. */
function trainingIn({ authorId, parts, sections }: SignedContentV2) {
  const sessions = ofKind(neurofeedback, parts).map(({ of }) => of)
  const authorIsTechnician = sessions.some(({ technicianId }) => technicianId?.toLowerCase() === authorId)
  return {
    authorIsTechnician,
    // Training that a technician ran makes no joint code with what a clinician did.
    biofeedback: sessions.some(({ technicianId }) => technicianId === undefined),
    trainingMinutes: Math.ceil(
      sessions
        .flatMap(({ rounds = [] }) => rounds.map(({ minutes = 0 }) => minutes))
        .reduce((sum, one) => sum + one, 0),
    ),
    hasTexts: !authorIsTechnician && Object.values(sections).some(hasText),
  }
}

/**
 * A crisis is counted by the minutes face to face that its parts say, which need not be in one piece: never by more than
 * there are from start to end.
 */
function crisisMinutes(content: SignedContentV2): number | null {
  const said = ofKind(crisis, content.parts).flatMap(({ of }) => of.minutesFaceToFace ?? [])
  if (said.length === 0) return minutesOf('individual', content)
  return Math.min(
    said.reduce((sum, one) => sum + one, 0),
    spanOf(content) ?? Number.POSITIVE_INFINITY,
  )
}

/**
 * Whole minutes face to face. In a client's own chart the time they were there counts, where it was written down;
 * otherwise the time from the real start to the real end.
 */
function minutesOf(chartKind: NoteSigned['chart']['kind'], content: SignedContentV2): number | null {
  const own = longestOf(content.header)
  return chartKind === 'individual' ? (own ?? spanOf(content)) : (spanOf(content) ?? own)
}

const spanOf = ({ startedAt, endedAt }: Pick<SignedContentV2, 'startedAt' | 'endedAt'>): number | null =>
  startedAt === null || endedAt === null
    ? null
    : Math.floor((Date.parse(endedAt) - Date.parse(startedAt)) / minuteMs)

function longestOf({ attendance = [] }: NoteHeader): number | null {
  const counted = attendance.flatMap(({ presence, minutes }) =>
    presence === 'absent' || minutes === undefined ? [] : [minutes],
  )
  return counted.length === 0 ? null : Math.max(...counted)
}
