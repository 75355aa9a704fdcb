import { plainLetters } from '../../lib/plain-letters.ts'

/** How names are taken apart to be found again. Pure: storage and search must agree on every letter. */

const longestWord = 40
const mostWords = 12

/** The words of a name: lower case, without accents and apostrophes, split at everything else. */
export function wordsOf(name: string): string[] {
  const plain = plainLetters(name).replace(/['’‘`ʼ]/g, '')
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')
  return [...new Set(words.map(word => word.slice(0, longestWord)))].slice(0, mostWords)
}

/** The three-letter pieces of a word, its two ends marked by a space. None for words of one or two letters. */
export function trigramsOf(word: string): string[] {
  if (word.length < 3) return []
  const marked = ` ${word} `
  const pieces = new Set<string>()
  for (let at = 0; at + 3 <= marked.length; at++) pieces.add(marked.slice(at, at + 3))
  return [...pieces]
}

/** How many typing errors a word may hold and still be found. */
export const errorsAllowed = (word: string) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2)

/** A word with this many errors still shares at least so many trigrams: one error spoils at most three. */
export const leastSharedTrigrams = (word: string) => Math.max(1, word.length - 3 * errorsAllowed(word))

/** The word with each two neighbors swapped: too few trigrams survive that in a short word. */
export function swapsOf(word: string): string[] {
  if (errorsAllowed(word) === 0) return []
  const swaps = new Set<string>()
  for (let at = 0; at + 1 < word.length; at++) {
    swaps.add(word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2))
  }
  swaps.delete(word)
  return [...swaps]
}

/**
 * How well a typed word fits a word of a name: 4 the same, 3 its beginning, 2 one error, 1 two errors,
 * 0 not at all.
 */
export function fitOf(typed: string, word: string): number {
  if (typed === word) return 4
  if (word.startsWith(typed)) return 3
  const most = errorsAllowed(typed)
  if (most === 0) return 0
  const errors = distance(typed, word, most)
  return errors <= most ? 3 - errors : 0
}

/**
 * How well a typed name fits a person's words, 0 to 1: every typed word must fit, and the sum of the best
 * fits is divided by the most possible. 0 when any word fits nothing.
 */
export function scoreOf(typed: readonly string[], words: readonly string[]): number {
  const fits = typed.map(word => Math.max(0, ...words.map(other => fitOf(word, other))))
  if (fits.length === 0 || fits.includes(0)) return 0
  return Math.round((100 * fits.reduce((sum, fit) => sum + fit, 0)) / (4 * fits.length)) / 100
}

/** Two names that may be one: every word of the shorter fits a word of the other, and not only by its start. */
export function isSimilar(one: readonly string[], other: readonly string[]): boolean {
  const [few, many] = one.length <= other.length ? [one, other] : [other, one]
  return (
    few.length > 0 &&
    few.every(word => many.some(candidate => distance(word, candidate, 2) <= errorsAllowed(word)))
  )
}

/** Insertions, deletions, substitutions and swaps of neighbors; `most + 1` as soon as it is more than `most`. */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let at = 1; at <= other.length; at++) {
      const same = one[row - 1] === other[at - 1]
      let cost = Math.min(
        (last[at] ?? 0) + 1,
        (current[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (same ? 0 : 1),
      )
      if (one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) {
        cost = Math.min(cost, (beforeLast[at - 2] ?? cost) + 1)
      }
      current.push(cost)
    }
    if (Math.min(...current) > most) return most + 1
    beforeLast = last
    last = current
  }
  return last[other.length] ?? most + 1
}
