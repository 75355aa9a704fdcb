import { inflateSync } from 'node:zlib'

/** An object of the file: what it says of itself, and its stream unpacked. */
interface PdfObject {
  dictionary: string
  stream: string
}

/** What stands on the pages. Their fonts are embedded, so what is drawn are numbers, which each font says the letters of. */
export function textOf(pdf: Buffer): string {
  const objects = objectsOf(pdf.toString('latin1'))
  const letters = lettersByFont(objects)
  return [...objects.values()]
    .filter(({ stream }) => /\bTf\b/.test(stream))
    .map(({ stream }) => drawnBy(stream, letters))
    .join('\n')
}

function objectsOf(raw: string): Map<string, PdfObject> {
  const found = raw.matchAll(/^(\d+) 0 obj\n([\s\S]*?)(?:\nstream\n([\s\S]*?)\nendstream)?\nendobj/gm)
  return new Map(
    [...found].map(([, number = '', dictionary = '', body]) => [
      number,
      { dictionary, stream: body === undefined ? '' : unpacked(body) },
    ]),
  )
}

function unpacked(body: string): string {
  try {
    return inflateSync(Buffer.from(body, 'latin1')).toString('latin1')
  } catch {
    return ''
  }
}

/** By the name that pages call a font: the letters of each of its numbers. */
function lettersByFont(objects: ReadonlyMap<string, PdfObject>): Map<string, string[]> {
  const resources = [...objects.values()].map(({ dictionary }) => dictionary).join('\n')
  const fonts = resources.matchAll(/\/(F\d+) (\d+) 0 R/g)
  return new Map(
    [...fonts].map(([, name = '', number = '']) => {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(number)?.dictionary ?? '')?.[1]
      return [name, lettersIn(objects.get(map ?? '')?.stream ?? '')]
    }),
  )
}

/** `<0000> <0002> [<0041> <0066 0069> …]`: one number may stand for several letters. */
function lettersIn(cmap: string): string[] {
  const letters: string[] = []
  for (const [, first = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[(.*?)\]/g))
    for (const [at, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries())
      letters[Number.parseInt(first, 16) + at] = unitsOf(hex).join('')
  return letters
}

const unitsOf = (hex: string) =>
  (hex.match(/[0-9a-f]{4}/g) ?? []).map(unit => String.fromCharCode(Number.parseInt(unit, 16)))

function drawnBy(stream: string, fonts: ReadonlyMap<string, string[]>): string {
  let letters: readonly string[] = []
  return stream.replace(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g, (_match, font?: string, drawn?: string) => {
    if (font !== undefined) {
      letters = fonts.get(font) ?? []
      return ''
    }
    const numbers = [...(drawn ?? '').matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex = '']) =>
      unitsOf(hex).map(unit => unit.charCodeAt(0)),
    )
    return numbers.map(number => letters[number] ?? '').join('')
  })
}
