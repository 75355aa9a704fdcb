import {
  codeIn,
  codeOf,
  deliverMail,
  enroll,
  password,
  post,
  type SignedInCaller,
  signIn,
  signUp,
} from '../../identity.ts'
import { type Caller, callerOf, toReply } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { makeClient } from '../../world/care.ts'
import { type Ground, make, read } from '../../world/ground.ts'
import { makeApiClient } from '../../world/people.ts'

/** Tries something that needs access. @returns the status */
type Use = () => Promise<number>

interface Revocation {
  end(): Promise<unknown>
  /** What must be refused afterwards. */
  ended: Use[]
  /** What must not. */
  lasting: Use[]
}

const newPassword = 'seven gulls on a gray roof'

/** Every way in which access ends. A step that fails throws. */
export const revocations: Readonly<Record<string, (ground: Ground) => Promise<Revocation>>> = {
  'sign-out': async ({ test }) => {
    const [gone, stays] = await twoSessions(test)
    return { end: () => gone.delete('/v1/sessions/current'), ended: allOf(test, gone), lasting: reads(stays) }
  },
  'a session ended from elsewhere': async ({ test }) => {
    const [lost, here] = await twoSessions(test)
    const end = () => here.delete(`/v1/sessions/${lost.sessionId}`)
    return { end, ended: allOf(test, lost), lasting: reads(here) }
  },
  'a disabled member of staff': async ground => {
    const { owner } = ground.callers
    const person = await ground.practice.staff(['clinician'])
    const url = `/v1/staff-members/${person.staffId}`
    const end = async () =>
      make(owner, `${url}/disablement`, undefined, { ifMatch: (await read(owner, url)).version })
    return { end, ended: reads(person), lasting: reads(owner) }
  },
  'other roles': async ground => {
    const { owner } = ground.callers
    const person = await ground.practice.staff(['admin'])
    const url = `/v1/staff-members/${person.staffId}`
    const end = async () =>
      make(
        owner,
        `${url}/roles`,
        { roles: ['biller'] },
        { method: 'put', ifMatch: (await read(owner, url)).version },
      )
    return { end, ended: [...reads(person), writes(person)], lasting: [...reads(owner), writes(owner)] }
  },
  'a changed password': async ({ test }) => {
    const [other, here] = await twoSessions(test)
    const end = () => make(here, '/v1/me/password', { currentPassword: password, newPassword })
    return { end, ended: allOf(test, other), lasting: reads(here) }
  },
  'a password reset': async ({ test }) => {
    const { email, practiceId } = await signUp(test)
    const person = await signIn(test, email)
    await post(test, '/v1/password-resets', { email })
    const token = codeIn((await deliverMail(test, practiceId, email)).at(-1)?.text)
    const end = () => post(test, '/v1/password-resets/completion', { token, password: newPassword })
    return { end, ended: allOf(test, person), lasting: [] }
  },
  'a first second factor': async ({ test }) => {
    const [other, here] = await twoSessions(test)
    return { end: () => enroll(here), ended: allOf(test, other), lasting: reads(here) }
  },
  'a second factor replaced': async ({ test }) => {
    const { here, other, proven } = await provenOf(test)
    const end = async () => {
      const { secret } = await make(proven, '/v1/me/totp', { password })
      await make(proven, '/v1/me/totp/confirmation', { totp: codeOf(secret) })
    }
    return { end, ended: allOf(test, other), lasting: reads(here) }
  },
  'a second factor removed': async ({ test }) => {
    const { here, other, proven } = await provenOf(test)
    return { end: () => proven.delete('/v1/me/totp'), ended: allOf(test, other), lasting: reads(here) }
  },
  'an API client revoked': async ground => {
    const { caller, id, token } = await integrationOf(ground)
    const end = () => ground.callers.owner.delete(`/v1/api-clients/${id}`, { ifMatch: 1 })
    return { end, ended: [...reads(caller, '/v1/me'), token], lasting: [] }
  },
  'an API client with fewer scopes': async ground => {
    const { caller, id } = await integrationOf(ground)
    const { owner } = ground.callers
    const end = async () => {
      const { version } = await read(owner, `/v1/api-clients/${id}`)
      await make(
        owner,
        `/v1/api-clients/${id}`,
        { scopes: ['events:read'] },
        { method: 'patch', ifMatch: version },
      )
    }
    return { end, ended: reads(caller, '/v1/me'), lasting: [] }
  },
  'a portal token ended by its front-end': async ground => {
    const { one, id, other } = await portalOf(ground)
    const end = () => ground.callers.integration.delete(`/v1/portal-tokens/${id}`)
    return { end, ended: greetsAt(one), lasting: greetsAt(other) }
  },
  'all portal tokens of a client ended by the practice': async ground => {
    const { one, other, clientId } = await portalOf(ground)
    const end = () => ground.callers.owner.delete(`/v1/clients/${clientId}/portal-tokens`)
    const ended = [...greetsAt(one), ...greetsAt(other)]
    return { end, ended, lasting: greetsAt(ground.callers.portal) }
  },
  'an API client with a new secret': async ground => {
    const { id, token } = await integrationOf(ground)
    const { owner } = ground.callers
    const end = async () => {
      const { version } = await read(owner, `/v1/api-clients/${id}`)
      await make(owner, `/v1/api-clients/${id}/secret`, undefined, { ifMatch: version })
    }
    return { end, ended: [token], lasting: [] }
  },
}

