import { randomBytes } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { limits } from '../../src/lib/limits.ts'
import type { Role } from '../../src/modules/charts/access-policy.ts'
import { patiently } from './patiently.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

export interface Reply {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- each answer is checked against the OpenAPI document
  body: any
  etag: string
  headers: LightMyRequestResponse['headers']
}

export interface CallOptions {
  ifMatch?: string | number
  key?: string
  headers?: Record<string, string>
}

/** Speaks HTTP to the service as one actor. */
export interface Caller {
  readonly token: string
  /** The user or API client. */
  actorId: string
  staffId: string
  get(url: string, options?: CallOptions): Promise<Reply>
  post(url: string, body?: unknown, options?: CallOptions): Promise<Reply>
  put(url: string, body: unknown, options?: CallOptions): Promise<Reply>
  patch(url: string, body: unknown, options?: CallOptions): Promise<Reply>
  delete(url: string, options?: CallOptions): Promise<Reply>
}

export interface TestPractice {
  id: string
  owner: Caller
  test: TestApp
  /** A member of staff with these roles, signed in. */
  staff(roles: Role[], details?: StaffDetails): Promise<Caller>
}

export interface StaffDetails {
  supervisorId?: string
  cosignRequired?: boolean
  /** Pretends a second factor was proven just now, for operations that need step-up. */
  mfa?: boolean
}

/** A token that is made anew before it runs out, as long proofs take longer than one lives. */
export function lasting(sign: () => string): () => string {
  let [token, madeAt] = [sign(), performance.now()]
  const half = (limits.tokens.accessSeconds * 1_000) / 2
  return () => {
    if (performance.now() - madeAt > half) [token, madeAt] = [sign(), performance.now()]
    return token
  }
}

export function callerOf(
  test: TestApp,
  token: string | (() => string),
  actorId: string,
  staffId: string,
): Caller {
  const current = typeof token === 'string' ? () => token : token
  const call = async (
    method: string,
    url: string,
    body: unknown,
    options: CallOptions = {},
  ): Promise<Reply> => {
    const headers: Record<string, string> = { authorization: `Bearer ${current()}`, ...options.headers }
    if (options.ifMatch !== undefined)
      headers['if-match'] = typeof options.ifMatch === 'number' ? `"v${options.ifMatch}"` : options.ifMatch
    if (options.key !== undefined) headers['idempotency-key'] = options.key
    if (body !== undefined) headers['content-type'] = 'application/json'
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
    const send = async () =>
      toReply(await test.app.inject({ method: method as 'GET', url, headers, ...payload }))
    return test.isCrowded ? patiently(send) : send()
  }
  return {
    get token() {
      return current()
    },
    actorId,
    staffId,
    get: (url, options) => call('GET', url, undefined, options),
    post: (url, body, options) => call('POST', url, body, options),
    put: (url, body, options) => call('PUT', url, body, options),
    patch: (url, body, options) => call('PATCH', url, body, options),
    delete: (url, options) => call('DELETE', url, undefined, options),
  }
}

export function toReply(response: LightMyRequestResponse): Reply {
  const isJson = String(response.headers['content-type'] ?? '').includes('json')
  return {
    status: response.statusCode,
    body: isJson && response.payload ? response.json() : response.payload,
    etag: String(response.headers.etag ?? ''),
    headers: response.headers,
  }
}

/**
 * A practice of its own for one test, with an owner. Rows are laid by the administrator to keep tests quick;
 * that they can be made through the API is proven by the identity tests.
 */
export async function createTestPractice(test: TestApp): Promise<TestPractice> {
  const id = uuidv7()
  await asAdmin(test.adminUrl, async admin => {
    await admin.query('set search_path to cairn')
    await admin.query(
      `insert into practices (practice_id, name, time_zone, jurisdiction) values ($1, $2, 'America/Los_Angeles', 'US-CA')`,
      [id, `Practice ${id} (fictional)`],
    )
    await admin.query('insert into practice_directory (practice_id) values ($1)', [id])
  })
  const staff = (roles: Role[], details: StaffDetails = {}) => createStaff(test, id, roles, details)
  return { id, owner: await staff(['owner']), staff, test }
}

async function createStaff(
  test: TestApp,
  practiceId: string,
  roles: Role[],
  details: StaffDetails,
): Promise<Caller> {
  const [userId, staffId, sessionId] = [uuidv7(), uuidv7(), uuidv7()]
  const email = `${roles.join('-')}-${randomBytes(6).toString('hex')}@practice.example`
  await asAdmin(test.adminUrl, async (admin: pg.Client) => {
    await admin.query('set search_path to cairn')
    await admin.query('insert into users (id, email, email_normalized) values ($1, $2, $2)', [userId, email])
    await admin.query(
      `insert into staff_members (practice_id, id, user_id, email, email_normalized, given_name, family_name, display_name,
         roles, status, supervisor_id, cosign_required) values ($1, $2, $3, $4, $4, 'Test', $5, $6, $7, 'active', $8, $9)`,
      [
        practiceId,
        staffId,
        userId,
        email,
        roles.join(' '),
        `Test ${roles.join(' ')}`,
        roles,
        details.supervisorId ?? null,
        details.cosignRequired ?? false,
      ],
    )
    await admin.query('insert into sign_in_directory (user_id, practice_id, staff_id) values ($1, $2, $3)', [
      userId,
      practiceId,
      staffId,
    ])
    await admin.query(
      `insert into sessions (practice_id, id, user_id, staff_id, refresh_hash, idle_expires_at, absolute_expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '1 day', now() + interval '1 day')`,
      [practiceId, sessionId, userId, staffId, randomBytes(32)],
    )
  })
  const sign = () =>
    test.app.signAccessToken({
      kind: 'user',
      pid: practiceId,
      sub: userId,
      sid: sessionId,
      staff: staffId,
      roles,
      rv: 1,
      ...(details.mfa ? { mfa: Math.floor(test.house.clock.now().getTime() / 1000) } : {}),
    })
  return callerOf(test, lasting(sign), userId, staffId)
}
