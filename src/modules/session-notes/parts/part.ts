import type { Static, TObject } from 'typebox'
import type { FieldError } from '../../../lib/problems.ts'

/** Something a rule of the method asks to look at. It never keeps anybody from signing: a reason is written down. */
export interface PartWarning {
  /** A word of the list of its kind, like `installation_before_desensitization`. */
  code: string
  /** JSON pointer into the part's content. */
  pointer: string
  detail: string
}

/** A number of a signed note that trends are made of. Never words. */
export interface PartFigure {
  /** Names what is counted, with its unit where there is one: `sud_start`, `belief_drop`, `settling_minutes`. */
  measure: string
  value: number
  /** What it is about, where a session counts the same for several: a target, a protocol. */
  subjectId?: string
}

/** What a chart knows by now, whatever the last session left. */
export interface ChartNow {
  /** EMDR targets that were put away unfinished, the most urgent first. */
  incompleteTargetIds: readonly string[]
  /** Neurofeedback protocols in use. */
  activeProtocolIds: readonly string[]
}

/** Kinds of charts that a part may stand in. */
export type PartChart = 'individual' | 'couple' | 'group'

/**
 * One version of one kind of structured work in a session. What was signed under it is read under it for ever: a better
 * structure is a new version beside it, never a change of this one.
 */
export interface PartKind<Content extends TObject = TObject> {
  kind: string
  version: number
  /** For people who choose one. Our own words. */
  title: string
  /** What it is for, in a sentence. */
  about: string
  /** Source of the structure and scales. */
  source: string
  charts: readonly PartChart[]
  /** Every field is optional: a draft is saved as it grows. Units and ranges stand in the descriptions. */
  content: Content
  /** A complete content, obviously fictional. */
  example: Static<Content>
  /** What is missing before a note with this part can be signed; pointers are relative to the content. */
  missing(content: Static<Content>): FieldError[]
  /**
   * What the next session's part of this kind begins with: from the author's last one in this chart, empty where there is
   * none. What is of one session only (measures, answers, consent) is never carried.
   */
  carry?(last: Static<Content>, now: ChartNow): Partial<Static<Content>>
  warnings(content: Static<Content>): PartWarning[]
  figures(content: Static<Content>): PartFigure[]
}

/** Checks a kind against its own content; the registry holds kinds of many contents. */
export const partKind = <Content extends TObject>(kind: PartKind<Content>): PartKind<Content> => kind

/** A list to carry; none where it would be empty. */
export const listed = <T>(items: readonly T[]): T[] | undefined => (items.length > 0 ? [...items] : undefined)

/** Required fields of a part, as the errors of a signature that comes too early. */
export function missingFields(content: object, required: readonly string[]): FieldError[] {
  const given = content as Record<string, unknown>
  return required
    .filter(name => isEmpty(given[name]))
    .map(name => ({ pointer: `/${name}`, code: 'required', detail: 'Needs a value before signing.' }))
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)
