import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { checkDefinition } from './definitions.rules.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import * as repository from './instruments.repository.ts'
import type { Instrument, InstrumentQuery, InstrumentSummary, NewInstrument } from './instruments.schemas.ts'
import { findInstrument, isShipped, type KnownInstrument, ownInstrument, shipped } from './library.ts'
import { currentTexts } from './texts.repository.ts'
import { toText } from './texts.view.ts'

/** By key, then edition: what the service brings and what the practice made. @throws Problem `invalid-cursor` */
export async function listInstruments(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, status }: InstrumentQuery,
): Promise<Page<InstrumentSummary>> {
  trx.audit({ resourceType: 'instrument' })
  const key = trx.cursorKey({ status }, cursor)
  const after = key && ([String(key[0]), Number(key[1])] as const)
  const own = await repository.listOwn(trx, { limit, status, after })
  const brought = shipped.filter(one => (!status || one.status === status) && (!after || isAfter(one, after)))
  const both = [...own.map(ownInstrument), ...brought].sort((a, b) =>
    isAfter(a, [b.key, b.edition]) ? 1 : -1,
  )
  return toPage(both.slice(0, limit + 1), limit, toSummary, one =>
    trx.cursorAfter({ status }, [one.key, one.edition]),
  )
}

const isAfter = (one: KnownInstrument, [key, edition]: readonly [string, number]) =>
  one.key > key || (one.key === key && one.edition > edition)

/** @throws Problem `not-found` */
export async function getInstrument(
  trx: PracticeTransaction,
  key: string,
  edition: number | undefined,
): Promise<Instrument> {
  trx.audit({ resourceType: 'instrument' })
  return show(trx, await findInstrument(trx, key, edition))
}

/**
 * Drafts an instrument, or the next edition of one.
 *
 * @throws Problem `invalid-request`, `already-exists` for a key that the service uses or that has a draft
 */
export async function draftInstrument(
  trx: PracticeTransaction,
  { key, definition }: NewInstrument,
): Promise<Instrument> {
  checkDefinition(definition)
  const id = uuidv7()
  trx.audit({ resourceType: 'instrument', resourceId: id, fields: ['key', 'definition'] })
  if (isShipped(key))
    throw new Problem('already-exists', { detail: 'The service brings an instrument of this key.' })
  await repository.insertDraft(trx, { id, key, definition, createdBy: recorder(trx) })
  emit(trx, { type: 'instrument.drafted', resourceId: id, resourceVersion: 1 })
  return show(trx, await ownOne(trx, key, id))
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` */
export async function changeDraft(
  trx: PracticeTransaction,
  key: string,
  version: number,
  definition: InstrumentDefinition,
): Promise<Instrument> {
  checkDefinition(definition)
  const row = await draftAt(trx, key, version)
  trx.audit({ fields: ['definition'] })
  await repository.changeInstrument(trx, row, { draft: JSON.stringify(definition) })
  emit(trx, { type: 'instrument.updated', resourceId: row.id, resourceVersion: version + 1 })
  return show(trx, await ownOne(trx, key, row.id))
}

/**
 * Publishes a draft for good. The edition that was in use is retired: what was assigned under it goes on under it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function publishDraft(
  trx: PracticeTransaction,
  key: string,
  version: number,
): Promise<Instrument> {
  const row = await draftAt(trx, key, version)
  trx.audit({ fields: ['status'] })
  const replaced = await repository.retirePublished(trx, key)
  await repository.changeInstrument(trx, row, { status: 'published', draft: null })
  await repository.insertEdition(trx, {
    instrumentId: row.id,
    definition: row.definition,
    publishedBy: recorder(trx),
  })
  if (replaced)
    emit(trx, { type: 'instrument.retired', resourceId: replaced.id, resourceVersion: replaced.version })
  emit(trx, { type: 'instrument.published', resourceId: row.id, resourceVersion: version + 1 })
  return show(trx, await ownOne(trx, key, row.id))
}

/**
 * Takes the edition in use out of use. What was assigned stays; a series that repeats ends with it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function retireInstrument(
  trx: PracticeTransaction,
  key: string,
  version: number,
): Promise<Instrument> {
  const row = atVersion(await ownOnly(trx, key), version)
  trx.audit({ resourceType: 'instrument', resourceId: row.id, fields: ['status'] })
  if (row.status !== 'published')
    throw new Problem('invalid-state', { detail: 'Only what is in use can be retired.' })
  await repository.changeInstrument(trx, row, { status: 'retired' })
  emit(trx, { type: 'instrument.retired', resourceId: row.id, resourceVersion: version + 1 })
  return show(trx, await ownOne(trx, key, row.id))
}

async function draftAt(trx: PracticeTransaction, key: string, version: number) {
  const [found, draft] = await Promise.all([ownOnly(trx, key), repository.findOwnDraft(trx, key)])
  if (found && !draft)
    throw new Problem('invalid-state', { detail: 'It is published, for good. Draft the next edition.' })
  const row = atVersion(draft, version)
  trx.audit({ resourceType: 'instrument', resourceId: row.id })
  return row
}

/** An own instrument by its key. @throws Problem `invalid-state` for one that the service brings */
async function ownOnly(trx: PracticeTransaction, key: string) {
  if (isShipped(key)) throw new Problem('invalid-state', { detail: 'The service brings this instrument.' })
  return repository.findOwn(trx, key, undefined)
}

async function ownOne(
  trx: PracticeTransaction,
  key: string,
  id: string,
): Promise<KnownInstrument | undefined> {
  const rows = await Promise.all([repository.findOwnDraft(trx, key), repository.findOwn(trx, key, undefined)])
  const row = rows.find(one => one?.id === id)
  return row && ownInstrument(row)
}

async function show(trx: PracticeTransaction, instrument: KnownInstrument | undefined): Promise<Instrument> {
  if (!instrument) throw notFound()
  const { key, edition, origin, status, version, definition } = instrument
  const texts = await currentTexts(trx, key, edition)
  return { key, edition, origin, status, version, definition, texts: texts.map(toText) }
}

const toSummary = ({
  key,
  edition,
  origin,
  status,
  version,
  definition,
}: KnownInstrument): InstrumentSummary => ({
  key,
  edition,
  origin,
  status,
  version,
  title: definition.title,
  adultOnly: definition.adultOnly,
  dataClass: definition.dataClass,
})
