import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { openIndividualChart, useEmergencyForClients } from '../charts/index.ts'
import { limitedAmong, maySee, openClient } from './clients.door.ts'
import { showClient } from './clients.projection.ts'
import * as repository from './clients.repository.ts'
import type { Client, ClientChange, ClientQuery, CreatedClient, NewClient } from './clients.schemas.ts'
import {
  canonicalLanguages,
  checkAddresses,
  checkBirthDate,
  type NormalPoint,
  normalPoints,
} from './contact-points.ts'
import { duplicatesOf } from './duplicates.service.ts'
import { indexNames, insertTerms, wordsOfClient } from './search.repository.ts'

/** @throws Problem `not-found` */
export async function getClient(trx: PracticeTransaction, id: string): Promise<Client> {
  const row = await openClient(trx, id)
  return showClient(row, row.limited)
}

export async function listClients(trx: PracticeTransaction, query: ClientQuery): Promise<Page<Client>> {
  trx.audit({ resourceType: 'client' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor) as string[] | undefined
  const rows = await repository.listClients(trx, { ...filter, limit, after })
  const ids = rows.slice(0, limit).map(row => row.id)
  trx.audit({ clientIds: ids })
  const [limited] = await Promise.all([limitedAmong(trx, ids), useEmergencyForClients(trx, ids)])
  return toPage(
    rows,
    limit,
    row => showClient(row, limited.has(row.id)),
    row => trx.cursorAfter(filter, filter.updatedSince ? [row.id, row.changed_at] : [row.id]),
  )
}

/**
 * Registers a client and opens the individual chart. A clinician who registers somebody leads the care
 * team of that chart, unless another is named.
 *
 * @throws Problem `already-exists` for an external id that is taken (`existingId` only where the caller may
 *   see its holder); `invalid-request`; `unknown-reference` for a primary clinician who is none
 */
export async function createClient(
  trx: PracticeTransaction,
  input: NewClient,
  { warnOfDuplicates = false }: { warnOfDuplicates?: boolean } = {},
): Promise<CreatedClient> {
  const id = uuidv7()
  const points = normalPoints(input.contactPoints ?? [])
  const status = input.status ?? 'inquiry'
  const names = {
    id,
    legal_given_name: input.legalGivenName,
    legal_family_name: input.legalFamilyName,
    preferred_name: input.preferredName ?? null,
  }
  const [row] = await Promise.all([
    repository.insertClient(trx, { ...names, ...columnsOf(input), status }),
    repository.insertContactPoints(trx, owned(points, id)),
    insertTerms(trx, [{ clientId: id, words: wordsOfClient(names) }]),
    openIndividualChart(trx, id, leadOf(trx, input.primaryClinicianId)),
    takeExternalIds(trx, id, input.externalIds ?? {}),
  ])
  repository.insertStatusChange(trx, { clientId: id, from: null, to: status, reason: 'first_contact' })
  trx.audit({ resourceType: 'client', resourceId: id, clientIds: [id], fields: Object.keys(input) })
  trx.passDoor({ door: 'client', id, need: 'administrative' })
  emit(trx, { type: 'client.created', resourceId: id, resourceVersion: row.version })
  const contact_points = points.map(point => ({ ...point, is_primary: point.primary }))
  const client = showClient({ ...row, contact_points, external_ids: input.externalIds ?? {} }, false)
  const warns = warnOfDuplicates && trx.scope.actor.permissions.has('clients:read')
  return warns ? { ...client, possibleDuplicates: await passedDuplicatesOf(trx, row) } : client
}

/** A replay shows them only while all of them may be seen. */
async function passedDuplicatesOf(trx: PracticeTransaction, row: repository.ClientRow) {
  const candidates = await duplicatesOf(trx, row)
  for (const { client } of candidates) trx.passDoor({ door: 'client', id: client.id, need: 'administrative' })
  return candidates
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `already-exists`, `invalid-state` when merged */
export async function changeClient(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: ClientChange,
): Promise<Client> {
  await openClient(trx, id, { write: true })
  trx.audit({ fields: Object.keys(change) })
  const points = change.contactPoints && normalPoints(change.contactPoints)
  const changes = given({
    legal_given_name: change.legalGivenName,
    legal_family_name: change.legalFamilyName,
    ...columnsOf(change),
  })
  const changed = await repository.updateClient(trx, id, version, changes)
  const row = await changedOrRefused(changed, () => repository.findClient(trx, id))
  if (points) await replaceContactPoints(trx, id, points)
  if (change.externalIds) {
    await repository.deleteExternalIds(trx, id)
    await takeExternalIds(trx, id, change.externalIds)
  }
  if (change.legalGivenName || change.legalFamilyName || change.preferredName !== undefined) {
    await indexNames(trx, [row])
  }
  emit(trx, { type: 'client.updated', resourceId: id, resourceVersion: row.version })
  const whole = await repository.findClient(trx, id)
  if (!whole) throw notFound()
  return showClient(whole, false)
}

/** Says that something of this client changed that has versions of its own. */
export function emitUpdated(trx: PracticeTransaction, client: { id: string; version: number }): void {
  emit(trx, { type: 'client.updated', resourceId: client.id, resourceVersion: client.version })
}

function columnsOf(input: ClientChange | NewClient) {
  if (input.birthDate) checkBirthDate(input.birthDate, new Date())
  if (input.addresses) checkAddresses(input.addresses)
  return given({
    preferred_name: input.preferredName,
    pronouns: input.pronouns,
    birth_date: input.birthDate,
    sex_recorded_at_birth: input.sexRecordedAtBirth,
    gender: input.gender,
    languages: input.languages && canonicalLanguages(input.languages),
    addresses: input.addresses && JSON.stringify(input.addresses),
    safe_contact: input.safeContact && JSON.stringify(input.safeContact),
    time_zone: input.timeZone,
  })
}

const owned = (points: readonly NormalPoint[], clientId: string): repository.OwnedPoint[] =>
  points.map((point, position) => ({ ...point, clientId, position }))

async function replaceContactPoints(
  trx: PracticeTransaction,
  clientId: string,
  points: readonly NormalPoint[],
): Promise<void> {
  await repository.deleteContactPoints(trx, clientId)
  await repository.insertContactPoints(trx, owned(points, clientId))
}

/** @throws Problem `already-exists` */
async function takeExternalIds(
  trx: PracticeTransaction,
  clientId: string,
  externalIds: Record<string, string>,
): Promise<void> {
  const ids = Object.entries(externalIds).map(([system, value]) => ({ clientId, system, value }))
  if ((await repository.insertExternalIds(trx, ids)) === ids.length) return
  const holders = await repository.holdersOf(trx, ids)
  const other = holders.find(holder => holder.client_id !== clientId)
  throw new Problem('already-exists', {
    errors: [{ pointer: '/externalIds', code: 'taken', detail: 'One of them belongs to another client.' }],
    detail: 'An external id is already used by another client of this practice.',
    ...(other && (await maySee(trx, other.client_id)) ? { extra: { existingId: other.client_id } } : {}),
  })
}

function leadOf({ scope }: PracticeTransaction, primaryClinicianId: string | undefined) {
  const { staffId, roles } = scope.actor
  const lead = primaryClinicianId ?? (roles.includes('clinician') ? staffId : null)
  return lead ? [{ staffId: lead, role: 'primary' as const }] : []
}
