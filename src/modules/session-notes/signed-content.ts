import { createHash } from 'node:crypto'

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

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * Canonical JSON (RFC 8785) of values without fractions: keys in the order of their UTF-16 units, no
 * blanks, strings and numbers as JSON.stringify writes them. The same content always gives the same bytes.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** The hash that signatures bind: SHA-256 over the UTF-8 bytes of the canonical JSON, in hex. */
export const contentHash = (content: SignedContent | AddendumContent): string =>
  createHash('sha256')
    .update(canonicalJson({ ...content }))
    .digest('hex')
