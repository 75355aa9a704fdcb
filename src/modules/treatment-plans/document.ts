import {
  drawFact,
  drawHead,
  drawItem,
  drawPaper,
  drawParagraph,
  drawSection,
  drawSmall,
  drawTitle,
  type Pdf,
  wordsOf,
} from '../../lib/pdf.ts'
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

/**
 * A plan on paper. The same plan always gives the same bytes: times come from the plan, fonts are the ones every reader
 * has. The file's own properties name nobody.
 */
export function drawPlan(plan: PrintedPlan): Promise<Uint8Array> {
  const { revision, offeredAt: createdAt } = plan.revision
  const paper = { title: 'Treatment plan', createdAt, foot: `Confidential · revision ${revision}` }
  return drawPaper(paper, pdf => {
    heading(pdf, plan)
    body(pdf, plan)
    signatures(pdf, plan)
  })
}

function heading(pdf: Pdf, { practiceName, clients, revision, status, isInForce }: PrintedPlan): void {
  drawHead(pdf, practiceName, 'Treatment plan')
  drawFact(pdf, clients.length > 1 ? 'Clients' : 'Client', clients.map(({ name }) => name).join(', '))
  drawFact(pdf, 'Starts on', revision.content.startsOn)
  drawFact(
    pdf,
    'Revision',
    `${revision.revision} (${isInForce ? wordsOf(status) : 'not signed by everybody yet'})`,
  )
  drawFact(pdf, 'Level of care', wordsOf(revision.content.levelOfCare))
  if (revision.philosophy) drawFact(pdf, 'Philosophy', wordsOf(revision.philosophy))
}

function body(pdf: Pdf, { revision: { content }, clients }: PrintedPlan): void {
  const nameOf = new Map(clients.map(({ clientId, name }) => [clientId, name]))
  const about = (clientId: string | null) =>
    clients.length > 1 && clientId ? ` (${nameOf.get(clientId) ?? 'one partner'})` : ''
  drawParagraph(pdf, 'In the client’s own words', content.clientWords)
  drawParagraph(pdf, 'Summary', content.summary)
  drawParagraph(pdf, 'Strengths', content.strengths)
  drawSection(pdf, 'Diagnoses', content.diagnoses, one => {
    const beside = one.icd11Code ? `; ICD-11 ${one.icd11Code} ${one.icd11Label ?? ''}` : ''
    const principal = one.principal ? ' (principal)' : ''
    drawItem(pdf, one.code, `${one.label}${beside}${principal}${about(one.clientId)}`, one.note)
  })
  drawSection(pdf, 'Problems', content.problems, one =>
    drawItem(pdf, one.key, `${one.title}${about(one.clientId)}`, one.description),
  )
  drawSection(pdf, 'Goals', content.goals, one =>
    drawItem(pdf, one.key, `${one.text}${about(one.clientId)}`, `From: ${wordsOf(one.author)}`),
  )
  drawSection(pdf, 'Objectives', content.objectives, one =>
    drawItem(pdf, one.key, one.text, objectiveLine(one)),
  )
  drawSection(pdf, 'Interventions', content.interventions, one =>
    drawItem(pdf, one.key, interventionLine(one), one.description),
  )
  drawSection(pdf, 'Team', content.team, one => drawItem(pdf, one.key, wordsOf(one.role), one.name))
  drawParagraph(
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
    one.phase === 'any' ? '' : wordsOf(one.phase),
  ]
    .filter(Boolean)
    .join(' · ')
}

function interventionLine(one: PlanContent['interventions'][number]): string {
  const often = one.frequency
    ? `${one.frequency.times} × per ${wordsOf(one.frequency.per).toLowerCase()}`
    : 'as needed'
  const serves = one.objectiveKeys.length > 0 ? ` (${one.objectiveKeys.join(', ')})` : ''
  return `${wordsOf(one.modality)}, ${wordsOf(one.who).toLowerCase()}, ${often}${serves}`
}

function signatures(pdf: Pdf, { revision, clients }: PrintedPlan): void {
  const nameOf = (clientId: string | null) =>
    clients.find(one => one.clientId === clientId)?.name ?? clients.map(({ name }) => name).join(' or ')
  drawTitle(pdf, 'Signatures')
  for (const one of revision.signatures) {
    const who = one.role === 'client' ? nameOf(one.clientId) : (one.credentials ?? '')
    const inName = one.representativeId ? ', signed by a representative' : ''
    drawItem(pdf, wordsOf(one.role), `${who}${inName}`, `${wordsOf(one.method)}, ${one.signedAt}`)
  }
  for (const one of revision.missingSignatures) {
    const who = one.role === 'client' ? nameOf(one.clientId) : ''
    drawItem(pdf, wordsOf(one.role), who, '____________________________   Date ______________')
  }
  drawSmall(pdf, `SHA-256 of the content: ${revision.contentHash}`)
}
