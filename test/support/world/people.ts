import { randomBytes, randomInt } from 'node:crypto'
import { codeIn, deliverMail, password, post, signIn, signUp, steppedUp } from '../identity.ts'
import type { Caller } from '../practice.ts'
import type { TestApp } from '../test-app.ts'
import { type Ground, make, read } from './ground.ts'

/** Makers of accounts, staff and API clients. Each makes something fresh, through the API. */

export const someMail = (who: string) => `${who}-${randomBytes(6).toString('hex')}@practice.example`

/** A member of staff who was invited and has not accepted. */
export async function makeInvited({ callers: { owner }, practice, test }: Ground) {
  const email = someMail('invited')
  const member = await make(owner, '/v1/staff-members', {
    email,
    givenName: 'Indigo',
    familyName: 'Example',
    roles: ['clinician'],
  })
  const code = async () => codeIn((await deliverMail(test, practice.id, email)).at(-1)?.text)
  return { staffId: String(member.id), email, code }
}

export async function makeDisabled(ground: Ground) {
  const { staffId } = await makeInvited(ground)
  const url = `/v1/staff-members/${staffId}`
  const { version } = await read(ground.callers.owner, url)
  await make(ground.callers.owner, `${url}/disablement`, undefined, { ifMatch: version })
  return staffId
}

export async function makeCredential({ callers: { owner }, number }: Ground, staffId: string) {
  const credential = await make(owner, `/v1/staff-members/${staffId}/credentials`, {
    code: `SEP${number()}`,
    issuer: 'Example Institute (fictional)',
    status: 'held',
  })
  return String(credential.id)
}

export async function makeLicense({ callers: { owner }, number }: Ground, staffId: string) {
  const license = await make(owner, `/v1/staff-members/${staffId}/licenses`, {
    profession: 'Marriage and family therapist',
    state: 'CA',
    licenseType: 'LMFT',
    number: `9${number()}`,
    status: 'active',
    issuedOn: '2025-01-01',
    expiresOn: '2099-12-31',
    source: 'A fictional register',
    verifiedAt: '2026-01-02T17:00:00.000Z',
  })
  return String(license.id)
}

export async function makeApiClient({ callers: { owner } }: Ground) {
  const client = await make(owner, '/v1/api-clients', {
    name: 'Follower (fictional)',
    scopes: ['clients:read', 'events:read'],
  })
  return { id: String(client.id), clientId: String(client.clientId), secret: String(client.clientSecret) }
}

/** An owner with a password, in a practice of their own: what is done to an account touches nobody else. */
export async function makePerson(test: TestApp) {
  const { email, practiceId } = await signUp(test)
  return { email, practiceId, password, signIn: () => signIn(test, email) }
}

/** The same with a second factor that was just proven. */
export async function makeProvenPerson(test: TestApp): Promise<Caller> {
  const person = await makePerson(test)
  return steppedUp(test, await person.signIn())
}

/** The setup token of somebody whose practice requires a second factor that they do not have yet. */
export async function makeSetupToken(test: TestApp): Promise<string> {
  const person = await makePerson(test)
  const caller = await person.signIn()
  const { version } = await read(caller, '/v1/practice')
  const body = { policies: { mfaRequired: true } }
  await make(caller, '/v1/practice', body, { method: 'patch', ifMatch: version })
  const refused = await post(test, '/v1/sessions', { email: person.email, password })
  return String(refused.body.setupToken)
}

/** The secret of an authenticator app that is set up before sign-in. */
export async function startSetup(test: TestApp, setupToken: string): Promise<{ secret: string }> {
  return (await post(test, '/v1/totp-enrollments', { setupToken })).body
}

/** Where nobody asked from before: an address may ask for so many resets. */
const anotherAddress = () => `10.${[1, 2, 3].map(() => randomInt(256)).join('.')}`

/** The code in the mail of a password reset. */
export async function makeResetCode(test: TestApp): Promise<string> {
  const { email, practiceId } = await makePerson(test)
  await post(test, '/v1/password-resets', { email }, { remoteAddress: anotherAddress() })
  return codeIn((await deliverMail(test, practiceId, email)).at(-1)?.text)
}
