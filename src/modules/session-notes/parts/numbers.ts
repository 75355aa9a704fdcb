import type { PartFigure } from './part.ts'

/** The largest. @returns undefined of nothing */
export const most = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values)

/** A figure about one of several, where the number is known; none where it is not. */
export const figureAbout = (subjectId: string, measure: string, value: number | undefined): PartFigure[] =>
  value === undefined ? [] : [{ measure, value, subjectId }]

export const hasText = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''
