import { post, type SignedInCaller } from '../../identity.ts'
import { patiently } from '../../patiently.ts'
import type { Reply } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

/** Refreshing with the token so many generations before the newest, or letting the ten seconds pass. */
export type RefreshStep = { kind: 'refresh'; back: number } | { kind: 'wait' }

/** Repeated while a busy machine asks for it: that says nothing of the rule. */
export async function refreshed(test: TestApp, refreshToken: string): Promise<Reply> {
  return patiently(() => post(test, '/v1/sessions/refresh', { refreshToken }))
}

/** The documented rule (`refresh.service.ts`), with nothing of how it is done, beside the service itself. */
export function refreshModel(test: TestApp, { refreshToken, sessionId }: SignedInCaller) {
  const tokens = [refreshToken]
  let isFresh = false
  let isOver = false

  function expect(back: number): 'successor' | 'newest' | 'refused' {
    if (isOver) return 'refused'
    if (back === 0) return 'successor'
    return back === 1 && isFresh ? 'newest' : 'refused'
  }

  async function refresh(wished: number) {
    const back = Math.min(wished, tokens.length - 1)
    const expected = expect(back)
    const { status, body } = await refreshed(test, tokens.at(-1 - back) ?? '')
    if (expected === 'refused') isOver = true
    if (expected === 'successor') {
      isFresh = true
      if (tokens.includes(body.refreshToken)) return { expected: 200, status: 'a former token' }
      tokens.push(body.refreshToken)
    }
    if (expected === 'newest' && body.refreshToken !== tokens.at(-1))
      return { expected: 200, status: 'another successor' }
    return { expected: expected === 'refused' ? 401 : 200, status }
  }

  async function wait() {
    isFresh = false
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.sessions set rotated_at = rotated_at - interval '11 seconds' where id = $1`, [
        sessionId,
      ]),
    )
    return { expected: 0, status: 0 }
  }

  return { take: (step: RefreshStep) => (step.kind === 'wait' ? wait() : refresh(step.back)) }
}
