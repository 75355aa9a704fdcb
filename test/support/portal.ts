import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { type Caller, callerOf, type TestPractice } from './practice.ts'
import { asAdmin } from './test-server.ts'

/**
 * A client of the practice at its portal, for the longest a token lives. Rows are laid by the administrator to keep tests
 * quick; that a front-end can get a token is proven by the portal's own tests.
 *
 * @param representativeId the related person who uses it on the client's behalf
 */
export async function portalCaller(
  { id: practiceId, owner, test }: TestPractice,
  clientId: string,
  representativeId?: string,
): Promise<Caller> {
  const [apiClientId, sessionId] = [uuidv7(), uuidv7()]
  await asAdmin(test.adminUrl, async admin => {
    await admin.query(
      `insert into cairn.api_clients (practice_id, id, name, scopes, secret_hash, created_by)
       values ($1, $2, $3, '{portal:issue}', $4, $5)`,
      [practiceId, apiClientId, `Front-end ${apiClientId}`, randomBytes(32), owner.actorId],
    )
    await admin.query(
      `insert into cairn.portal_sessions (practice_id, id, client_id, representative_id, api_client_id, expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '15 minutes')`,
      [practiceId, sessionId, clientId, representativeId ?? null, apiClientId],
    )
  })
  const rep = representativeId ? { rep: representativeId } : {}
  const claims = { kind: 'client' as const, pid: practiceId, sub: clientId, sid: sessionId, cv: 1, ...rep }
  return callerOf(test, test.app.signPortalToken(claims, 900), clientId, '')
}
