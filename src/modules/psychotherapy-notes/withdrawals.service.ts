import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import * as repository from './authorizations.repository.ts'
import { scopeOfKind } from './authorizations.rules.ts'
import type {
  AuthorizationWithdrawal,
  OwnAuthorization,
  OwnAuthorizationsQuery,
} from './withdrawals.schemas.ts'

// Taking an authorization back, as somebody else than the author of the notes. It opens nothing.

/** Those that the client of this portal token gave, the newest first. @throws Problem `invalid-cursor` */
export async function listOwn(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: OwnAuthorizationsQuery,
): Promise<Page<OwnAuthorization>> {
  const { id: clientId } = trx.scope.actor
  trx.audit({ resourceType: 'psychotherapy-authorization', clientIds: [clientId] })
  const after = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const rows = await repository.listAuthorizations(trx, { chartId: undefined, clientId, limit, after })
  return toPage(rows, limit, toOwn, ({ id }) => trx.cursorAfter({}, [id]))
}

/**
 * Takes back what the client of this portal token gave.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when it is revoked already
 */
export async function revokeOwn(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<OwnAuthorization> {
  const before = atVersion(await openOwn(trx, id), version)
  if (before.revoked_at) throw new Problem('invalid-state', { detail: 'This authorization is revoked.' })
  trx.audit({ fields: ['revokedAt'] })
  return toOwn(await repository.revoke(trx, before))
}

/** The door of the portal to one authorization: that of the client who gave it. @throws Problem `not-found` */
export async function openOwn(trx: PracticeTransaction, id: string): Promise<repository.AuthorizationRow> {
  trx.audit({ resourceType: 'psychotherapy-authorization', resourceId: id })
  const { actor } = trx.scope
  const row = actor.kind === 'client' ? await repository.findAuthorization(trx, id) : undefined
  if (!row || row.client_id !== actor.id) throw notFound()
  trx.audit({ chartId: row.chart_id, clientIds: [row.client_id] })
  trx.passDoor({ door: 'own-psychotherapy-authorization', id, need: 'portal:use' })
  return row
}

const toOwn = (row: repository.AuthorizationRow): OwnAuthorization => ({
  id: row.id,
  scope: [scopeOfKind(row.kind)],
  signedOn: row.signed_on,
  expiresOn: row.expires_on,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  version: row.version,
  createdAt: row.created_at.toISOString(),
})

/**
 * Takes back one whose author works here no longer, for the client who asked in writing. Doing it twice changes nothing.
 *
 * @throws Problem `not-found`, also while its author works here
 */
export async function withdraw(trx: PracticeTransaction, id: string): Promise<AuthorizationWithdrawal> {
  const before = await openLeft(trx, id)
  if (before.revoked_at) return { id, revokedAt: before.revoked_at.toISOString() }
  trx.audit({ fields: ['revokedAt'] })
  const { revoked_at } = await repository.revoke(trx, before)
  if (!revoked_at) throw new Error('What was revoked says when')
  return { id, revokedAt: revoked_at.toISOString() }
}

/** The door to one authorization of an author who left, for the practice. @throws Problem `not-found` */
export async function openLeft(trx: PracticeTransaction, id: string): Promise<repository.AuthorizationRow> {
  trx.audit({ resourceType: 'psychotherapy-authorization', resourceId: id })
  const row = await repository.findLeft(trx, id)
  if (!row) throw notFound()
  trx.audit({ chartId: row.chart_id, clientIds: [row.client_id] })
  trx.passDoor({ door: 'left-psychotherapy-authorization', id, need: 'withdraw' })
  return row
}
