import type { Json } from '../../api-document.ts'
import { badDates, badInstants, edgeDates, edgeInstants, marker, oddIds, oddTexts } from '../fuzz/values.ts'

/** Numbers beyond what some layer behind can hold. */
const numbers: readonly unknown[] = [
  -1,
  0,
  -0,
  1.5,
  1e-7,
  32_768,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  2 ** 53,
  9_223_372_036_854_775_000,
  1e21,
  1.7e308,
  '1',
  '0x10',
]

/** Instants that a validator lets pass and another parser may not, beside those of the fuzzer. */
const instants = [
  '2026-11-23 16:00:00Z',
  '2026-11-23\t16:00:00Z',
  '2026-11-23\u00a016:00:00Z',
  '2026-11-23\n16:00:00Z',
  '2016-12-31T23:59:60Z',
  '2016-12-31T18:59:60-05:00',
  '2026-11-23T16:00:00+0000',
  '2026-11-23T16:00:00+00',
  '2026-11-23T16:00:00.Z',
]

/** What is tried at a place, by the kind of its schema. The first group has to be refused, the second survived. */
export interface Attack {
  kind: string
  fits(schema: Json): boolean
  refused: readonly unknown[]
  survived: readonly unknown[]
}

export const attacks: readonly Attack[] = [
  {
    kind: 'dates',
    fits: ({ format }) => format === 'date',
    refused: badDates,
    survived: edgeDates,
  },
  {
    kind: 'instants',
    fits: ({ format }) => format === 'date-time',
    refused: badInstants,
    survived: [...edgeInstants, ...instants],
  },
  { kind: 'ids', fits: ({ format }) => format === 'uuid', refused: [], survived: oddIds },
  {
    kind: 'numbers',
    fits: ({ type }) => type === 'integer' || type === 'number',
    refused: [],
    survived: numbers,
  },
  {
    kind: 'texts',
    fits: ({ type }) => type === 'string',
    refused: ['\0', `${marker}\0`, '\ud800', `\udfff${marker}`],
    survived: [],
  },
]

export const isFreeText = ({ type, format, pattern, enum: words, const: word }: Json) =>
  type === 'string' && !format && !pattern && !words && word === undefined

/** Odd, allowed, and marked: whoever refuses it must not repeat it. */
export const markedTexts = Object.values(oddTexts).map(text => `${text}${marker}`)
