/** A regular expression as it stands in a source text. */
export interface Literal {
  source: string
  flags: string
}

/** After one of these a slash begins a pattern; after anything else it divides. */
const beforePattern =
  /(?:^|[=([{,;:!&|?+\-*%<>~^}]|\b(?:return|typeof|case|in|of|do|else|await|yield|throw)) ?$/

/**
 * The regular expressions of a script without types. Texts, templates and comments are stepped over; what
 * stands inside `${}` is read as code.
 *
 * @throws Error where a text, a template or a pattern has no end: then this reader has lost its way
 */
export function literalsIn(script: string): Literal[] {
  const found: Literal[] = []
  /** The end of the code read so far, by which a slash is told from a slash. */
  let before = ''
  /** Of each `${` that is open, how many braces are open in it. */
  const braces: number[] = []
  let at = 0

  const template = (from: number) => {
    at = endOf(script, from, /`|\$\{/y)
    const goesOn = script[at - 1] === '{'
    if (goesOn) braces.push(0)
    before = goesOn ? '(' : '0'
  }

  while (at < script.length) {
    const character = script[at] ?? ''
    const two = script.slice(at, at + 2)
    if (two === '//') at = endOf(script, at, /\n|$/y)
    else if (two === '/*') at = endOf(script, at + 2, /\*\//y)
    else if (character === "'" || character === '"') {
      at = endOf(script, at + 1, character === "'" ? /'/y : /"/y)
      before = '0'
    } else if (character === '`') template(at + 1)
    else if (character === '}' && braces.at(-1) === 0) {
      braces.pop()
      template(at + 1)
    } else if (character === '/' && beforePattern.test(before)) {
      const end = endOfPattern(script, at + 1)
      const flags = /[a-z]*/y
      flags.lastIndex = end
      found.push({ source: script.slice(at + 1, end - 1), flags: flags.exec(script)?.[0] ?? '' })
      at = flags.lastIndex
      before = '0'
    } else {
      const depth = braces.at(-1)
      if (depth !== undefined)
        braces[braces.length - 1] = depth + Number(character === '{') - Number(character === '}')
      before = /\s/.test(character) ? before.replace(/\w$/, '$& ') : `${before}${character}`.slice(-12)
      at += 1
    }
  }
  return found
}

/** Behind what ends it; a backslash hides the character after it. */
function endOf(script: string, from: number, end: RegExp): number {
  for (let at = from; at <= script.length; at += 1) {
    end.lastIndex = at
    if (end.test(script)) return end.lastIndex
    if (script[at] === '\\') at += 1
  }
  throw new Error(`Something begins and does not end: ${script.slice(from, from + 40)}`)
}

/** In a class a slash ends nothing. */
function endOfPattern(script: string, from: number): number {
  let inClass = false
  for (let at = from; at < script.length && script[at] !== '\n'; at += 1) {
    const character = script[at]
    if (character === '\\') at += 1
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return at + 1
  }
  throw new Error(`A pattern begins and does not end: ${script.slice(from, from + 40)}`)
}
