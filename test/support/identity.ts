import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { sendMail } from '../../src/modules/identity/index.ts'
import { type Caller, callerOf, type Reply, toReply } from './practice.ts'
import type { TestApp } from './test-app.ts'

export const password = 'three herons over cold water'

export interface PostOptions {
  headers?: Record<string, string>
  remoteAddress?: string
}

/** A request without a token. */
export async function post(
  test: Pick<TestApp, 'app'>,
  url: string,
  body: unknown,
  { headers = {}, remoteAddress }: PostOptions = {},
): Promise<Reply> {
  return toReply(
    await test.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
      ...(remoteAddress ? { remoteAddress } : {}),
    }),
  )
}

/** A practice with its owner, made the way the outside makes one. */
export async function signUp(
  test: TestApp,
  email = `owner-${randomBytes(6).toString('hex')}@practice.example`,
) {
  const body = {
    name: 'Quiet Harbor Counseling (fictional)',
    timeZone: 'America/Los_Angeles',
    jurisdiction: 'US-CA',
    owner: { email, password, givenName: 'Olive', familyName: 'Example' },
  }
  const reply = await post(test, '/v1/practices', body, {
    headers: { authorization: `Bearer ${test.setupToken}` },
  })
  return { email, practiceId: String(reply.body.id), reply }
}

export interface SignedInCaller extends Caller {
  refreshToken: string
  sessionId: string
}

export async function signIn(test: TestApp, email: string, more: object = {}): Promise<SignedInCaller> {
  const { body } = await post(test, '/v1/sessions', { email, password, ...more })
  if (body.status !== 'signed_in') throw new Error(`Not signed in: ${JSON.stringify(body)}`)
  const caller = callerOf(test, body.accessToken, '', body.staffMember.id)
  return { ...caller, refreshToken: body.refreshToken, sessionId: body.session.id }
}

/** A code of the authenticator; `steps` of 30 s ahead. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
}

/** Enrolls an authenticator; the code of now is used up by it. */
export async function enroll(caller: Caller): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await caller.post('/v1/me/totp', { password })
  const confirmed = await caller.post('/v1/me/totp/confirmation', { totp: codeOf(body.secret) })
  if (confirmed.status !== 200) throw new Error(`Not enrolled: ${JSON.stringify(confirmed.body)}`)
  return { secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes }
}

/** The same person with a second factor that was just proven. */
export async function steppedUp(test: TestApp, caller: Caller): Promise<Caller> {
  const { secret } = await enroll(caller)
  const { body } = await caller.post('/v1/me/step-up', { totp: codeOf(secret, 1) })
  return callerOf(test, body.accessToken, caller.actorId, caller.staffId)
}

/** Does what the worker would: sends the practice's waiting mail. @returns what was sent to this address */
export async function deliverMail(test: TestApp, practiceId: string, to: string) {
  const waiting = await inPractice(test.house.database, systemScope(practiceId, 'test'), trx =>
    trx
      .selectFrom('mails')
      .select('id')
      .where('practice_id', '=', practiceId)
      .where('sent_at', 'is', null)
      .orderBy('id')
      .execute(),
  )
  for (const { id } of waiting) await sendMail(test.house, practiceId, id)
  return test.sentMail.filter(mail => mail.to === to)
}

/** The code in a mail. */
export const codeIn = (text: string | undefined) => /Code: (\S+)/.exec(text ?? '')?.[1] ?? ''
