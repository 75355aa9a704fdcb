import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { CompiledQuery } from 'kysely'
import type { PassedDoor, PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isLockTimeout } from '../../lib/postgres-errors.ts'
import { Problem } from '../../lib/problems.ts'
import type { Answer } from './types.ts'

/** Passes a remembered door again, so that a replay shows nothing its caller may no longer see. */
export type PassDoorAgain = (trx: PracticeTransaction, door: PassedDoor) => Promise<void>

const sealedColumn = (trx: PracticeTransaction, key: string) => ({
  table: 'idempotency_keys',
  column: 'response',
  rowId: createHash('sha256').update(`${trx.scope.actor.id}|${key}`).digest('hex'),
  rowVersion: 1,
})

/** What makes two requests the same: method, route, parameters and body. */
function fingerprint(request: FastifyRequest): Buffer {
  const parts = [
    request.method,
    request.routeOptions.url,
    request.params,
    request.headers['if-match'] ?? null,
    request.body ?? null,
  ]
  return createHash('sha256').update(JSON.stringify(parts, inOneOrder)).digest()
}

/** A client that builds its body anew for a retry may write the same fields in another order. */
function inOneOrder(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Claims the key in the work's own transaction. A second request waits here for the first to commit.
 *
 * @returns the stored answer when the work was done before; undefined when it is to be done now
 * @throws Problem `idempotency-key-in-use`, `idempotency-key-reused`
 */
export async function claimKey(
  trx: PracticeTransaction,
  request: FastifyRequest,
  key: string,
  passDoorAgain: PassDoorAgain,
): Promise<Answer<unknown> | undefined> {
  const print = fingerprint(request)
  const claimed = await trx
    .insertInto('idempotency_keys')
    .values({ practice_id: trx.practiceId, actor_id: trx.scope.actor.id, key, fingerprint: print })
    .onConflict(conflict => conflict.constraint('idempotency_keys_pkey').doNothing())
    .returning('key')
    .executeTakeFirst()
    .catch(error => {
      throw isLockTimeout(error) ? new Problem('idempotency-key-in-use', { retryAfter: 2 }) : error
    })
  return claimed ? undefined : replay(trx, key, print, passDoorAgain)
}

async function replay(trx: PracticeTransaction, key: string, print: Buffer, passDoorAgain: PassDoorAgain) {
  const stored = await trx
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'status', 'location', 'response'])
    .select(({ ref }) => ref('doors').$castTo<PassedDoor[]>().as('doors'))
    .where('practice_id', '=', trx.practiceId)
    .where('actor_id', '=', trx.scope.actor.id)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!stored) throw new Problem('idempotency-key-in-use', { retryAfter: 1 })
  if (!stored.fingerprint.equals(print)) throw new Problem('idempotency-key-reused')
  for (const door of stored.doors) await passDoorAgain(trx, door)
  const body = stored.response
    ? JSON.parse((await trx.open(sealedColumn(trx, key), stored.response)).toString())
    : null
  return {
    status: stored.status ?? 200,
    body,
    headers: { 'idempotency-replayed': 'true', ...(stored.location ? { location: stored.location } : {}) },
  }
}

/** Stores the answer, sealed: it holds what the chart holds. */
export async function storeAnswer(
  trx: PracticeTransaction,
  key: string,
  answer: Answer<unknown>,
): Promise<void> {
  const response =
    answer.body === null ? null : await trx.seal(sealedColumn(trx, key), JSON.stringify(answer.body))
  const values = [
    answer.status,
    answer.headers?.location ?? null,
    response,
    JSON.stringify(trx.doors),
    trx.practiceId,
    trx.scope.actor.id,
    key,
  ]
  trx.record(CompiledQuery.raw(storeSql, values))
}

const storeSql = `update idempotency_keys set status = $1, location = $2, response = $3, doors = $4
  where practice_id = $5 and actor_id = $6 and key = $7`
