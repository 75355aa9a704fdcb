import { type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ProgramTemplateVersions } from '../../lib/database/schema.ts'
import { idOf, type JourneyKey } from './journeys.repository.ts'
import { places } from './sealed-places.ts'
import { type ShippedTemplate, shippedTemplates } from './shipped/index.ts'
import type { TemplateKind, VersionStatus } from './templates.rules.ts'
import type { ProgramDocument } from './templates.schemas.ts'

/** A version with its template and its content, from the database or from what the service ships. */
export interface VersionRow
  extends Omit<Selectable<ProgramTemplateVersions>, 'practice_id' | 'created_at' | 'updated_at'> {
  template_key: string
  kind: TemplateKind
  shipped: boolean
  status: VersionStatus
  content: ProgramDocument
  /** False for what the service ships and the practice does not use yet. */
  kept: boolean
}

const versions = (trx: PracticeTransaction) =>
  trx
    .selectFrom('program_template_versions as v')
    .innerJoin('program_templates as t', join =>
      join.onRef('t.practice_id', '=', 'v.practice_id').onRef('t.id', '=', 'v.template_id'),
    )
    .innerJoin('program_template_contents as c', join =>
      join
        .onRef('c.practice_id', '=', 'v.practice_id')
        .onRef('c.template_id', '=', 'v.template_id')
        .onRef('c.number', '=', 'v.number')
        .onRef('c.revision', '=', 'v.revision'),
    )
    .select(['v.template_id', 'v.number', 'v.revision', 'v.published_at', 'v.retired_at', 'v.version'])
    .select(['t.template_key', 't.shipped', 'c.content_sealed'])
    .select(eb => [
      eb.ref('t.kind').$castTo<TemplateKind>().as('kind'),
      eb.ref('v.status').$castTo<VersionStatus>().as('status'),
    ])
    .where('v.practice_id', '=', trx.practiceId)

type SealedVersion = Omit<VersionRow, 'content' | 'kept'> & { content_sealed: Buffer }

async function openContent(
  trx: PracticeTransaction,
  { content_sealed, ...row }: SealedVersion,
): Promise<VersionRow> {
  const { template_id, number, revision } = row
  const opened = await trx.open(places.content(template_id, number, revision), content_sealed)
  return { ...row, content: JSON.parse(opened.toString()) as ProgramDocument, kept: true }
}

const openContents = (trx: PracticeTransaction, rows: readonly SealedVersion[]) =>
  Promise.all(rows.map(row => openContent(trx, row)))

/** What the practice keeps comes first: a journey is shown by the content it was begun with. */
export async function findVersion(
  trx: PracticeTransaction,
  templateId: string,
  number: number,
): Promise<VersionRow | undefined> {
  const row = await versions(trx)
    .where('v.template_id', '=', templateId)
    .where('v.number', '=', number)
    .executeTakeFirst()
  if (row) return openContent(trx, row)
  return shippedVersions(templateId).find(version => version.number === number)
}

/** All versions of a template, the newest first. */
export async function findVersions(trx: PracticeTransaction, templateId: string): Promise<VersionRow[]> {
  const rows = await versions(trx)
    .where('v.template_id', '=', templateId)
    .orderBy('v.number', 'desc')
    .execute()
  const kept = new Set(rows.map(({ number }) => number))
  const others = shippedVersions(templateId).filter(({ number }) => !kept.has(number))
  return [...(await openContents(trx, rows)), ...others].toSorted((a, b) => b.number - a.number)
}

/** The contents that these rows of a journey refer to, in one statement. */
export async function findContents(
  trx: PracticeTransaction,
  versionsUsed: readonly { template_id: string; template_number: number }[],
): Promise<VersionRow[]> {
  const ids = versionsUsed.map(used => used.template_id)
  const numbers = versionsUsed.map(used => used.template_number)
  const rows = await versions(trx)
    .where(
      sql<boolean>`(v.template_id, v.number) in (select * from unnest(${ids}::uuid[], ${numbers}::int[]))`,
    )
    .execute()
  return openContents(trx, rows)
}

/** The contents that a journey and its parts refer to, in one statement. */
export async function findContentsOf(trx: PracticeTransaction, journey: JourneyKey): Promise<VersionRow[]> {
  const id = idOf(trx, journey)
  const query = versions(trx).where(
    sql<boolean>`(v.template_id, v.number) in (
        select j.template_id, j.template_number from journeys j where j.practice_id = ${trx.practiceId} and j.id = ${id}
        union all select t.template_id, t.template_number from journey_tasks t
          where t.practice_id = ${trx.practiceId} and t.journey_id = ${id}
        union all select s.template_id, s.template_number from journey_stages s
          where s.practice_id = ${trx.practiceId} and s.journey_id = ${id})`,
  )
  const [rows] = await Promise.all([query.execute(), trx.sealer()])
  return openContents(trx, rows)
}

export interface TemplateFilter {
  kind: TemplateKind | undefined
  after: string | undefined
  limit: number
}

