import { limits } from './limits.ts'
import { Problem } from './problems.ts'

const malformed = (detail: string) => new Problem('malformed-request', { detail })
const whitespace = new Set([' ', '\t', '\n', '\r'])
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses JSON and refuses what parsers disagree about or the database would choke on: duplicate keys,
 * deep nesting, prototype keys, NUL and lone surrogates.
 *
 * @throws Problem `malformed-request`
 */
export function parseStrictJson(text: string): unknown {
  scan(text)
  try {
    return JSON.parse(text, checkStrings)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw malformed('The body is not valid JSON.')
  }
}

function checkStrings(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || key.includes('\0'))
    throw malformed('A field name holds characters that are not allowed.')
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
    throw malformed('A text holds a NUL character or a lone surrogate.')
  }
  return value
}

/** One pass over the raw text for what JSON.parse hides: depth, and keys given twice. */
function scan(text: string): void {
  const keysByDepth: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') {
      if (keysByDepth.length >= limits.http.jsonDepth) throw malformed('The body is nested too deeply.')
      keysByDepth.push(character === '{' ? new Set() : null)
    } else if (character === '}' || character === ']') {
      keysByDepth.pop()
    } else if (character === '"') {
      const end = endOfString(text, at)
      const keys = keysByDepth.at(-1)
      if (keys && isKey(text, end)) noteKey(keys, text.slice(at, end + 1))
      at = end
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  throw malformed('The body is not valid JSON.')
}

function isKey(text: string, end: number): boolean {
  let at = end + 1
  while (whitespace.has(text[at] ?? '')) at++
  return text[at] === ':'
}

function noteKey(keys: Set<string>, quoted: string): void {
  let key: string
  try {
    key = JSON.parse(quoted)
  } catch {
    throw malformed('The body is not valid JSON.')
  }
  if (forbiddenKeys.has(key)) throw malformed('A field name is not allowed.')
  if (keys.has(key)) throw malformed('A field is given twice.')
  keys.add(key)
}
