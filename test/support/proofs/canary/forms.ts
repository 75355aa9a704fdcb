/** A text that is looked for in every form in which it could have been written down. */
export interface Needle {
  name: string
  text: string
  /** Digits and dates have no upper case. */
  cased: boolean
}

export interface Form {
  needle: string
  form: string
  bytes: Buffer
}

export interface Hit {
  needle: string
  form: string
  /** The readable bytes around it. */
  around: string
  /** The three letters after a plain needle: which field it was planted in. */
  field: string
}

/** A run's own letters: what is looked for is nowhere else. */
export function lettersOf(seed: number, count: number): string {
  let rest = seed
  return Array.from({ length: count }, () => {
    // A linear congruence (Numerical Recipes) is random enough to be unlike any word.
    rest = (Math.imul(rest, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(97 + ((rest >>> 16) % 26))
  }).join('')
}

/** A number as three letters, which follow a marker. */
export const fieldLetters = (index: number) =>
  String.fromCharCode(97 + Math.floor(index / 676), 97 + (Math.floor(index / 26) % 26), 97 + (index % 26))

/** Every form of a needle: encodings, each in every case it could have been changed to. */
export function formsOf({ name, text, cased }: Needle): Form[] {
  const cases = cased ? [text, text.toUpperCase(), text[0]?.toUpperCase() + text.slice(1)] : [text]
  const forms = cases.flatMap(spelled => [
    ['utf-8', Buffer.from(spelled)] as const,
    ['utf-16le', Buffer.from(spelled, 'utf16le')] as const,
    ['utf-16be', Buffer.from(spelled, 'utf16le').swap16()] as const,
    ['hex', Buffer.from(Buffer.from(spelled).toString('hex'))] as const,
    ['upper hex', Buffer.from(Buffer.from(spelled).toString('hex').toUpperCase())] as const,
    ['url', Buffer.from(percent(spelled))] as const,
    ['lower url', Buffer.from(percent(spelled).toLowerCase())] as const,
    ['json', Buffer.from([...spelled].map(letter => `\\u${hexOf(letter, 4)}`).join(''))] as const,
    ...[0, 1, 2].flatMap(offset => [
      [`base64 +${offset}`, Buffer.from(within64(spelled, offset, 'base64'))] as const,
      [`base64url +${offset}`, Buffer.from(within64(spelled, offset, 'base64url'))] as const,
    ]),
  ])
  const seen = new Set<string>()
  return forms.flatMap(([form, bytes]) => {
    const key = bytes.toString('latin1')
    if (seen.has(key)) return []
    seen.add(key)
    return [{ needle: name, form, bytes }]
  })
}

const percent = (text: string) => [...text].map(letter => `%${hexOf(letter, 2).toUpperCase()}`).join('')
const hexOf = (letter: string, digits: number) => letter.charCodeAt(0).toString(16).padStart(digits, '0')

/** The letters that base64 makes of a text wherever it begins so many bytes into a group of three. */
function within64(text: string, offset: number, encoding: 'base64' | 'base64url'): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
  return bytes.toString(encoding).slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
}

/** Every place in these bytes where one of the forms stands. */
export function hitsIn(bytes: Buffer, forms: readonly Form[], most = 1_000): Hit[] {
  const hits: Hit[] = []
  for (const { needle, form, bytes: wanted } of forms) {
    for (let at = bytes.indexOf(wanted); at >= 0 && hits.length < most; at = bytes.indexOf(wanted, at + 1)) {
      const end = at + wanted.length
      const around = bytes.toString('latin1', Math.max(0, at - 60), end + 30).replace(/[^\x20-\x7e]+/g, '·')
      hits.push({ needle, form, around, field: bytes.toString('latin1', end, end + 3).toLowerCase() })
    }
  }
  return hits
}

export const tell = ({ needle, form, around }: Hit) => `${needle} as ${form}: ${around}`
