import type PDFDocument from 'pdfkit'
import type { PlanContent } from './content.schemas.ts'
import type { PlanStatus } from './plans.rules.ts'
import type { PlanRevision } from './revisions.schemas.ts'

export interface PrintedPlan {
  practiceName: string
  clients: readonly { clientId: string; name: string }[]
  status: PlanStatus
  isInForce: boolean
  revision: PlanRevision
}

type Pdf = InstanceType<typeof PDFDocument>

const margin = 56

/**
 * A plan on paper. The same plan always gives the same bytes: times come from the plan, fonts are the ones every reader
 * has. The file's own properties name nobody.
 */
export async function drawPlan(plan: PrintedPlan): Promise<Uint8Array> {
  // Loaded with the first document: a start without it is a tenth of a second shorter.
  const { default: Document } = await import('pdfkit')
  const pdf = new Document({
    size: 'LETTER',
    margin,
    bufferPages: true,
    info: {
      Title: 'Treatment plan',
      Creator: 'Cairn',
      Producer: 'Cairn',
      CreationDate: new Date(plan.revision.offeredAt),
    },
  })
  const parts: Buffer[] = []
  const finished = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part))
    pdf.on('end', () => resolve(Buffer.concat(parts)))
    pdf.on('error', reject)
  })
  heading(pdf, plan)
  body(pdf, plan)
  signatures(pdf, plan)
  footers(pdf, plan)
  pdf.end()
  return finished
}

function heading(pdf: Pdf, { practiceName, clients, revision, status, isInForce }: PrintedPlan): void {
  pdf.font('Helvetica').fontSize(10).text(printable(practiceName))
  pdf.font('Helvetica-Bold').fontSize(18).text('Treatment plan')
  pdf.moveDown(0.5)
  fact(pdf, clients.length > 1 ? 'Clients' : 'Client', clients.map(({ name }) => name).join(', '))
  fact(pdf, 'Starts on', revision.content.startsOn)
  fact(pdf, 'Revision', `${revision.revision} (${isInForce ? words(status) : 'not signed by everybody yet'})`)
  fact(pdf, 'Level of care', words(revision.content.levelOfCare))
  if (revision.philosophy) fact(pdf, 'Philosophy', words(revision.philosophy))
}

function body(pdf: Pdf, { revision: { content }, clients }: PrintedPlan): void {
  const nameOf = new Map(clients.map(({ clientId, name }) => [clientId, name]))
  const about = (clientId: string | null) =>
    clients.length > 1 && clientId ? ` (${nameOf.get(clientId) ?? 'one partner'})` : ''
  paragraph(pdf, 'In the client’s own words', content.clientWords)
  paragraph(pdf, 'Summary', content.summary)
  paragraph(pdf, 'Strengths', content.strengths)
  section(pdf, 'Diagnoses', content.diagnoses, one => {
    const beside = one.icd11Code ? `; ICD-11 ${one.icd11Code} ${one.icd11Label ?? ''}` : ''
    const principal = one.principal ? ' (principal)' : ''
    item(pdf, one.code, `${one.label}${beside}${principal}${about(one.clientId)}`, one.note)
  })
  section(pdf, 'Problems', content.problems, one =>
    item(pdf, one.key, `${one.title}${about(one.clientId)}`, one.description),
  )
  section(pdf, 'Goals', content.goals, one =>
    item(pdf, one.key, `${one.text}${about(one.clientId)}`, `From: ${words(one.author)}`),
  )
  section(pdf, 'Objectives', content.objectives, one => item(pdf, one.key, one.text, objectiveLine(one)))
  section(pdf, 'Interventions', content.interventions, one =>
    item(pdf, one.key, interventionLine(one), one.description),
  )
  section(pdf, 'Team', content.team, one => item(pdf, one.key, words(one.role), one.name))
  paragraph(
    pdf,
    'Why trauma work begins before containment and coping are in place',
    content.phaseOverrideReason,
  )
}

function objectiveLine(one: PlanContent['objectives'][number]): string {
  const way = one.baseline === null || one.target === null ? [] : [`from ${one.baseline} to ${one.target}`]
  return [
    `Goal ${one.goalKey}`,
    [...way, ...(one.measure.unit ? [one.measure.unit] : [])].join(' '),
    one.dueOn ? `by ${one.dueOn}` : '',
    one.phase === 'any' ? '' : words(one.phase),
  ]
    .filter(Boolean)
    .join(' · ')
}

function interventionLine(one: PlanContent['interventions'][number]): string {
  const often = one.frequency
    ? `${one.frequency.times} × per ${words(one.frequency.per).toLowerCase()}`
    : 'as needed'
  const serves = one.objectiveKeys.length > 0 ? ` (${one.objectiveKeys.join(', ')})` : ''
  return `${words(one.modality)}, ${words(one.who).toLowerCase()}, ${often}${serves}`
}

function signatures(pdf: Pdf, { revision, clients }: PrintedPlan): void {
  const nameOf = (clientId: string | null) =>
    clients.find(one => one.clientId === clientId)?.name ?? clients.map(({ name }) => name).join(' or ')
  title(pdf, 'Signatures')
  for (const one of revision.signatures) {
    const who = one.role === 'client' ? nameOf(one.clientId) : (one.credentials ?? '')
    const inName = one.representativeId ? ', signed by a representative' : ''
    item(pdf, words(one.role), `${who}${inName}`, `${words(one.method)}, ${one.signedAt}`)
  }
  for (const one of revision.missingSignatures) {
    const who = one.role === 'client' ? nameOf(one.clientId) : ''
    item(pdf, words(one.role), who, '____________________________   Date ______________')
  }
  pdf.moveDown(0.5).font('Helvetica').fontSize(7).text(`SHA-256 of the content: ${revision.contentHash}`)
}

function footers(pdf: Pdf, { revision }: PrintedPlan): void {
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    // Below the margin a line would begin another page.
    pdf.page.margins.bottom = 0
    pdf
      .font('Helvetica')
      .fontSize(8)
      .text(
        `Confidential · revision ${revision.revision} · page ${page + 1} of ${count}`,
        margin,
        pdf.page.height - margin / 2 - 8,
        { width: pdf.page.width - 2 * margin, align: 'center', lineBreak: false },
      )
  }
}

function title(pdf: Pdf, text: string): void {
  pdf.moveDown(0.8).font('Helvetica-Bold').fontSize(12).text(printable(text)).moveDown(0.2)
}

function fact(pdf: Pdf, name: string, value: string): void {
  pdf.font('Helvetica-Bold').fontSize(10).text(`${name}: `, { continued: true })
  pdf.font('Helvetica').text(printable(value) || ' ')
}

function paragraph(pdf: Pdf, name: string, text: string | null): void {
  if (text === null) return
  title(pdf, name)
  pdf.font('Helvetica').fontSize(10).text(printable(text))
}

function section<T>(pdf: Pdf, name: string, list: readonly T[], draw: (one: T) => void): void {
  if (list.length === 0) return
  title(pdf, name)
  for (const one of list) draw(one)
}

function item(pdf: Pdf, key: string, text: string, more: string | null): void {
  pdf.font('Helvetica-Bold').fontSize(10).text(`${key}  `, { continued: true })
  pdf.font('Helvetica').text(printable(text) || ' ')
  if (more) pdf.fontSize(9).text(printable(more), { indent: 18 })
  pdf.moveDown(0.2)
}

const words = (key: string) => {
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
