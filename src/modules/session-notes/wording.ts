import { plainLetters } from '../../lib/plain-letters.ts'

/** Finds words in what people wrote, whatever their case and accents. Pure. */

/** A word, or words in a row. */
export type Phrase = readonly string[]

/** The words of a text in order, as they are compared. */
export const phraseOf = (text: string): Phrase =>
  plainLetters(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')

/** Where a plain text first has these words in a row, each as a whole word; -1 where it has not. */
export function finderOf(phrase: Phrase): (plain: string) => number {
  return plain => {
    const words = [...plain.matchAll(/[\p{L}\p{N}]+/gu)]
    const first = words.findIndex((_, at) => phrase.every((word, index) => words[at + index]?.[0] === word))
    return words[first]?.index ?? -1
  }
}

const around = 70

/** The text about a place of its plain form, in one line. */
export function excerptOf(text: string, plainAt: number): string {
  const at = placeOf(text, plainAt)
  const [from, to] = [Math.max(0, at - around), Math.min(text.length, at + around)]
  const cut = text.slice(from, to).replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${cut.toWellFormed()}${to < text.length ? '…' : ''}`
}

/** Where in a text the letter stands that became this one of its plain form. */
function placeOf(text: string, plainAt: number): number {
  let [at, plain] = [0, 0]
  for (const letter of text) {
    plain += plainLetters(letter).length
    if (plain > plainAt) return at
    at += letter.length
  }
  return 0
}
