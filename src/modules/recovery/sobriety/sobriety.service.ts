import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { dayAfter, definitionInForce } from '../days.rules.ts'
import { notTooEarly } from '../days.ts'
import { withCanonicalIds } from '../documents/ids.ts'
import { openRecovery } from '../recovery-door.ts'
import { sealedDefinitionNote, sealedItem } from '../sealed-places.ts'
import * as repository from './sobriety.repository.ts'
import type {
  DefinitionQuery,
  GivenItem,
  NewSobrietyDefinition,
  SobrietyDefinition,
} from './sobriety.schemas.ts'

/**
 * What moved and what ended can be said of a definition only beside those before it, so all of a chart are read: it has
 * a few.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listDefinitions(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, ...query }: DefinitionQuery,
): Promise<Page<SobrietyDefinition>> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'sobriety-definition' })
  const filter = { chartId, ...query }
  const last = trx.cursorKey(filter, cursor)?.[0]
  const all = await definitionsOf(trx, chart, query)
  const rest = all.slice(all.findIndex(({ id }) => id === last) + 1)
  return toPage(
    rest.slice(0, limit + 1),
    limit,
    definition => definition,
    definition => trx.cursorAfter(filter, [definition.id]),
  )
}

/** The definitions of an open chart as they are shown, the highest number first. */
export async function definitionsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { addictionId, inForceOn }: Pick<DefinitionQuery, 'addictionId' | 'inForceOn'>,
): Promise<SobrietyDefinition[]> {
  const [rows, texts, today, sealer] = await Promise.all([
    repository.definitionsOf(trx, chart, addictionId),
    textsOf(trx, chart),
    clientToday(trx, chart),
    trx.sealer(),
  ])
  const day = inForceOn ?? today
  const shown = await Promise.all(rows.map(row => show(sealer, rows, texts, row, day)))
  return shown.filter(({ inForce }) => inForce || !inForceOn).toReversed()
}

/**
 * Writes the next definition. It takes the place of the one before on its day; days before that stay as they were
 * counted.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` in a closed chart, `conflict` when
 *   another was written meanwhile
 */
export async function addDefinition(
  trx: PracticeTransaction,
  chartId: string,
  { addictionId, items: given, afterNumber, ...input }: NewSobrietyDefinition,
): Promise<SobrietyDefinition> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [today, before, sealer] = await Promise.all([
    clientToday(trx, chart),
    repository.definitionsOf(trx, chart, addictionId),
    trx.sealer(),
    requireAddictions(trx, chart, '/addictionId', [addictionId]),
  ])
  const { effectiveFrom = today } = input
  if (before.length !== afterNumber) {
    throw new Problem('conflict', {
      detail: 'Another definition was written meanwhile. Read it and decide anew.',
    })
  }
  checkBeginning(effectiveFrom, before.at(-1)?.effective_from, today)
  const known = new Set(before.flatMap(definition => definition.items.map(({ itemId }) => itemId)))
  const items = given.map(item => withCanonicalIds(item))
  checkItems(items, known)
  const id = uuidv7()
  trx.audit({ resourceType: 'sobriety-definition', resourceId: id, fields: ['items', ...Object.keys(input)] })
  const note = input.note ?? null
  const { placed, added } = placeItems(sealer, addictionId, items)
  const definition = {
    id,
    chart_id: chart.id,
    addiction_id: addictionId,
    number: afterNumber + 1,
    effective_from: effectiveFrom,
    fellowship_basis: input.fellowshipBasis ?? 'custom',
    witnessed_by: input.witnessedBy ?? 'nobody',
    note_sealed: note === null ? null : sealer.seal(sealedDefinitionNote(id), note),
    recorded_by: recorder(trx),
  }
  emit(trx, { type: 'sobriety-definition.created', resourceId: id, chartId })
  // Sent in this order, in one round trip.
  const [, , all] = await Promise.all([
    repository.insertItems(trx, added),
    repository.insertDefinition(trx, definition, placed),
    definitionsOf(trx, chart, { addictionId }),
  ])
  const made = all.find(definition => definition.id === id)
  if (!made) throw new Error('A definition that was just written is not there')
  return made
}

