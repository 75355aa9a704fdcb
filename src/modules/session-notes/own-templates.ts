import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { given } from '../../lib/given.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { NewTemplate, NoteTemplate, TemplateChange } from './note-templates.schemas.ts'
import { places } from './sealing.ts'

// Templates of a practice, and those that clinicians make for themselves.

type Owner = 'practice' | 'personal'

interface TemplateRow {
  id: string
  owner_id: string | null
  version: number
  retired: boolean
  definition_sealed: Buffer
}

/** Most templates of the practice, and of each person: they are listed on one page. */
const most = 100

const isRetired = sql<boolean>`t.retired_at is not null`

const templates = (trx: PracticeTransaction) =>
  trx
    .selectFrom('note_templates as t')
    .innerJoin('note_template_versions as v', join =>
      join
        .onRef('v.practice_id', '=', 't.practice_id')
        .onRef('v.template_id', '=', 't.id')
        .onRef('v.number', '=', 't.version'),
    )
    .select(['t.id', 't.owner_id', 't.version', 'v.definition_sealed'])
    .select(isRetired.as('retired'))
    .where('t.practice_id', '=', trx.practiceId)

/** Nobody sees what is another's own. */
const ofOwner = (trx: PracticeTransaction, owner: Owner) =>
  owner === 'practice'
    ? sql<boolean>`t.owner_id is null`
    : sql<boolean>`t.owner_id = ${trx.scope.actor.staffId}`

/** The practice's templates and the actor's own, each as it is now, oldest first. */
export async function listTemplates(trx: PracticeTransaction): Promise<NoteTemplate[]> {
  const rows = await templates(trx)
    .where(eb => eb.or([ofOwner(trx, 'practice'), ofOwner(trx, 'personal')]))
    .orderBy('t.id')
    .execute()
  return Promise.all(rows.map(row => toTemplate(trx, row)))
}

/**
 * A template that the actor may start a note with, under its present version.
 *
 * @throws Problem `unknown-reference`
 */
export async function usableTemplate(trx: PracticeTransaction, id: string): Promise<NoteTemplate> {
  const row = await templates(trx)
    .where('t.id', '=', id)
    .where('t.retired_at', 'is', null)
    .where(eb => eb.or([ofOwner(trx, 'practice'), ofOwner(trx, 'personal')]))
    .executeTakeFirst()
  if (!row) throw unknownReference('/template')
  return toTemplate(trx, row)
}

async function toTemplate(trx: PracticeTransaction, row: TemplateRow): Promise<NoteTemplate> {
  const opened = await trx.open(places.template(row.id, row.version), row.definition_sealed)
  return {
    ...(JSON.parse(opened.toString()) as NewTemplate),
    key: row.id,
    version: row.version,
    current: true,
    scope: row.owner_id === null ? 'practice' : 'personal',
    retired: row.retired,
  }
}

/** @throws Problem `invalid-request`, `invalid-state` when there are too many */
export async function createTemplate(
  trx: PracticeTransaction,
  owner: Owner,
  definition: NewTemplate,
): Promise<NoteTemplate> {
  const template = { id: uuidv7(), owner_id: owner === 'personal' ? recorder(trx) : null }
  trx.audit({ resourceType: 'note-template', resourceId: template.id, fields: Object.keys(definition) })
  requireSound(definition)
  const counted = await templates(trx)
    .where(ofOwner(trx, owner))
    .where('t.retired_at', 'is', null)
    .select(eb => eb.fn.countAll<string>().over().as('count'))
    .limit(1)
    .executeTakeFirst()
  if (Number(counted?.count ?? 0) >= most)
    throw new Problem('invalid-state', { detail: `There are ${most} templates already. Retire one first.` })
  await trx
    .insertInto('note_templates')
    .values({ practice_id: trx.practiceId, ...template })
    .execute()
  return toTemplate(trx, await publish(trx, template, 1, definition))
}

async function publish(
  trx: PracticeTransaction,
  template: { id: string; owner_id: string | null },
  version: number,
  definition: NewTemplate,
): Promise<TemplateRow> {
  const sealed = await trx.seal(places.template(template.id, version), JSON.stringify(definition))
  await trx
    .insertInto('note_template_versions')
    .values({
      practice_id: trx.practiceId,
      template_id: template.id,
      number: version,
      definition_sealed: sealed,
      published_by: recorder(trx),
    })
    .execute()
  return { ...template, version, retired: false, definition_sealed: sealed }
}

/**
 * Publishes the next version of a template, retires it or takes it back into use. What was published stays as it was:
 * notes go on under the version they were started with.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-request`
 */
export async function changeTemplate(
  trx: PracticeTransaction,
  owner: Owner,
  id: string,
  version: number,
  { definition, retired }: TemplateChange,
): Promise<NoteTemplate> {
  trx.audit({ resourceType: 'note-template', resourceId: id })
  const row = await templates(trx).where('t.id', '=', id).where(ofOwner(trx, owner)).executeTakeFirst()
  if (!row) throw notFound()
  trx.audit({ fields: Object.keys(given({ definition, retired })) })
  if (definition) requireSound(definition)
  const next = definition ? version + 1 : version
  const changed = await trx
    .updateTable('note_templates as t')
    .set({
      version: next,
      updated_at: sql<Date>`now()`,
      // A new version of it leaves alone what another device says of its use at the same time.
      ...(retired !== undefined && { retired_at: retired ? sql<Date>`coalesce(t.retired_at, now())` : null }),
    })
    .where('t.practice_id', '=', trx.practiceId)
    .where('t.id', '=', id)
    .where('t.version', '=', version)
    .returning(isRetired.as('retired'))
    .executeTakeFirst()
  if (!changed) throw new Problem('stale-version')
  const now = definition ? await publish(trx, row, next, definition) : row
  return toTemplate(trx, { ...now, ...changed })
}

/** @throws Problem `invalid-request` */
function requireSound({ sections, parts }: NewTemplate): void {
  const keys = sections.map(({ key }) => key)
  if (new Set(keys).size < keys.length)
    throw invalidField('/sections', 'unique', 'Each section needs a key of its own.')
  if (sections.length + parts.length === 0)
    throw invalidField('/sections', 'min-items', 'A template has sections or parts.')
}
