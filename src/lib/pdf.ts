import type PDFDocument from 'pdfkit'

// Papers that the service prints: plain, letter-size, in the fonts every reader has.

export type Pdf = InstanceType<typeof PDFDocument>

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
  const { default: Document } = await import('pdfkit')
  const pdf = new Document({
    size: 'LETTER',
    margin,
    bufferPages: true,
    info: { Title: title, Creator: 'Cairn', Producer: 'Cairn', CreationDate: new Date(createdAt) },
  })
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
      .font('Helvetica')
      .fontSize(8)
      .text(`${foot} · page ${page + 1} of ${count}`, margin, pdf.page.height - margin / 2 - 8, {
        width: pdf.page.width - 2 * margin,
        align: 'center',
        lineBreak: false,
      })
  }
}

export function drawHead(pdf: Pdf, practiceName: string, title: string): void {
  pdf.font('Helvetica').fontSize(10).text(printable(practiceName))
  pdf.font('Helvetica-Bold').fontSize(18).text(printable(title))
  pdf.moveDown(0.5)
}

export function drawTitle(pdf: Pdf, text: string): void {
  pdf.moveDown(0.8).font('Helvetica-Bold').fontSize(12).text(printable(text)).moveDown(0.2)
}

/** A name and its value in one line. */
export function drawFact(pdf: Pdf, name: string, value: string): void {
  pdf
    .font('Helvetica-Bold')
    .fontSize(10)
    .text(`${printable(name)}: `, { continued: true })
  pdf.font('Helvetica').text(printable(value) || ' ')
}

/** A title with text under it; nothing where there is no text. */
export function drawParagraph(pdf: Pdf, name: string, text: string | null): void {
  if (text === null) return
  drawTitle(pdf, name)
  pdf.font('Helvetica').fontSize(10).text(printable(text))
}

/** A title with a list under it; nothing for an empty list. */
export function drawSection<T>(pdf: Pdf, name: string, list: readonly T[], draw: (one: T) => void): void {
  if (list.length === 0) return
  drawTitle(pdf, name)
  for (const one of list) draw(one)
}

export function drawItem(pdf: Pdf, key: string, text: string, more: string | null): void {
  pdf
    .font('Helvetica-Bold')
    .fontSize(10)
    .text(`${printable(key)}  `, { continued: true })
  pdf.font('Helvetica').text(printable(text) || ' ')
  if (more) pdf.fontSize(9).text(printable(more), { indent: 18 })
  pdf.moveDown(0.2)
}

export function drawSmall(pdf: Pdf, text: string): void {
  pdf.moveDown(0.5).font('Helvetica').fontSize(7).text(printable(text))
}

/** A line set in by so many steps. */
export function drawLine(pdf: Pdf, text: string, depth: number): void {
  const left = margin + depth * 14
  const width = pdf.page.width - margin - left
  pdf
    .font('Helvetica')
    .fontSize(10)
    .text(printable(text) || ' ', left, pdf.y, { width })
  pdf.x = margin
}

/** A key word as people read it. */
export function wordsOf(key: string): string {
  const spaced = key.replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** Letters of the built-in fonts (Windows-1252) beyond Latin-1. */
const alsoKnown = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'

/** What the built-in fonts have no letter for is printed as a question mark: the record itself has it. */
function printable(text: string): string {
  return [...text.normalize('NFC').replaceAll('\t', '    ')]
    .map(letter => (isKnown(letter) ? letter : '?'))
    .join('')
}

function isKnown(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  return (
    letter === '\n' ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xff) ||
    alsoKnown.includes(letter)
  )
}
