import { createHash } from 'node:crypto'
import { canonicalJson } from '../../lib/canonical-json.ts'

/** What is signed: the header and the text of one revision. Its canonical JSON is hashed and sealed. */
export interface SignedContent {
  /** The shape of this document. A note is read for ever under the format it was signed in. */
  format: 1
  noteId: string
  revision: number
  chartId: string
  authorId: string
  appointmentId: string | null
  template: { key: string; version: number }
  sessionDate: string
  startedAt: string | null
  endedAt: string | null
  timeZone: string
  lateEntry: boolean
  sections: Record<string, string>
}

/** What is signed of an addendum. */
export interface AddendumContent {
  format: 1
  addendumId: string
  noteId: string
  authorId: string
  reason: string
  text: string
}

/** The hash that signatures bind: SHA-256 over the UTF-8 bytes of the canonical JSON, in hex. */
export const contentHash = (content: SignedContent | AddendumContent): string =>
  createHash('sha256')
    .update(canonicalJson({ ...content }))
    .digest('hex')
