import { randomBytes } from 'node:crypto'
import type { Reply } from '../../practice.ts'

/** A word that stands nowhere but where it was planted. */
export interface Marker {
  text: string
  /** Which operation wrote it, and in which of its fields. */
  operation: string
  place: string
}

export interface Markers {
  all: readonly Marker[]
  /**
   * A new one, in the form of what stands at its place: a phone number, an e-mail or a word.
   *
   * @param before what the documentation shows there
   */
  plant(operation: string, place: string, before: unknown): string
  /** Those from this one on were refused and stand nowhere. */
  takeBackFrom(index: number): void
}

const isPhone = (text: string) => /^[\d\s()+-]{7,}$/.test(text)

/** @param run another one each time, so that two sets never share a word */
export function createMarkers(run = randomBytes(2).toString('hex')): Markers {
  const all: Marker[] = []
  const phones = randomBytes(2).readUInt16BE() % 9_000
  return {
    all,
    plant(operation, place, before) {
      const number = all.length + 1
      const word = `zq${run}${String(number).padStart(4, '0')}qfictionalmark`
      const shown = typeof before === 'string' ? before : ''
      const name = place.split('/').at(-1)
      const text =
        isPhone(shown) || name === 'phone'
          ? `+1555${String((1_000 + phones) * 100 + number)
              .padStart(7, '0')
              .slice(-7)}`
          : shown.includes('@') || name === 'email'
            ? `${word}@marker.example`
            : word
      all.push({ text, operation, place })
      return text
    },
    takeBackFrom(index) {
      all.length = index
    },
  }
}

/** Everything somebody gets to see of an answer, in lower case. */
export const textOf = ({ headers, body }: Reply) =>
  `${JSON.stringify(headers)} ${JSON.stringify(body)}`.toLowerCase()