function checkBeginning(day: string, before: string | undefined, today: string): void {
  notTooEarly('/effectiveFrom', day)
  if (before && day < before) {
    throw invalidField('/effectiveFrom', 'order', 'Must not be before the definition that is there.')
  }
  if (day > dayAfter(today, limits.recovery.aheadDays)) {
    throw invalidField('/effectiveFrom', 'too-late', `At most ${limits.recovery.aheadDays} days ahead.`)
  }
}

function checkItems(items: readonly GivenItem[], known: ReadonlySet<string>): void {
  const seen = new Set<string>()
  for (const [index, { itemId, text }] of items.entries()) {
    if ((itemId === undefined) === (text === undefined)) {
      throw invalidField(`/items/${index}`, 'one-of', 'Give either `itemId` or `text`.')
    }
    if (itemId === undefined) continue
    if (!known.has(itemId)) throw unknownReference(`/items/${index}/itemId`)
    if (seen.has(itemId)) throw invalidField(`/items/${index}/itemId`, 'repeated', 'Place each item once.')
    seen.add(itemId)
  }
}

/** Where each item stands, and the new ones among them as they are written. */
function placeItems(sealer: PracticeSealer, addictionId: string, items: readonly GivenItem[]) {
  const placed = items.map(({ itemId, circle, text }) => ({ itemId: itemId ?? uuidv7(), circle, text }))
  const added = placed.flatMap(({ itemId: id, text }) =>
    text === undefined
      ? []
      : [{ id, addiction_id: addictionId, text_sealed: sealer.seal(sealedItem(id), text) }],
  )
  return { placed, added }
}

async function textsOf(trx: PracticeTransaction, chart: OpenChart): Promise<ReadonlyMap<string, string>> {
  const [rows, sealer] = await Promise.all([repository.itemsOf(trx, chart), trx.sealer()])
  const texts = await Promise.all(
    rows.map(async row => [row.id, await sealer.openText(sealedItem(row.id), row.text_sealed)] as const),
  )
  return new Map(texts)
}

async function show(
  sealer: PracticeSealer,
  all: readonly repository.DefinitionRow[],
  texts: ReadonlyMap<string, string>,
  row: repository.DefinitionRow,
  day: string,
): Promise<SobrietyDefinition> {
  const own = all.filter(one => one.addiction_id === row.addiction_id)
  const before = own.find(one => one.number === row.number - 1)?.items ?? []
  const inForce = definitionInForce(
    own.map(({ number, effective_from }) => ({ number, effectiveFrom: effective_from })),
    day,
  )
  const text = (itemId: string) => texts.get(itemId) ?? ''
  const kept = new Set(row.items.map(({ itemId }) => itemId))
  return {
    id: row.id,
    chartId: row.chart_id,
    addictionId: row.addiction_id,
    number: row.number,
    effectiveFrom: row.effective_from,
    inForce: inForce?.number === row.number,
    fellowshipBasis: row.fellowship_basis as SobrietyDefinition['fellowshipBasis'],
    witnessedBy: row.witnessed_by as SobrietyDefinition['witnessedBy'],
    note: row.note_sealed && (await sealer.openText(sealedDefinitionNote(row.id), row.note_sealed)),
    items: row.items.map(({ itemId, circle }) => {
      const was = before.find(item => item.itemId === itemId)?.circle
      const first = own.find(one => one.items.some(item => item.itemId === itemId))
      return {
        itemId,
        circle,
        text: text(itemId),
        movedFrom: was && was !== circle ? was : null,
        addedOn: first?.effective_from ?? row.effective_from,
      }
    }),
    endedItems: before
      .filter(({ itemId }) => !kept.has(itemId))
      .map(({ itemId, circle }) => ({ itemId, circle, text: text(itemId) })),
    recordedById: row.recorded_by,
    createdAt: row.created_at.toISOString(),
  }
}