/** The versions of one template more than asked for, by id; those that ship come first. */
export async function listTemplates(
  trx: PracticeTransaction,
  { kind, after, limit }: TemplateFilter,
): Promise<VersionRow[][]> {
  let page = trx.selectFrom('program_templates').select('id').where('practice_id', '=', trx.practiceId)
  if (kind) page = page.where('kind', '=', kind)
  if (after) page = page.where('id', '>', after)
  const rows = await versions(trx)
    .where('v.template_id', 'in', page.orderBy('id').limit(limit + 1))
    .orderBy('v.template_id')
    .orderBy('v.number', 'desc')
    .execute()
  const kept = Map.groupBy(await openContents(trx, rows), row => row.template_id)
  const others = shippedTemplates
    .filter(({ id }) => !kept.has(id) && (after === undefined || id > after))
    .map(({ id }) => shippedVersions(id))
    .filter(([newest]) => newest && (kind === undefined || newest.kind === kind))
  return [...kept.values(), ...others]
    .toSorted(([a], [b]) => ((a?.template_id ?? '') < (b?.template_id ?? '') ? -1 : 1))
    .slice(0, limit + 1)
}

export async function insertTemplate(
  trx: PracticeTransaction,
  values: { id: string; template_key: string; kind: string; created_by: string },
): Promise<void> {
  await trx
    .insertInto('program_templates')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

interface Place {
  templateId: string
  number: number
  revision: number
}

const sealContent = (
  trx: PracticeTransaction,
  { templateId, number, revision }: Place,
  document: ProgramDocument,
) => trx.seal(places.content(templateId, number, revision), JSON.stringify(document))

/** A draft with its first content. */
export async function insertVersion(
  trx: PracticeTransaction,
  { templateId, number }: Omit<Place, 'revision'>,
  document: ProgramDocument,
  writtenBy: string,
): Promise<void> {
  await trx
    .insertInto('program_template_versions')
    .values({ practice_id: trx.practiceId, template_id: templateId, number })
    .execute()
  await insertContent(trx, { templateId, number, revision: 1 }, document, writtenBy)
}

export async function insertContent(
  trx: PracticeTransaction,
  { templateId, number, revision }: Place,
  document: ProgramDocument,
  writtenBy: string,
): Promise<void> {
  await trx
    .insertInto('program_template_contents')
    .values({
      practice_id: trx.practiceId,
      template_id: templateId,
      number,
      revision,
      content_sealed: await sealContent(trx, { templateId, number, revision }, document),
      written_by: writtenBy,
    })
    .execute()
}

/** Changes the head if it still has this version. Undefined when it has not. */
export function updateVersion(
  trx: PracticeTransaction,
  { templateId, number, version }: { templateId: string; number: number; version: number },
  changes: Updateable<ProgramTemplateVersions>,
  stamped?: 'published_at' | 'retired_at',
): Promise<{ version: number } | undefined> {
  return trx
    .updateTable('program_template_versions')
    .set({
      ...changes,
      ...(stamped ? { [stamped]: sql<Date>`now()` } : {}),
      version: version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('template_id', '=', templateId)
    .where('number', '=', number)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
}

/** Keeps a shipped version in the practice, if it is not there yet. */
export async function keepShipped(trx: PracticeTransaction, row: VersionRow): Promise<void> {
  const { template_id, number } = row
  const place = { templateId: template_id, number, revision: 1 }
  const content_sealed = await sealContent(trx, place, row.content)
  const template = trx
    .insertInto('program_templates')
    .values({
      practice_id: trx.practiceId,
      id: template_id,
      template_key: row.template_key,
      kind: row.kind,
      shipped: true,
    })
    .onConflict(conflict => conflict.columns(['practice_id', 'id']).doNothing())
  const version = trx
    .insertInto('program_template_versions')
    .values({
      practice_id: trx.practiceId,
      template_id,
      number,
      status: row.status,
      published_at: row.published_at,
    })
    .onConflict(conflict => conflict.columns(['practice_id', 'template_id', 'number']).doNothing())
  const content = trx
    .insertInto('program_template_contents')
    .values({ practice_id: trx.practiceId, template_id, number, revision: 1, content_sealed })
    .onConflict(conflict =>
      conflict.columns(['practice_id', 'template_id', 'number', 'revision']).doNothing(),
    )
  // Sent in this order, in one round trip: each row belongs to the one before.
  await Promise.all([template.execute(), version.execute(), content.execute()])
}

/** The newest first. */
function shippedVersions(templateId: string): VersionRow[] {
  const template = shippedTemplates.find(({ id }) => id === templateId)
  return template ? template.versions.map(version => toVersionRow(template, version)).toReversed() : []
}

const toVersionRow = (
  { id }: ShippedTemplate,
  { number, publishedAt, document }: ShippedTemplate['versions'][number],
): VersionRow => ({
  template_id: id,
  number,
  revision: 1,
  status: 'published',
  published_at: new Date(publishedAt),
  retired_at: null,
  version: 1,
  template_key: document.key,
  kind: document.kind,
  shipped: true,
  content: document,
  kept: false,
})
