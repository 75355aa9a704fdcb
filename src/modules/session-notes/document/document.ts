import {
  drawFact,
  drawHead,
  drawItem,
  drawLine,
  drawPaper,
  drawParagraph,
  drawSection,
  drawSmall,
  drawTitle,
  type Pdf,
  wordsOf,
} from '../../../lib/pdf.ts'
import { uuidShape } from '../../../lib/uuid.ts'
import { partOf } from '../parts/index.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import type { SessionNote } from '../session-notes.schemas.ts'

export interface PrintedNote {
  practiceName: string
  /** Present members of the chart. */
  clients: readonly { clientId: string; name: string }[]
  note: SessionNote
}

/**
 * A signed note on paper, with its signatures, addenda and the papers of requests to amend it. The same note always
 * gives the same bytes. The file's own properties name nobody.
 */
export function drawNote(printed: PrintedNote): Promise<Uint8Array> {
  const { note } = printed
  const foot = `Confidential · revision ${note.revision}`
  const paper = { title: 'Session note', createdAt: note.signedAt ?? note.createdAt, foot }
  return drawPaper(paper, pdf => {
    drawHeading(pdf, printed)
    drawErrorMark(pdf, note)
    drawCommon(pdf, printed)
    for (const { key, label } of note.headings) drawParagraph(pdf, label, note.sections[key] ?? null)
    for (const part of note.parts) drawPart(pdf, part)
    drawReasons(pdf, note)
    drawSignatures(pdf, note)
    drawAddenda(pdf, note)
    for (const request of note.amendmentRequests) drawAmendment(pdf, request)
  })
}

function drawHeading(pdf: Pdf, { practiceName, clients, note }: PrintedNote): void {
  drawHead(pdf, practiceName, 'Session note')
  drawFact(pdf, clients.length > 1 ? 'Clients' : 'Client', clients.map(({ name }) => name).join(', '))
  drawFact(pdf, 'Session', `${note.sessionDate} (${note.timeZone})`)
  if (note.startedAt) {
    const [from, to] = [
      timeOf(note.startedAt, note.timeZone),
      note.endedAt && timeOf(note.endedAt, note.timeZone),
    ]
    drawFact(pdf, 'Time', to ? `${from} to ${to}` : `from ${from}`)
  }
  drawFact(pdf, 'Appointment', note.appointmentId ? 'Scheduled' : 'Unscheduled')
  drawFact(pdf, 'Status', note.lateEntry ? `${wordsOf(note.status)}, late entry` : wordsOf(note.status))
}

function drawErrorMark(pdf: Pdf, { enteredInError }: SessionNote): void {
  if (!enteredInError) return
  drawParagraph(pdf, `Entered in error, marked ${enteredInError.markedAt}`, enteredInError.reason)
}

function drawCommon(pdf: Pdf, { note: { header }, clients }: PrintedNote): void {
  const nameOf = new Map(clients.map(({ clientId, name }) => [clientId, name]))
  drawSection(pdf, 'Attendance', header.attendance ?? [], ({ clientId, presence, minutes }) =>
    drawItem(
      pdf,
      nameOf.get(clientId) ?? 'A former member',
      minutes === undefined ? wordsOf(presence) : `${wordsOf(presence)}, ${minutes} minutes`,
      null,
    ),
  )
  const { attendance: _attendance, objectives, ...rest } = header
  const shown = { ...rest, objectives: objectives?.map(({ objectiveKey }) => objectiveKey) }
  if (Object.values(shown).some(value => value !== undefined)) drawTitle(pdf, 'Session')
  drawFields(pdf, shown, 0)
}

function drawPart(pdf: Pdf, { kind, version, content }: NotePart): void {
  drawTitle(pdf, partOf(kind, version).title)
  drawFields(pdf, content, 0)
}

/** Fields of any structure, each under its name; what lies deeper is set further in. Ids say nothing on paper. */
function drawFields(pdf: Pdf, fields: Readonly<Record<string, unknown>>, depth: number): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || isId(value)) continue
    if (!Array.isArray(value) && typeof value !== 'object') {
      drawLine(pdf, `${labelOf(name)}: ${plain(value)}`, depth)
      continue
    }
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
    const simple = entries.filter(entry => typeof entry !== 'object' && !isId(entry))
    const nested = entries.filter(entry => typeof entry === 'object' && entry !== null)
    if (simple.length > 0) drawLine(pdf, `${labelOf(name)}: ${simple.map(plain).join(', ')}`, depth)
    for (const [index, entry] of nested.entries()) {
      const number = nested.length > 1 ? ` ${index + 1}` : ''
      drawLine(pdf, `${labelOf(name)}${number}`, depth)
      drawFields(pdf, entry as Record<string, unknown>, depth + 1)
    }
  }
}

function drawReasons(pdf: Pdf, { overrides }: SessionNote): void {
  drawSection(pdf, 'Reasons given to warnings', overrides, ({ code, reason }) =>
    drawItem(pdf, wordsOf(code), reason, null),
  )
}

function drawSignatures(pdf: Pdf, { signatures, lock }: SessionNote): void {
  drawTitle(pdf, 'Signatures')
  for (const { role, credentials, signedAt } of signatures)
    drawItem(pdf, wordsOf(role), credentials, signedAt)
  if (lock) drawItem(pdf, 'Locked', lock.lockedAt, null)
  for (const { contentHash } of signatures.slice(0, 1))
    drawSmall(pdf, `SHA-256 of the signed content: ${contentHash}`)
}

function drawAddenda(pdf: Pdf, { addenda }: SessionNote): void {
  for (const { reason, text, status, credentials, signedAt, contentHash, review } of addenda) {
    drawParagraph(pdf, `Addendum: ${reason}`, text)
    drawItem(pdf, 'Signed', credentials, signedAt)
    if (status !== 'signed')
      drawItem(pdf, wordsOf(status), review?.credentials ?? '', review?.decidedAt ?? null)
    drawSmall(pdf, `SHA-256 of the addendum: ${contentHash}`)
  }
}

function drawAmendment(
  pdf: Pdf,
  { status, receivedOn, denialReason, papers }: SessionNote['amendmentRequests'][number],
): void {
  drawTitle(pdf, `Request to amend, received ${receivedOn}`)
  drawFact(pdf, 'Status', wordsOf(status))
  if (denialReason) drawFact(pdf, 'Ground', wordsOf(denialReason))
  for (const { kind, text, occurredAt, enteredBy, representativeId } of papers) {
    const by = representativeId
      ? 'sent by a representative'
      : enteredBy === 'client'
        ? 'sent by the client'
        : ''
    drawItem(pdf, paperTitles[kind], [occurredAt, by].filter(Boolean).join(', '), text)
  }
}

const paperTitles = {
  request: 'Request',
  extension: 'More time taken',
  acceptance: 'Accepted',
  denial: 'Denied',
  disagreement: 'Statement of disagreement',
  rebuttal: 'Rebuttal',
}

const timeOf = (instant: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone })
    .format(new Date(instant))
    .replaceAll('\u202f', ' ')

/** `beliefBefore` as people read it. */
const labelOf = (name: string) =>
  wordsOf(
    name.replace(/([a-z0-9])([A-Z])/g, (_match, end: string, next: string) => `${end} ${next.toLowerCase()}`),
  )

function plain(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const text = String(value)
  return /^[a-z]+(_[a-z0-9]+)+$/.test(text) ? text.replaceAll('_', ' ') : text
}

const isId = (value: unknown) => typeof value === 'string' && uuidShape.test(value)