async function twoSessions(test: TestApp): Promise<[SignedInCaller, SignedInCaller]> {
  const { email } = await signUp(test)
  return [await signIn(test, email), await signIn(test, email)]
}

/** Somebody with a second factor, who signed in twice with it. */
async function provenOf(test: TestApp) {
  const { email } = await signUp(test)
  const { recoveryCodes } = await enroll(await signIn(test, email))
  const signedIn = (code: number) => signIn(test, email, { recoveryCode: recoveryCodes[code] })
  const [here, other] = [await signedIn(0), await signedIn(1)]
  const { accessToken } = await make(here, '/v1/me/step-up', { recoveryCode: recoveryCodes[2] })
  return { here, other, proven: callerOf(test, accessToken, '', '') }
}

/** Two portal tokens of one client. */
async function portalOf(ground: Ground) {
  const clientId = (await makeClient(ground)).id
  const get = () => make(ground.callers.integration, '/v1/portal-tokens', { clientId })
  const [first, second] = [await get(), await get()]
  const callerWith = ({ accessToken }: { accessToken: string }) =>
    callerOf(ground.test, accessToken, clientId, '')
  return { clientId, id: String(first.id), one: callerWith(first), other: callerWith(second) }
}

async function integrationOf(ground: Ground) {
  const { id, clientId, secret } = await makeApiClient(ground)
  const ask = async () =>
    toReply(
      await ground.test.app.inject({
        method: 'POST',
        url: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: secret,
        }).toString(),
      }),
    )
  const { body } = await ask()
  const token: Use = async () => (await ask()).status
  return { id, token, caller: callerOf(ground.test, body.access_token, id, '') }
}

const reads = (caller: Caller, ...more: string[]): Use[] =>
  ['/v1/me', ...more].map(url => async () => (await caller.get(url)).status)

const greetsAt = (portal: Caller): Use[] => [async () => (await portal.get('/v1/portal/me')).status]

const writes =
  (caller: Caller): Use =>
  async () =>
    (await caller.post('/v1/locations', { name: `Place ${Math.random()}`, timeZone: 'UTC' })).status

/** Reads, writes and refreshes; the refresh last, because it changes the session. */
function allOf(test: TestApp, person: SignedInCaller): Use[] {
  let newest = person.refreshToken
  const refresh = async () => {
    const { status, body } = await post(test, '/v1/sessions/refresh', { refreshToken: newest })
    if (status === 200) newest = body.refreshToken
    return status
  }
  return [...reads(person, '/v1/practice'), writes(person), refresh]
}
