import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Permission } from '../../src/modules/charts/access-policy.ts'
import { type Caller, callerOf, lasting, type TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** An API client of the practice with these scopes, holding an access token. */
export async function createApiClientCaller(
  test: TestApp,
  practice: TestPractice,
  scopes: Permission[],
): Promise<Caller> {
  const id = uuidv7()
  await asAdmin(test.adminUrl, admin =>
    admin.query(
      `insert into cairn.api_clients (practice_id, id, name, scopes, secret_hash, created_by) values ($1, $2, $3, $4, $5, $6)`,
      [practice.id, id, `Integration ${id}`, scopes, randomBytes(32), practice.owner.actorId],
    ),
  )
  const sign = () =>
    test.app.signAccessToken({ kind: 'api_client', pid: practice.id, sub: id, scopes, cv: 1 })
  return callerOf(test, lasting(sign), id, '')
}
