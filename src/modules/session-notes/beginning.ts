import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField } from '../../lib/problems.ts'
import type { OpenChart } from '../charts/index.ts'
import { carryInto } from './carry-forward.ts'
import type { NewSessionNote } from './drafts.schemas.ts'
import type { NoteHeader } from './header.schemas.ts'
import { type DraftContent, headingsOf } from './note-document.ts'
import type { NoteTemplate } from './note-templates.schemas.ts'
import { currentTemplate, templateKeys } from './note-templates.ts'
import { usableTemplate } from './own-templates.ts'
import { currentPart } from './parts/index.ts'
import { newPart, requireOwnIds } from './parts/parts.rules.ts'
import type { NotePart } from './parts/parts.schemas.ts'
import { mergeSections, requireKnownSections, requireMembers } from './session-notes.rules.ts'
import { requireTies } from './ties.ts'

/** What a note begins as, and the template it is written under. */
export interface Beginning {
  template: { key: string; version: number }
  document: DraftContent
}

type Template = Pick<NoteTemplate, 'key' | 'version' | 'sections' | 'parts'>

/**
 * What was given comes first, then what is known, then what the template says, then what is carried over.
 *
 * @param known of the session, from what the note documents
 * @throws Problem `invalid-request`, `unknown-reference`
 */
export async function beginningOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  input: NewSessionNote,
  known: NoteHeader = {},
): Promise<Beginning> {
  const template = await templateFor(trx, input.template)
  const { header = {}, sections = {}, parts = [] } = input
  requireFit(template, chart)
  const headings = headingsOf(template)
  requireKnownSections(headings, sections)
  requireMembers(chart, header)
  await requireTies(trx, chart, header)
  requireOwnIds(parts)
  const given: DraftContent = {
    format: 2,
    headings,
    header: { ...known, ...header },
    sections: mergeSections({}, sections),
    parts: parts.map(part => newPart(part, chart.kind)),
    carried: Object.keys(known).flatMap(name => (name in header ? [] : `/header/${name}`)),
  }
  const draft = fromTemplate(given, template, chart)
  if (!input.carryForward) return { template, document: draft }
  const carriedSections = template.sections.flatMap(({ key, carries }) => (carries ? [key] : []))
  const document = await carryInto(trx, chart, { templateKey: template.key, carriedSections, draft })
  return { template, document }
}

async function templateFor(trx: PracticeTransaction, key: string): Promise<Template> {
  const ofHouse = templateKeys.find(known => known === key)
  if (!ofHouse) return usableTemplate(trx, key)
  const { version, sections, partKinds } = currentTemplate(ofHouse)
  return { key, version, sections: [...sections], parts: partKinds.map(kind => ({ kind, content: {} })) }
}

/** @throws Problem `invalid-request` for a template of parts of which none belongs in this chart */
function requireFit({ parts }: Template, { kind }: OpenChart): void {
  if (parts.length === 0 || parts.some(part => currentPart(part.kind)?.charts.includes(kind))) return
  throw invalidField('/template', 'chart', 'What this template is for does not belong in this chart.')
}

/** Texts under headings that have none yet, and parts of kinds that are not there yet. */
function fromTemplate(given: DraftContent, { sections, parts }: Template, chart: OpenChart): DraftContent {
  const texts = sections.filter(({ key, text }) => text && given.sections[key] === undefined)
  const added = parts
    .filter(({ kind }) => currentPart(kind)?.charts.includes(chart.kind))
    .filter(({ kind }) => !given.parts.some(part => part.kind === kind))
    .map(part => newPart({ id: uuidv7(), ...part }, chart.kind))
  return {
    ...given,
    sections: { ...given.sections, ...Object.fromEntries(texts.map(({ key, text }) => [key, text ?? ''])) },
    parts: [...given.parts, ...added],
    carried: [
      ...given.carried,
      ...texts.map(({ key }) => `/sections/${key}`),
      ...added.flatMap(pointersInto),
    ],
  }
}

const pointersInto = ({ id, content }: NotePart) =>
  Object.keys(content).map(name => `/parts/${id}/content/${name}`)
