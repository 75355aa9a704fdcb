import type { TSchema } from 'typebox'
import { NoteHeader } from './header.schemas.ts'
import type { NoteDocument } from './note-document.ts'
import { partOf } from './parts/index.ts'

/** What somebody wrote in a note, and where. */
export interface WrittenText {
  /** JSON pointer into the note; parts go by their id. */
  pointer: string
  text: string
}

/** All that is written in words in a note: sections, header and parts. Words of lists, dates and ids are not. */
export function textsIn({
  sections,
  header,
  parts,
}: Pick<NoteDocument, 'sections' | 'header' | 'parts'>): WrittenText[] {
  return [
    ...Object.entries(sections).map(([key, text]) => ({ pointer: `/sections/${key}`, text })),
    ...written(NoteHeader, header, '/header'),
    ...parts.flatMap(({ id, kind, version, content }) =>
      written(partOf(kind, version).content, content, `/parts/${id}/content`),
    ),
  ]
}

/** Texts are strings that their schema leaves to people. */
function written(schema: TSchema | undefined, value: unknown, pointer: string): WrittenText[] {
  if (!schema) return []
  const { properties = {}, items, anyOf } = schema as Nested
  if (anyOf) return anyOf.flatMap(one => written(one, value, pointer))
  if (typeof value === 'string') return isFree(schema as Nested) ? [{ pointer, text: value }] : []
  if (Array.isArray(value)) return value.flatMap((item, at) => written(items, item, `${pointer}/${at}`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    written(properties[name], member, `${pointer}/${name}`),
  )
}

interface Nested {
  type?: string
  properties?: Readonly<Record<string, TSchema>>
  items?: TSchema
  anyOf?: TSchema[]
  enum?: unknown
  format?: string
  pattern?: string
}

const isFree = ({ type, enum: words, format, pattern }: Nested) =>
  type === 'string' && words === undefined && format === undefined && pattern === undefined
