import type { Selectable } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { IntensiveTemplates } from '../../../lib/database/schema.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { clockOf, minuteOf } from '../../practice/index.ts'
import { assertNoneTwice, wrongWithCast } from './intensives.rules.ts'
import { type ShippedTemplate, shippedTemplates } from './shipped-templates.ts'
import type {
  IntensiveTemplate,
  IntensiveTemplateChange,
  NewIntensiveTemplate,
  TemplateBlock,
  TemplateQuery,
} from './templates.schemas.ts'

type TemplateRow = Selectable<IntensiveTemplates>

/** Shipped ones first. @throws Problem `invalid-cursor` */
export async function listTemplates(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: TemplateQuery,
): Promise<Page<IntensiveTemplate>> {
  trx.audit({ resourceType: 'intensive-template' })
  const after = String(trx.cursorKey({}, cursor)?.[0] ?? '')
  let query = trx.selectFrom('intensive_templates').selectAll().where('practice_id', '=', trx.practiceId)
  if (after) query = query.where('id', '>', after)
  const own = await query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  // Their ids come before every other.
  const shipped = shippedTemplates.filter(({ id }) => id > after).map(toShipped)
  const found = [...shipped, ...own.map(toTemplate)].slice(0, limit + 1)
  return toPage(
    found,
    limit,
    template => template,
    template => trx.cursorAfter({}, [template.id]),
  )
}

/** @throws Problem `not-found` */
export async function getTemplate(trx: PracticeTransaction, id: string): Promise<IntensiveTemplate> {
  trx.audit({ resourceType: 'intensive-template', resourceId: id })
  const template = await findTemplate(trx, id)
  if (!template) throw notFound()
  return template
}

/** One of the practice's own, or of those that came with the service. */
export async function findTemplate(
  trx: PracticeTransaction,
  id: string,
): Promise<IntensiveTemplate | undefined> {
  const row = await findRow(trx, id)
  if (row) return toTemplate(row)
  const shipped = shippedTemplates.find(template => template.id === id.toLowerCase())
  return shipped && toShipped(shipped)
}

/** @throws Problem `invalid-request` */
export async function createTemplate(
  trx: PracticeTransaction,
  input: NewIntensiveTemplate,
): Promise<IntensiveTemplate> {
  const id = uuidv7()
  trx.audit({ resourceType: 'intensive-template', resourceId: id, fields: Object.keys(input) })
  assertFits(input)
  const { blocks, ...rest } = input
  const row = await trx
    .insertInto('intensive_templates')
    .values({ ...rest, practice_id: trx.practiceId, id, blocks: stored(blocks) })
    .returningAll()
    .executeTakeFirstOrThrow()
  emit(trx, { type: 'intensive-template.created', resourceId: id, resourceVersion: row.version })
  return toTemplate(row)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` for a shipped one, `invalid-request` */
export async function changeTemplate(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { blocks, ...change }: IntensiveTemplateChange,
): Promise<IntensiveTemplate> {
  trx.audit({ resourceType: 'intensive-template', resourceId: id, fields: Object.keys(change) })
  if (blocks) trx.audit({ fields: ['blocks'] })
  if (shippedTemplates.some(template => template.id === id.toLowerCase()))
    throw new Problem('invalid-state', { detail: 'It came with the service: make one of your own.' })
  const before = atVersion(await findRow(trx, id), version)
  assertFits({ ...toTemplate(before), ...given(change), ...(blocks && { blocks }) })
  const row = await changeAtVersion(trx, 'intensive_templates', before, {
    ...given(change),
    ...(blocks && { blocks: stored(blocks) }),
  })
  emit(trx, { type: 'intensive-template.updated', resourceId: id, resourceVersion: row.version })
  return toTemplate(row)
}

function findRow(trx: PracticeTransaction, id: string): Promise<TemplateRow | undefined> {
  return trx
    .selectFrom('intensive_templates')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** What may be fitted: on its days, with the people whom its kind asks for, and nobody in two blocks at a time. */
function assertFits({
  audience,
  days,
  blocks,
}: Pick<NewIntensiveTemplate, 'audience' | 'days' | 'blocks'>): void {
  const people = audience === 'couple' ? (['a', 'b'] as const) : (['a'] as const)
  for (const [index, block] of blocks.entries()) {
    const pointer = `/blocks/${index}`
    if (block.day > days) throw invalidField(`${pointer}/day`, 'range', 'There are not so many days.')
    if (minuteOf(block.startsAt) + block.durationMinutes > 1_440)
      throw invalidField(`${pointer}/durationMinutes`, 'range', 'Must end on its day.')
    const wrong = wrongWithCast({ ...block, clinicians: block.clinicians.length }, people)
    if (!wrong) continue
    const field = wrong.field === 'clinicianIds' ? 'clinicians' : wrong.field
    throw invalidField(`${pointer}/${field}`, wrong.code, wrong.detail)
  }
  assertNoneTwice(blocks.map(takingOf), index => `/blocks/${index}`)
}

const minuteMs = 60_000

/** As if the days were some of the calendar. */
function takingOf({ day, startsAt, durationMinutes, participants, clinicians }: TemplateBlock) {
  const start = (day * 1_440 + minuteOf(startsAt)) * minuteMs
  return {
    startsAt: new Date(start),
    endsAt: new Date(start + durationMinutes * minuteMs),
    resourceIds: [...participants, ...clinicians.map(String)],
  }
}

type StoredBlock = Omit<TemplateBlock, 'startsAt' | 'durationMinutes'> & {
  startsMinute: number
  minutes: number
}

const stored = (blocks: readonly TemplateBlock[]): string =>
  JSON.stringify(
    blocks.map(
      ({ startsAt, durationMinutes, ...rest }): StoredBlock => ({
        ...rest,
        startsMinute: minuteOf(startsAt),
        minutes: durationMinutes,
      }),
    ),
  )

const toTemplate = (row: TemplateRow): IntensiveTemplate => ({
  id: row.id,
  name: row.name,
  audience: row.audience as IntensiveTemplate['audience'],
  days: row.days,
  blocks: (row.blocks as StoredBlock[]).map(({ startsMinute, minutes, ...rest }) => ({
    ...rest,
    startsAt: clockOf(startsMinute),
    durationMinutes: minutes,
  })),
  isShipped: false,
  status: row.status as IntensiveTemplate['status'],
  version: row.version,
})

const toShipped = (template: ShippedTemplate): IntensiveTemplate => ({
  ...template,
  isShipped: true,
  status: 'active',
  version: 1,
})
