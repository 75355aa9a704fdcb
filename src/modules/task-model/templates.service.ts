import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { isShippedKey } from './shipped/index.ts'
import * as repository from './templates.repository.ts'
import { checkDocument, requireVersionStep } from './templates.rules.ts'
import type {
  ProgramDocument,
  ProgramTemplate,
  ProgramTemplateVersion,
  TemplateQuery,
} from './templates.schemas.ts'

/** By id, those that ship first. @throws Problem `invalid-cursor` */
export async function listTemplates(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, kind }: TemplateQuery,
): Promise<Page<ProgramTemplate>> {
  trx.audit({ resourceType: 'program-template' })
  const after = trx.cursorKey({ kind }, cursor)?.[0] as string | undefined
  const templates = await repository.listTemplates(trx, { kind, after, limit })
  return toPage(templates, limit, toTemplate, ([newest]) =>
    trx.cursorAfter({ kind }, [newest?.template_id ?? '']),
  )
}

/** @throws Problem `not-found` */
export async function getTemplate(trx: PracticeTransaction, id: string): Promise<ProgramTemplate> {
  trx.audit({ resourceType: 'program-template', resourceId: id })
  const versions = await repository.findVersions(trx, id)
  if (versions.length === 0) throw notFound()
  return toTemplate(versions)
}

/** @throws Problem `not-found` */
export async function getVersion(
  trx: PracticeTransaction,
  templateId: string,
  number: number,
): Promise<ProgramTemplateVersion> {
  trx.audit({ resourceType: 'program-template', resourceId: templateId })
  return toVersion(await requireVersion(trx, templateId, number))
}

/** @throws Problem `not-found` */
export async function requireVersion(
  trx: PracticeTransaction,
  templateId: string,
  number: number,
): Promise<repository.VersionRow> {
  const row = await repository.findVersion(trx, templateId, number)
  if (!row) throw notFound()
  return row
}

/**
 * Brings a template in as the draft of its first version.
 *
 * @throws Problem `already-exists` for a key that is taken, `invalid-request`
 */
export async function importTemplate(
  trx: PracticeTransaction,
  document: ProgramDocument,
): Promise<ProgramTemplateVersion> {
  checkDocument(document)
  if (isShippedKey(document.key)) {
    throw new Problem('already-exists', { detail: 'A template that comes with the service has this key.' })
  }
  const id = uuidv7()
  const { key, kind } = document
  trx.audit({ resourceType: 'program-template', resourceId: id, fields: Object.keys(document) })
  await repository.insertTemplate(trx, { id, template_key: key, kind, created_by: recorder(trx) })
  await repository.insertVersion(trx, { templateId: id, number: 1 }, document, recorder(trx))
  emit(trx, { type: 'program-template.created', resourceId: id, resourceVersion: 1 })
  return toVersion(await requireVersion(trx, id, 1))
}

/**
 * Adds the next version as a draft.
 *
 * @throws Problem `not-found`, `already-exists` while another draft is open, `invalid-state` for a template that
 *   ships, `invalid-request`
 */
export async function addVersion(
  trx: PracticeTransaction,
  templateId: string,
  document: ProgramDocument,
): Promise<ProgramTemplateVersion> {
  trx.audit({ resourceType: 'program-template', resourceId: templateId, fields: Object.keys(document) })
  const [newest] = await repository.findVersions(trx, templateId)
  if (!newest) throw notFound()
  if (newest.shipped) throw readOnly()
  checkSameTemplate(newest, document)
  checkDocument(document)
  const number = newest.number + 1
  await repository.insertVersion(trx, { templateId, number }, document, recorder(trx))
  emit(trx, { type: 'program-template.updated', resourceId: templateId, resourceVersion: 1 })
  return toVersion(await requireVersion(trx, templateId, number))
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` once it is published, `invalid-request` */
export async function rewriteDraft(
  trx: PracticeTransaction,
  place: VersionPlace,
  document: ProgramDocument,
): Promise<ProgramTemplateVersion> {
  const row = await openVersion(trx, place, 'write')
  trx.audit({ fields: Object.keys(document) })
  checkSameTemplate(row, document)
  checkDocument(document)
  const revision = row.revision + 1
  await change(trx, place, { revision })
  await repository.insertContent(trx, { ...place, revision }, document, recorder(trx))
  return announce(trx, place, 'program-template.updated')
}

/** From here on its content never changes. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function publish(
  trx: PracticeTransaction,
  place: VersionPlace,
): Promise<ProgramTemplateVersion> {
  await openVersion(trx, place, 'publish')
  trx.audit({ fields: ['status'] })
  await change(trx, place, { status: 'published' }, 'published_at')
  return announce(trx, place, 'program-template.published')
}

/** Takes nobody in any more. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function retire(trx: PracticeTransaction, place: VersionPlace): Promise<ProgramTemplateVersion> {
  await openVersion(trx, place, 'retire')
  trx.audit({ fields: ['status'] })
  await change(trx, place, { status: 'retired' }, 'retired_at')
  return announce(trx, place, 'program-template.retired')
}

export interface VersionPlace {
  templateId: string
  number: number
  /** As the caller read it. */
  version: number
}

async function openVersion(
  trx: PracticeTransaction,
  { templateId, number, version }: VersionPlace,
  step: 'write' | 'publish' | 'retire',
): Promise<repository.VersionRow> {
  trx.audit({ resourceType: 'program-template', resourceId: templateId })
  const row = atVersion(await repository.findVersion(trx, templateId, number), version)
  if (row.shipped) throw readOnly()
  requireVersionStep(row.status, step)
  return row
}

async function change(
  trx: PracticeTransaction,
  place: VersionPlace,
  changes: Parameters<typeof repository.updateVersion>[2],
  stamped?: 'published_at' | 'retired_at',
): Promise<void> {
  const changed = await repository.updateVersion(trx, place, changes, stamped)
  if (!changed) throw new Problem('stale-version')
}

async function announce(
  trx: PracticeTransaction,
  { templateId, number }: VersionPlace,
  type: 'program-template.updated' | 'program-template.published' | 'program-template.retired',
): Promise<ProgramTemplateVersion> {
  const row = await requireVersion(trx, templateId, number)
  emit(trx, { type, resourceId: templateId, resourceVersion: row.version })
  return toVersion(row)
}

const readOnly = () =>
  new Problem('invalid-state', {
    detail: 'This template comes with the service. Import a copy of it under a key of your own.',
  })

function checkSameTemplate(row: repository.VersionRow, { key, kind }: ProgramDocument): void {
  if (key !== row.template_key) throw invalidField('/key', 'fixed', 'Must be the key of the template.')
  if (kind !== row.kind) throw invalidField('/kind', 'fixed', 'Must be the kind of the template.')
}

const headOf = (row: repository.VersionRow) => ({
  number: row.number,
  status: row.status,
  publishedAt: row.published_at?.toISOString() ?? null,
  retiredAt: row.retired_at?.toISOString() ?? null,
})

/** @param versions the newest first */
function toTemplate(versions: readonly repository.VersionRow[]): ProgramTemplate {
  const [newest] = versions
  if (!newest) throw notFound()
  const { title, audience } = newest.content
  return {
    id: newest.template_id,
    key: newest.template_key,
    title,
    kind: newest.kind,
    audience,
    shipped: newest.shipped,
    versions: versions.map(headOf),
  }
}

const toVersion = (row: repository.VersionRow): ProgramTemplateVersion => ({
  templateId: row.template_id,
  shipped: row.shipped,
  ...headOf(row),
  document: row.content,
  version: row.version,
})
