import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../lib/canonical-json.ts'
import { headingsOf, type NoteDocument } from './note-document.ts'
import { templateOf } from './note-templates.ts'

/** The head of what is signed. */
interface SignedHead {
  noteId: string
  revision: number
  chartId: string
  authorId: string
  appointmentId: string | null
  /** Said only where there are any. */
  intensiveBlockIds?: string[]
  template: { key: string; version: number }
  sessionDate: string
  startedAt: string | null
  endedAt: string | null
  timeZone: string
  lateEntry: boolean
}

/** Why the author signed although a rule asked to look at something. */
export interface WarningReason {
  /** Of what was warned about, into the note. */
  pointer: string
  code: string
  reason: string
}

/** What was signed before notes had a header and parts. */
export interface SignedContentV1 extends SignedHead {
  format: 1
  sections: Record<string, string>
}

/** What is signed now. */
export interface SignedContentV2 extends SignedHead, NoteDocument {
  format: 2
  overrides: WarningReason[]
}

/**
 * What is signed: the head and the text of one revision. Its canonical JSON is hashed and sealed. A note is read for
 * ever under the format it was signed in.
 */
export type SignedContent = SignedContentV1 | SignedContentV2

/** What is signed of an addendum. */
export interface AddendumContent {
  format: 1
  addendumId: string
  noteId: string
  authorId: string
  reason: string
  text: string
  /** Its author needed a co-signature as they signed. Said only where it is so. */
  cosignRequired?: true
}

/** What a note says, whichever format it was signed in: for readers, never for the hash. */
export function documentOf(content: SignedContent): NoteDocument & { overrides: WarningReason[] } {
  if (content.format === 2) {
    const { headings, header, sections, parts, carried, overrides } = content
    return { headings, header, sections, parts, carried, overrides }
  }
  const headings = headingsOf(templateOf(content.template.key, content.template.version))
  return { headings, header: {}, sections: content.sections, parts: [], carried: [], overrides: [] }
}

/** The canonical JSON of what somebody signs, or of what says that they did. Instants are text in it. */
export const canonicalText = (signed: object): string =>
  canonicalJson(JSON.parse(JSON.stringify(signed)) as Json)

/** The hash that signatures bind: SHA-256 over the UTF-8 bytes of the canonical JSON, in hex. */
export const contentHash = (signed: object): string =>
  createHash('sha256').update(canonicalText(signed)).digest('hex')
