import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type PDFDocument from 'pdfkit'

// Papers that the service prints: plain, letter-size, in a font that has the letters of people's names. Of it a file holds
// the letters it uses.

export type Pdf = InstanceType<typeof PDFDocument>

const [regular, bold] = ['DejaVuSans', 'DejaVuSans-Bold']
let fonts: Promise<Map<string, Buffer>> | undefined

/** Read with the first document, as pdfkit is. */
function loadFonts(): Promise<Map<string, Buffer>> {
  fonts ??= Promise.all(
    [regular, bold].map(async name => {
      const file = fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))
      return [name, await readFile(file)] as const
    }),
  ).then(read => new Map(read))
  return fonts
}

const margin = 56

export interface Paper {
  /** What kind of paper it is: a property of the file, so it names nobody. */
  title: string
  /** From the record, so that the same record always gives the same bytes. */
  createdAt: string
  /** What stands at the foot of each page, before its number. */
  foot: string
}

/** Draws a paper of as many pages as it takes. */
export async function drawPaper(
  { title, createdAt, foot }: Paper,
  draw: (pdf: Pdf) => void,
): Promise<Uint8Array> {
  // Loaded with the first document: a start without it is a tenth of a second shorter.
  const [{ default: Document }, files] = await Promise.all([import('pdfkit'), loadFonts()])
  const pdf = new Document({
    size: 'LETTER',
    // None of those that readers bring.
    font: '',
    margin,
    bufferPages: true,
    info: { Title: title, Creator: 'Cairn', Producer: 'Cairn', CreationDate: new Date(createdAt) },
  })
  for (const [name, file] of files) pdf.registerFont(name, file)
  pdf.font(regular)
  const parts: Buffer[] = []
  const finished = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part))
    pdf.on('end', () => resolve(Buffer.concat(parts)))
    pdf.on('error', reject)
  })
  draw(pdf)
  drawFeet(pdf, foot)
  pdf.end()
  return finished
}

function drawFeet(pdf: Pdf, foot: string): void {
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    // Below the margin a line would begin another page.
    pdf.page.margins.bottom = 0
    pdf
      .font(regular)
      .fontSize(8)
      .text(`${foot} · page ${page + 1} of ${count}`, margin, pdf.page.height - margin / 2 - 8, {
        width: pdf.page.width - 2 * margin,
        align: 'center',
        lineBreak: false,
      })
  }
}

export function drawHead(pdf: Pdf, practiceName: string, title: string): void {
  pdf.font(regular).fontSize(10).text(printable(pdf, practiceName))
  pdf.font(bold).fontSize(18).text(printable(pdf, title))
  pdf.moveDown(0.5)
}

export function drawTitle(pdf: Pdf, text: string): void {
  pdf.moveDown(0.8).font(bold).fontSize(12).text(printable(pdf, text)).moveDown(0.2)
}

/** A name and its value in one line. */
export function drawFact(pdf: Pdf, name: string, value: string): void {
  pdf
    .font(bold)
    .fontSize(10)
    .text(`${printable(pdf, name)}: `, { continued: true })
  pdf.font(regular).text(printable(pdf, value) || ' ')
}

/** A title with text under it; nothing where there is no text. */
export function drawParagraph(pdf: Pdf, name: string, text: string | null): void {
  if (text === null) return
  drawTitle(pdf, name)
  pdf.font(regular).fontSize(10).text(printable(pdf, text))
}

/** A paragraph of its own. */
export function drawText(pdf: Pdf, text: string): void {
  pdf.font(regular).fontSize(10).text(printable(pdf, text)).moveDown(0.8)
}

/** A title with a list under it; nothing for an empty list. */
export function drawSection<T>(pdf: Pdf, name: string, list: readonly T[], draw: (one: T) => void): void {
  if (list.length === 0) return
  drawTitle(pdf, name)
  for (const one of list) draw(one)
}

export function drawItem(pdf: Pdf, key: string, text: string, more: string | null): void {
  pdf
    .font(bold)
    .fontSize(10)
    .text(`${printable(pdf, key)}  `, { continued: true })
  pdf.font(regular).text(printable(pdf, text) || ' ')
  if (more) pdf.fontSize(9).text(printable(pdf, more), { indent: 18 })
  pdf.moveDown(0.2)
}

export function drawSmall(pdf: Pdf, text: string): void {
  pdf.moveDown(0.5).font(regular).fontSize(7).text(printable(pdf, text))
}

/** A line set in by so many steps. */
export function drawLine(pdf: Pdf, text: string, depth: number): void {
  const left = margin + depth * 14
  const width = pdf.page.width - margin - left
  pdf
    .font(regular)
    .fontSize(10)
    .text(printable(pdf, text) || ' ', left, pdf.y, { width })
  pdf.x = margin
}

/** A key word as people read it. */
export function wordsOf(key: string): string {
  const spaced = key.replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** What the font has no letter for is printed as its sign for that: the record itself has it. */
function printable(pdf: Pdf, text: string): string {
  return [...text.normalize('NFC').replaceAll('\t', '    ')]
    .map(letter => (letter === '\n' || hasLetter(pdf, letter) ? letter : '\ufffd'))
    .join('')
}

interface Font {
  hasGlyphForCodePoint(codePoint: number): boolean
}

/** Which letters each font has, as far as they were asked for: looking one up takes a while. */
const knownLetters = new WeakMap<Font, Map<string, boolean>>()

/** pdfkit keeps the font to itself, and prints an empty box for what it does not have, which no reader can copy. */
function hasLetter(pdf: Pdf & { _font?: { font?: Font } }, letter: string): boolean {
  const font = pdf._font?.font
  if (!font) throw new Error('This pdfkit does not say which letters its font has')
  const letters = knownLetters.get(font) ?? new Map<string, boolean>()
  knownLetters.set(font, letters)
  const has = letters.get(letter) ?? font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)
  letters.set(letter, has)
  return has
}
