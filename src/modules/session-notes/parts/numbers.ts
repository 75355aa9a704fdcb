import type { PartFigure } from './part.ts'

/** The largest. @returns undefined of nothing */
export const most = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values)

/** How much the second is more than the first; undefined where one of them is not known. */
export const rise = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from

/** A figure about one of several, where the number is known; none where it is not. */
export const figureAbout = (subjectId: string, measure: string, value: number | undefined): PartFigure[] =>
  value === undefined ? [] : [{ measure, value, subjectId }]

export const hasText = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''
