import { plainLetters } from '../../../lib/plain-letters.ts'
import { invalidField } from '../../../lib/problems.ts'
import type { WrittenText } from '../texts.ts'
import { excerptOf, finderOf, phraseOf } from '../wording.ts'

const mostTerms = 10
const mostPlaces = 5

/** Finds each of the words and phrases that were asked for. */
export type Term = (plain: string) => number

/**
 * The words of a search, and in double quotes the phrases.
 *
 * @throws Problem `invalid-request` for a search without a word, or with too many
 */
export function termsOf(words: string): Term[] {
  const pieces = [...words.matchAll(/"([^"]*)"?|[^\s"]+/g)]
  const phrases = pieces.map(([all, quoted]) => phraseOf(quoted ?? all)).filter(phrase => phrase.length > 0)
  if (phrases.length === 0 || phrases.length > mostTerms)
    throw invalidField('/words', 'words', `Needs one to ${mostTerms} words or phrases.`)
  return phrases.map(finderOf)
}

export interface Place {
  /** JSON pointer into the note; parts and addenda go by their id. */
  pointer: string
  excerpt: string
}

/** Where a note has what was asked for: none unless every term stands somewhere in it. */
export function placesIn(texts: readonly WrittenText[], terms: readonly Term[]): Place[] {
  const found = texts.map(({ pointer, text }) => {
    const plain = plainLetters(text)
    return { pointer, text, at: terms.map(term => term(plain)) }
  })
  const hasAll = terms.every((_term, which) => found.some(({ at }) => (at[which] ?? -1) >= 0))
  if (!hasAll) return []
  return found
    .flatMap(({ pointer, text, at }) => {
      const first = at.find(place => place >= 0)
      return first === undefined ? [] : [{ pointer, excerpt: excerptOf(text, first) }]
    })
    .slice(0, mostPlaces)
}
