import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, unknownReference } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { maySee, openClient, openClientFully } from './clients.door.ts'
import { emitUpdated } from './clients.service.ts'
import { normalizeEmail, normalizePhone } from './contact-points.ts'
import * as repository from './related-people.repository.ts'
import type {
  NewRelatedPerson,
  RelatedPerson,
  RelatedPersonChange,
  RelatedPersonQuery,
} from './related-people.schemas.ts'

/** @throws Problem `not-found` */
export async function listRelatedPeople(
  trx: PracticeTransaction,
  clientId: string,
  { cursor, limit = limits.page.default }: RelatedPersonQuery,
): Promise<Page<RelatedPerson>> {
  await openClientFully(trx, clientId)
  const after = trx.cursorKey(clientId, cursor)?.[0] as string | undefined
  const rows = await repository.listRelatedPeople(trx, clientId, { limit, after })
  const page = toPage(
    rows,
    limit,
    row => row,
    row => trx.cursorAfter(clientId, [row.id]),
  )
  return { data: await Promise.all(page.data.map(row => shown(trx, row))), nextCursor: page.nextCursor }
}

/** @throws Problem `not-found` */
export async function getRelatedPerson(
  trx: PracticeTransaction,
  clientId: string,
  id: string,
): Promise<RelatedPerson> {
  await openClientFully(trx, clientId)
  trx.audit({ resourceType: 'related-person', resourceId: id })
  const row = await repository.findRelatedPerson(trx, clientId, id)
  if (!row) throw notFound()
  return shown(trx, row)
}

/** @throws Problem `not-found`, `invalid-request`, `invalid-state` when the client was merged */
export async function addRelatedPerson(
  trx: PracticeTransaction,
  clientId: string,
  input: NewRelatedPerson,
): Promise<RelatedPerson> {
  const client = await openClient(trx, clientId, { write: true })
  const row = await repository.insertRelatedPerson(trx, {
    client_id: clientId,
    given_name: input.givenName,
    relationship: input.relationship,
    ...columnsOf(input),
  })
  trx.audit({ resourceType: 'related-person', resourceId: row.id, fields: Object.keys(input) })
  emitUpdated(trx, client)
  return shown(trx, row)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `unknown-reference` for a client who may not be seen */
export async function changeRelatedPerson(
  trx: PracticeTransaction,
  { id, clientId, version }: { id: string; clientId: string; version: number },
  change: RelatedPersonChange,
): Promise<RelatedPerson> {
  const client = await openClient(trx, clientId, { write: true })
  trx.audit({ resourceType: 'related-person', resourceId: id, fields: Object.keys(change) })
  const { becameClientId } = change
  if (becameClientId && (becameClientId === clientId || !(await maySee(trx, becameClientId)))) {
    throw unknownReference('/becameClientId')
  }
  const changes = given({
    given_name: change.givenName,
    relationship: change.relationship,
    ...columnsOf(change),
    became_client_id: becameClientId,
    status: change.status,
  })
  const changed = await repository.updateRelatedPerson(trx, { id, clientId, version }, changes)
  const row = await changedOrRefused(changed, () => repository.findRelatedPerson(trx, clientId, id))
  emitUpdated(trx, client)
  return shown(trx, row)
}

function columnsOf(input: RelatedPersonChange | NewRelatedPerson) {
  return given({
    family_name: input.familyName,
    roles: input.roles,
    phone: input.phone && normalized(input.phone, 'phone'),
    email: input.email && normalized(input.email, 'email'),
    address: input.address && JSON.stringify(input.address),
    may_know: input.mayKnow,
  })
}

/** @throws Problem `invalid-request` */
function normalized(text: string, system: 'phone' | 'email'): string {
  const value = system === 'phone' ? normalizePhone(text) : normalizeEmail(text)
  if (!value) throw invalidField(`/${system}`, system, `This is no possible ${system}.`)
  return value
}

async function shown(trx: PracticeTransaction, row: repository.RelatedPersonRow): Promise<RelatedPerson> {
  const became = row.became_client_id
  return {
    id: row.id,
    clientId: row.client_id,
    givenName: row.given_name,
    familyName: row.family_name,
    relationship: row.relationship as RelatedPerson['relationship'],
    roles: row.roles as RelatedPerson['roles'],
    phone: row.phone,
    email: row.email,
    address: row.address as RelatedPerson['address'],
    mayKnow: row.may_know as RelatedPerson['mayKnow'],
    becameClientId: became && (await maySee(trx, became)) ? became : null,
    status: row.status as RelatedPerson['status'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
