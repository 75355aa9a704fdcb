import type { NoteHeader } from './header.schemas.ts'
import type { NoteTemplate } from './note-templates.ts'
import { templateOf } from './note-templates.ts'
import type { NotePart } from './parts/parts.schemas.ts'

/** What a clinician writes under one heading. */
export interface Heading {
  key: string
  label: string
  /** A note is signed only when every required section has text. */
  required: boolean
}

/**
 * What stands in a note besides its head. It carries its own headings, so that a save needs no template and a reader
 * in thirty years none either.
 */
export interface NoteDocument {
  headings: Heading[]
  header: NoteHeader
  sections: Record<string, string>
  parts: NotePart[]
  /** JSON pointers to what was brought in from elsewhere and not edited since. */
  carried: string[]
}

/** The sealed text of a draft. */
export type DraftContent = NoteDocument & { format: 2 }

/** Drafts of before there were parts. */
export interface DraftContentV1 {
  format: 1
  sections: Record<string, string>
}

export const headingsOf = ({ sections }: Pick<NoteTemplate, 'sections'>): Heading[] =>
  sections.map(({ key, label, required }) => ({ key, label, required }))

/** A draft in the present format, whichever it was saved in. */
export function presentDraft(
  draft: DraftContent | DraftContentV1,
  template: { template_key: string; template_version: number },
): DraftContent {
  if (draft.format === 2) return draft
  const headings = headingsOf(templateOf(template.template_key, template.template_version))
  return { format: 2, headings, header: {}, sections: draft.sections, parts: [], carried: [] }
}

/** Fields of the header that hold words. */
const wordyFields = new Set(
  ['interventions', 'response', 'homeworkReview', 'homework', 'next'].map(name => `/header/${name}`),
)

const isText = (pointer: string) => !pointer.startsWith('/header/') || wordyFields.has(pointer)

/** What stands in a note by JSON pointer, as far apart as it is carried and edited: sections, fields of header and parts. */
export function fieldsOf({ sections, header, parts }: Omit<NoteDocument, 'carried'>): Map<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const [key, text] of Object.entries(sections)) fields.set(`/sections/${key}`, text)
  for (const [name, value] of Object.entries(header)) fields.set(`/header/${name}`, value)
  for (const { id, content } of parts)
    for (const [name, value] of Object.entries(content)) fields.set(`/parts/${id}/content/${name}`, value)
  return fields
}

/** What of what was carried still stands as it was brought in. */
export function stillCarried(before: NoteDocument, after: Omit<NoteDocument, 'carried'>): string[] {
  if (before.carried.length === 0) return []
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const asText = (value: unknown) => JSON.stringify(value)
  return before.carried.filter(
    pointer => is.has(pointer) && asText(was.get(pointer)) === asText(is.get(pointer)),
  )
}

/** Whether nothing in this note was written for it. */
export function isAllCarried(document: NoteDocument): boolean {
  const texts = [...fieldsOf(document).keys()].filter(isText)
  return texts.length > 0 && texts.every(pointer => document.carried.includes(pointer))
}

/**
 * RFC 7396: null takes a field away, an array stands as a whole, and objects are merged.
 *
 * @param depth how far down objects are merged; below that they are replaced
 */
export function mergePatch<Target extends object>(
  target: Target,
  patch: Readonly<Record<string, unknown>>,
  depth = 32,
): Target {
  const merged = new Map<string, unknown>(Object.entries(target))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else
      merged.set(
        name,
        depth > 1 && isObject(value) ? mergePatch(objectOf(merged.get(name)), value, depth - 1) : value,
      )
  }
  return Object.fromEntries(merged) as Target
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {})
