import { withdrawn } from '../kind.ts'

/** A record as figures see it: ids, days, words of lists and numbers, each in the order of its kind. Never words. */
export interface FigureRow {
  id: string
  kind: string
  status: string
  occurredOn: string
  reviewOn: string | null
  relatedId: string | null
  addictionId: string | null
  behaviorId: string | null
  treatmentPlanId: string | null
  keys: readonly (string | null)[]
  measures: readonly (number | null)[]
}

/** A step of a record: the status it entered, and the day. In the order in which they were recorded. */
export interface FigureStep {
  recordId: string
  status: string
  effectiveOn: string
  reasonKey: string | null
}

/** Those of a kind that count, oldest first. */
export const ofKind = (rows: readonly FigureRow[], kind: string): FigureRow[] =>
  rows.filter(row => row.kind === kind && row.status !== withdrawn)

/** To so many places. */
export const rounded = (value: number, places = 2) => Math.round(value * 10 ** places) / 10 ** places

/** @returns null of none */
export function mean(values: readonly number[], places = 2): number | null {
  if (values.length === 0) return null
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length, places)
}

export const present = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined

/** How many there are of each word, in the order in which the words are first met. */
export function counted<T extends string>(words: readonly T[]): { word: T; count: number }[] {
  return [...Map.groupBy(words, word => word)].map(([word, all]) => ({ word, count: all.length }))
}
