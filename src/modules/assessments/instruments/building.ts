import type {
  InstrumentDefinition,
  InstrumentItem,
  InstrumentScale,
  ResponseSet,
} from '../definitions.schemas.ts'

/** Numbers of items as their keys: `numbers(1, 3)` is 1, 2, 3. */
export const numbers = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index))

export const keys = (...items: number[]): string[] => items.map(String)

/** Items 1 to n with one set of answers. Their labels are numbers where even a short one would repeat the wording. */
export function numbered(
  count: number,
  responses: string,
  { labels = [], reverse = [] }: { labels?: readonly string[]; reverse?: readonly number[] } = {},
): InstrumentItem[] {
  return Array.from({ length: count }, (_, index) => ({
    key: String(index + 1),
    label: labels[index] ?? `Item ${index + 1}`,
    responses,
    ...(reverse.includes(index + 1) ? { reverse: true } : {}),
  }))
}

/** A set whose values follow each other. */
export const responseSet = (key: string, from: number, labels: readonly string[]): ResponseSet => ({
  key,
  options: labels.map((label, index) => ({ value: from + index, label })),
})

export const yesNo = responseSet('yes_no', 0, ['No', 'Yes'])

/** Values whose ends alone have words. */
export const span = (
  key: string,
  [from, to]: readonly [number, number],
  [low, high]: readonly [string, string],
  step = 1,
): ResponseSet => ({
  key,
  options: Array.from({ length: (to - from) / step + 1 }, (_, index) => {
    const value = from + index * step
    const word = value === from ? low : value === to ? high : null
    return { value, label: word ? `${value}: ${word}` : String(value) }
  }),
})

type Given = Pick<InstrumentScale, 'key' | 'label'> & Partial<InstrumentScale>

/** A score of which higher is worse and no answer may be missing, unless said otherwise. */
export const scale = (given: Given): InstrumentScale => ({
  method: 'sum',
  mostMissing: 0,
  higherIs: 'worse',
  confidence: 'confirmed',
  ...given,
})

/** An instrument as the service brings it. What was published under an edition never changes: a change is another one. */
export interface ShippedInstrument {
  key: string
  edition: number
  definition: InstrumentDefinition
}
