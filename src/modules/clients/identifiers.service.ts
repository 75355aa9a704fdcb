import { type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientIdentifiers } from '../../lib/database/schema.ts'
import type { Page } from '../../lib/pages.ts'
import { invalidField, notFound } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { reaches } from '../charts/access-policy.ts'
import { openClient } from './clients.door.ts'
import { emitUpdated } from './clients.service.ts'
import { insuranceKinds, isInsurance } from './identifiers.rules.ts'
import type { ClientIdentifier, NewClientIdentifier } from './identifiers.schemas.ts'
import { identifierIndex, lastFourOf, normalizeIdentifier, placeOf } from './identifiers.seal.ts'

type Row = Selectable<ClientIdentifiers>

/** @throws Problem `not-found` */
export async function listIdentifiers(
  trx: PracticeTransaction,
  clientId: string,
): Promise<Page<ClientIdentifier>> {
  const { limited } = await openClient(trx, clientId)
  let query = trx
    .selectFrom('client_identifiers')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
  if (limited) query = query.where('kind', '=', sql<string>`any(${[...insuranceKinds]}::text[])`)
  const rows = await query.orderBy('status').orderBy('id').execute()
  const data: ClientIdentifier[] = []
  for (const row of rows) data.push(shown(row, await openValue(trx, row)))
  return { data, nextCursor: null }
}

/**
 * One identifier, whole where the caller sees administrative data of the whole practice, or billing data and it is
 * an insurance's.
 *
 * @throws Problem `not-found`
 */
export async function getIdentifier(
  trx: PracticeTransaction,
  clientId: string,
  id: string,
): Promise<ClientIdentifier> {
  const { limited } = await openClient(trx, clientId)
  trx.audit({ resourceType: 'client-identifier', resourceId: id })
  const row = await find(trx, clientId, id)
  if (!row || (limited && !isInsurance(row.kind))) throw notFound()
  const value = await openValue(trx, row)
  const whole = seesWhole(trx, row)
  if (whole) trx.audit({ fields: ['value'] })
  return { ...shown(row, value), value: whole ? value : null }
}

/** @throws Problem `not-found`, `already-exists`, `invalid-request` for a value that cannot be one of its kind */
export async function addIdentifier(
  trx: PracticeTransaction,
  clientId: string,
  input: NewClientIdentifier,
): Promise<ClientIdentifier> {
  const client = await openClient(trx, clientId, { write: true })
  checkValue(input)
  const id = uuidv7()
  const row = await trx
    .insertInto('client_identifiers')
    .values({
      practice_id: trx.practiceId,
      id,
      client_id: clientId,
      kind: input.kind,
      issuer: input.issuer ?? null,
      value_sealed: await trx.seal(placeOf(id), input.value.trim()),
      value_index: await identifierIndex(trx, input.kind, input.value),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  trx.audit({ resourceType: 'client-identifier', resourceId: id, fields: Object.keys(input) })
  emitUpdated(trx, client)
  return shown(row, input.value)
}

/** Keeps it on record without using it any longer. @throws Problem `not-found`, `stale-version` */
export async function endIdentifier(
  trx: PracticeTransaction,
  clientId: string,
  id: string,
  version: number,
): Promise<ClientIdentifier> {
  const client = await openClient(trx, clientId, { write: true })
  trx.audit({ resourceType: 'client-identifier', resourceId: id, fields: ['status'] })
  const changed = await trx
    .updateTable('client_identifiers')
    .set({ status: 'ended', version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
  const row = await changedOrRefused(changed, () => find(trx, clientId, id))
  emitUpdated(trx, client)
  return shown(row, await openValue(trx, row))
}

function find(trx: PracticeTransaction, clientId: string, id: string): Promise<Row | undefined> {
  return trx
    .selectFrom('client_identifiers')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** @throws Problem `invalid-request` */
function checkValue({ kind, value }: NewClientIdentifier): void {
  const plain = normalizeIdentifier(value)
  if (plain.length < 4)
    throw invalidField('/value', 'too-short', 'An identifier has four characters or more.')
  // Never issued: area 000, 666 and 9xx, group 00, serial 0000 (20 CFR 422.103; SSA, "Randomization").
  if (kind === 'ssn' && !/^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(plain)) {
    throw invalidField('/value', 'ssn', 'This cannot be a social security number.')
  }
}

const openValue = async (trx: PracticeTransaction, row: Row) =>
  (await trx.open(placeOf(row.id), row.value_sealed)).toString()

function seesWhole({ scope }: PracticeTransaction, { kind }: Row): boolean {
  if (scope.actor.kind !== 'user') return false
  const { roles } = scope.actor
  return (
    reaches(roles, 'administrative').has('all') || (isInsurance(kind) && reaches(roles, 'billing').has('all'))
  )
}

const shown = (row: Row, value: string): ClientIdentifier => ({
  id: row.id,
  clientId: row.client_id,
  kind: row.kind as ClientIdentifier['kind'],
  issuer: row.issuer,
  lastFour: lastFourOf(value),
  status: row.status as ClientIdentifier['status'],
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
