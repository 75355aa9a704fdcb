import { createPublicKey } from 'node:crypto'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { encodeToken, hashSecret, newSecret } from '../../lib/opaque-tokens.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import * as repository from './api-clients.repository.ts'
import type {
  ApiClient,
  ApiClientChange,
  ApiClientQuery,
  ApiClientWithSecret,
  NewApiClient,
  PublicKey,
} from './api-clients.schemas.ts'

export const secretPrefix = 'cairn_cs'

/** What an API client calls itself: the practice is in it, because nobody can search across practices. */
export const clientIdOf = (practiceId: string, id: string) => `${practiceId}.${id}`

/** @throws Problem `not-found` */
export async function getApiClient(trx: PracticeTransaction, id: string): Promise<ApiClient> {
  trx.audit({ resourceType: 'api-client', resourceId: id })
  const row = await repository.findApiClient(trx, id)
  if (!row) throw notFound()
  return toApiClient(row)
}

export async function listApiClients(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: ApiClientQuery,
): Promise<Page<ApiClient>> {
  trx.audit({ resourceType: 'api-client' })
  const after = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const rows = await repository.listApiClients(trx, { limit, after })
  return toPage(rows, limit, toApiClient, row => trx.cursorAfter({}, [row.id]))
}

/** @throws Problem `invalid-request` for a key that is none, or too weak */
export async function createApiClient(
  trx: PracticeTransaction,
  input: NewApiClient,
): Promise<ApiClientWithSecret> {
  if (input.publicKey) requireStrongKey(input.publicKey)
  const secret = input.publicKey ? undefined : newSecret()
  const row = await repository.insertApiClient(trx, {
    name: input.name,
    scopes: input.scopes,
    expires_at: input.expiresAt ?? null,
    secret_hash: secret ? hashSecret(secret) : null,
    public_jwk: input.publicKey ? JSON.stringify(input.publicKey) : null,
    created_by: recorder(trx),
  })
  trx.audit({ resourceType: 'api-client', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'api-client.created', resourceId: row.id, resourceVersion: row.version })
  return withSecret(row, secret)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` when revoked */
export async function changeApiClient(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: ApiClientChange,
): Promise<ApiClient> {
  trx.audit({ resourceType: 'api-client', resourceId: id, fields: Object.keys(change) })
  const { expiresAt, ...same } = change
  const changes = given({ ...same, expires_at: expiresAt })
  return toApiClient(await update(trx, id, version, changes))
}

/**
 * Gives a client a new secret. The one before works no more: where that must not be noticed, create a second
 * client, move over, and revoke the first.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when revoked or without a secret
 */
export async function rotateSecret(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<ApiClientWithSecret> {
  trx.audit({ resourceType: 'api-client', resourceId: id, fields: ['clientSecret'] })
  const before = await repository.findApiClient(trx, id)
  if (!before) throw notFound()
  if (!before.secret_hash)
    throw new Problem('invalid-state', { detail: 'This client signs with its own key.' })
  const secret = newSecret()
  return withSecret(await update(trx, id, version, { secret_hash: hashSecret(secret) }), secret)
}

/** Ends a client for good, with all its tokens. @throws Problem `not-found`, also when it is revoked already */
export async function revokeApiClient(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ resourceType: 'api-client', resourceId: id, fields: ['status'] })
  const row = await repository.revokeApiClient(trx, id)
  if (!row) throw notFound()
  emit(trx, { type: 'api-client.revoked', resourceId: id, resourceVersion: row.version })
}

async function update(
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Parameters<typeof repository.updateApiClient>[3],
): Promise<repository.ApiClientRow> {
  const changed = await repository.updateApiClient(trx, id, version, changes)
  const row = await changedOrRefused(changed, async () => {
    const found = await repository.findApiClient(trx, id)
    if (found?.revoked_at) throw new Problem('invalid-state', { detail: 'This client is revoked.' })
    return found
  })
  emit(trx, { type: 'api-client.updated', resourceId: id, resourceVersion: row.version })
  return row
}

const leastRsaBits = 2048

function requireStrongKey(jwk: PublicKey): void {
  let bits: number | undefined
  try {
    bits = createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails?.modulusLength
  } catch {
    throw invalidField('/publicKey', 'not-a-key', 'This is no public key.')
  }
  if (bits !== undefined && bits < leastRsaBits) {
    throw invalidField('/publicKey', 'too-weak', `An RSA key needs at least ${leastRsaBits} bits.`)
  }
}

function toApiClient(row: repository.ApiClientRow): ApiClient {
  return {
    id: row.id,
    clientId: clientIdOf(row.practice_id, row.id),
    name: row.name,
    scopes: row.scopes as ApiClient['scopes'],
    expiresAt: row.expires_at?.toISOString() ?? null,
    authentication: row.secret_hash ? 'client_secret' : 'private_key_jwt',
    status: statusOf(row),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    createdById: row.created_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

function statusOf({ revoked_at, expires_at }: repository.ApiClientRow): ApiClient['status'] {
  if (revoked_at) return 'revoked'
  return expires_at && expires_at.getTime() <= Date.now() ? 'expired' : 'active'
}

const withSecret = (row: repository.ApiClientRow, secret: Buffer | undefined): ApiClientWithSecret => ({
  ...toApiClient(row),
  clientSecret: secret ? encodeToken(secretPrefix, [], secret) : null,
})
