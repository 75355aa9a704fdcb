import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { permissionsOf, type Role } from '../charts/access-policy.ts'
import { openChart } from '../charts/index.ts'
import { requireSigner } from '../portal/index.ts'
import { findStaff, today } from '../practice/index.ts'
import * as repository from './authorizations.repository.ts'
import { kindOfScope, requireTerm, scopeOfKind } from './authorizations.rules.ts'
import type {
  AuthorizationsQuery,
  NewPsychotherapyAuthorization,
  PsychotherapyAuthorization,
} from './authorizations.schemas.ts'
import { openText, places, sealText } from './sealing.ts'

/** What is told of an authorization in words. */
interface Terms {
  recipient: string
  purpose: string
}

/**
 * Records what a client signed, for notes of the actor: whoever discloses them decides what for, and nobody opens
 * another's. Whether there are notes makes no difference.
 *
 * @throws Problem `not-found`, `authorization-combined`, `unknown-reference`, `invalid-request`, `invalid-state` in a closed
 *   chart and for a group
 */
export async function recordAuthorization(
  trx: PracticeTransaction,
  chartId: string,
  input: NewPsychotherapyAuthorization,
): Promise<PsychotherapyAuthorization> {
  const { id: userId, staffId } = trx.scope.actor
  if (!staffId) throw notFound()
  const id = uuidv7()
  trx.audit({ resourceType: 'psychotherapy-authorization', resourceId: id, fields: Object.keys(input) })
  const need = { dataClass: 'psychotherapy', permission: 'psychotherapy:write', write: true } as const
  const chart = await openChart(trx, chartId, need)
  if (chart.kind === 'group') {
    throw new Problem('invalid-state', { detail: 'Notes of a group are released to nobody.' })
  }
  const kind = kindOfScope(input.scope)
  if (!chart.clientIds.includes(input.clientId)) throw unknownReference('/clientId')
  const onStaff = await staffRecipient(trx, staffId, input.recipientStaffId)
  await requireSigner(trx, input)
  requireTerm(input, await today(trx))
  const terms = { recipient: input.recipient, purpose: input.purpose }
  const row = await repository.insertAuthorization(trx, {
    id,
    chart_id: chartId,
    client_id: input.clientId,
    kind,
    author_id: staffId,
    author_user_id: userId,
    ...onStaff,
    representative_id: input.representativeId ?? null,
    terms_sealed: await sealText(trx, places.terms(id), JSON.stringify(terms)),
    signed_on: input.signedOn,
    expires_on: input.expiresOn,
  })
  passDoor(trx, id)
  return toAuthorization(row, terms)
}

/**
 * A member of staff who could read notes at all and is not the author; or nobody of the staff.
 *
 * @throws Problem `unknown-reference`
 */
async function staffRecipient(trx: PracticeTransaction, authorId: string, id: string | undefined) {
  if (id === undefined) return { recipient_id: null, recipient_user_id: null }
  const found = await findStaff(trx, id)
  const fits =
    found?.status === 'active' &&
    found.user_id !== null &&
    found.id !== authorId &&
    permissionsOf(found.roles as Role[]).has('psychotherapy:read')
  if (!fits) throw unknownReference('/recipientStaffId')
  return { recipient_id: found.id, recipient_user_id: found.user_id }
}

/**
 * The door to one authorization, for the author whose notes it names and for its recipient: the database shows it to
 * nobody else. An author who left the chart can still enter that the client took it back.
 *
 * @param need only the author changes it
 * @throws Problem `not-found`
 */
export async function openAuthorization(
  trx: PracticeTransaction,
  id: string,
  need: 'read' | 'write',
): Promise<repository.AuthorizationRow> {
  trx.audit({ resourceType: 'psychotherapy-authorization', resourceId: id })
  const row = await repository.findAuthorization(trx, id)
  if (!row || (need === 'write' && row.author_id !== trx.scope.actor.staffId)) throw notFound()
  trx.audit({ chartId: row.chart_id, clientIds: [row.client_id] })
  passDoor(trx, id)
  return row
}

const passDoor = (trx: PracticeTransaction, id: string) =>
  trx.passDoor({ door: 'psychotherapy-authorization', id, need: 'read' })

/** @throws Problem `not-found` */
export async function getAuthorization(
  trx: PracticeTransaction,
  id: string,
): Promise<PsychotherapyAuthorization> {
  const row = await openAuthorization(trx, id, 'read')
  return toAuthorization(row, await openTerms(trx, row))
}

/**
 * Revokes an authorization: from the next request on its recipient finds nothing.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when it is revoked already
 */
export async function revokeAuthorization(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<PsychotherapyAuthorization> {
  const before = atVersion(await openAuthorization(trx, id, 'write'), version)
  if (before.revoked_at) throw new Problem('invalid-state', { detail: 'This authorization is revoked.' })
  const row = await repository.revoke(trx, before)
  trx.audit({ fields: ['revokedAt'] })
  return toAuthorization(row, await openTerms(trx, row))
}

/** Those the actor recorded for notes of theirs, and those that name the actor, the newest first. */
export async function listAuthorizations(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, chartId }: AuthorizationsQuery,
): Promise<Page<PsychotherapyAuthorization>> {
  trx.audit({ resourceType: 'psychotherapy-authorization' })
  const after = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const rows = await repository.listAuthorizations(trx, { chartId, limit, after })
  trx.audit({ clientIds: rows.slice(0, limit).map(row => row.client_id) })
  const opened = await Promise.all(
    rows.map(async row => ({ id: row.id, shown: toAuthorization(row, await openTerms(trx, row)) })),
  )
  return toPage(
    opened,
    limit,
    ({ shown }) => shown,
    ({ id }) => trx.cursorAfter({ chartId }, [id]),
  )
}

async function openTerms(
  trx: PracticeTransaction,
  { id, terms_sealed }: repository.AuthorizationRow,
): Promise<Terms> {
  return JSON.parse(await openText(trx, places.terms(id), terms_sealed)) as Terms
}

function toAuthorization(row: repository.AuthorizationRow, terms: Terms): PsychotherapyAuthorization {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.client_id,
    scope: [scopeOfKind(row.kind)],
    authorId: row.author_id,
    recipient: terms.recipient,
    recipientStaffId: row.recipient_id,
    purpose: terms.purpose,
    representativeId: row.representative_id,
    signedOn: row.signed_on,
    expiresOn: row.expires_on,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
