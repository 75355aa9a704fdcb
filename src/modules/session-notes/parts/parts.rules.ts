import { type FieldError, invalidField, Problem } from '../../../lib/problems.ts'
import { shapeCheck } from '../../../plugins/validation.ts'
import { mergePatch } from '../note-document.ts'
import { currentPart, partOf } from './index.ts'
import type { PartChart, PartKind } from './part.ts'
import { contentSchemas, type NotePart } from './parts.schemas.ts'

/** Most parts of one note: an intensive day has no more blocks. */
export const mostParts = 20

type PartChanges = Readonly<Record<string, { kind: string; content: Record<string, unknown> } | null>>

const checks = new Map([...contentSchemas].map(([part, schema]) => [part, shapeCheck(schema)]))

/**
 * The parts after a change: null takes one away, an id that is new adds one at the end, in the order given.
 *
 * @throws Problem `invalid-request`
 */
export function changeParts(before: readonly NotePart[], changes: PartChanges, chart: PartChart): NotePart[] {
  const kept = before.flatMap(part => {
    const change = changes[part.id]
    if (change === null) return []
    return change ? [changePart(part, change)] : [part]
  })
  const added = Object.entries(changes).flatMap(([id, change]) =>
    change === null || before.some(part => part.id === id) ? [] : [newPart({ id, ...change }, chart)],
  )
  if (kept.length + added.length > mostParts)
    throw invalidField('/parts', 'max-items', `A note has at most ${mostParts} parts.`)
  return [...kept, ...added]
}

function changePart(
  part: NotePart,
  { kind, content: patch }: { kind: string; content: Record<string, unknown> },
): NotePart {
  if (kind !== part.kind)
    throw invalidField(`/parts/${part.id}/kind`, 'const', 'A part keeps its kind. Add another one instead.')
  const content = mergePatch(part.content, patch)
  requireShape(partOf(part.kind, part.version), part.id, content)
  return { ...part, content }
}

/**
 * A part under the current structure of its kind.
 *
 * @throws Problem `invalid-request`
 */
export function newPart({ id, kind, content }: Omit<NotePart, 'version'>, chart: PartChart): NotePart {
  const structure = currentPart(kind)
  if (!structure?.charts.includes(chart))
    throw invalidField(`/parts/${id}/kind`, 'chart', 'A part of this kind does not belong in this chart.')
  const merged = mergePatch({}, content)
  requireShape(structure, id, merged)
  return { id, kind, version: structure.version, content: merged }
}

/** @throws Problem `invalid-request` for the first thing that does not fit */
export function requireShape(structure: PartKind, partId: string, content: object): void {
  const wrong: FieldError | undefined = checks.get(structure)?.(content)
  if (wrong)
    throw new Problem('invalid-request', {
      errors: [{ ...wrong, pointer: `/parts/${partId}/content${wrong.pointer}` }],
    })
}

/** @throws Problem `invalid-request` for two parts of one id */
export function requireOwnIds(parts: readonly { id: string }[]): void {
  const ids = parts.map(({ id }) => id)
  if (new Set(ids).size < ids.length)
    throw invalidField('/parts', 'unique', 'Each part needs an id of its own.')
}

/** The kinds of the parts of a note, for its head. */
export const kindsOf = (parts: readonly NotePart[]): string[] =>
  [...new Set(parts.map(({ kind }) => kind))].sort()
